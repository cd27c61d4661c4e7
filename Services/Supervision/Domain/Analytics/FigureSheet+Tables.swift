// The three tables: their columns, and how a figure becomes a row.
import Classification
import Foundation
import Identifiers

extension FigureSheet {
  public init(_ figures: [IntervalFigure], _ places: PlaceMap) {
    self.init(
      header: [
        "指标 measure", "来源 origin", "机构编码 org_code", "机构 org_unit", "日期 day", "小时 hour",
        "目标秒 target_s", "总数 total", "计入 measured", "达标 within", "达标率 within_share",
        "中位秒 p50_s", "九成秒 p90_s", "除外 excluded",
      ] + ExclusionReason.allCases.map { "\($0.term) \($0.rawValue)" },
      rows: figures.map { figure in
        let key = figure.key
        let start: [Cell] = [
          .text("\(key.measure.term) \(key.measure.rawValue)"), .text(key.origin.term),
          .text(places.code(of: key.station)), .text(places.name(of: key.station)),
          .text(key.day), .text(key.hour.map(String.init) ?? ""),
          .text(key.target.map(String.init) ?? ""),
        ]
        let counts: [Cell] = [
          .count(figure.total), .count(figure.measured), .count(figure.within),
          .share(figure.share), .seconds(figure.percentile(50)), .seconds(figure.percentile(90)),
          .count(figure.excluded),
        ]
        return start + counts
          + ExclusionReason.allCases.map { .count(figure.exclusions[$0] ?? 0) }
      })
  }

  public init(_ figures: [UtilisationFigure], _ places: PlaceMap) {
    self.init(
      header: [
        "机构编码 org_code", "机构 org_unit", "警力类型 unit_kind", "小时 hour", "来源 origin",
        "单元数 units", "在岗秒 on_duty_s", "占用秒 committed_s", "占用率 committed_share",
        "除外派警 excluded", "不显示 withheld",
      ],
      rows: figures.map { figure in
        let key = figure.key
        let start: [Cell] = [
          .text(places.code(of: key.station)), .text(places.name(of: key.station)),
          .text(key.kind), .count(key.hour), .text(key.origin.term), .count(figure.unitCount),
        ]
        let seconds: [Cell] =
          figure.isWithheld
          ? [.seconds(nil), .seconds(nil)]
          : [.seconds(figure.onDutySeconds), .seconds(figure.committedSeconds)]
        return start + seconds
          + [.share(figure.share), .count(figure.excluded), .count(figure.isWithheld ? 1 : 0)]
      })
  }

  public init(_ lines: [BulletinLine], _ places: PlaceMap) {
    let counts = [
      "30 秒签收 signed_30s", "30 分钟签收 signed_30min", "5 分钟出警 departed_5min",
      "按时 on_time", "满意 satisfied",
    ]
    self.init(
      header: ["机构编码 org_code", "机构 org_unit", "来源 origin"]
        + counts.flatMap { ["\($0)_total", "\($0)_excluded", "\($0)_within", "\($0)_share"] }
        + [
          "反馈 feedback_total", "反馈除外 feedback_excluded", "≤30 分 feedback_30min",
          "30–60 分 feedback_60min", "60–240 分 feedback_240min", ">240 分 feedback_later",
        ],
      rows: lines.map { line in
        let start: [Cell] = [
          .text(places.code(of: line.key.station)), .text(places.name(of: line.key.station)),
          .text(line.key.origin?.term ?? "不属警情 no incident"),
        ]
        let counted = [line.signedSoon, line.signed, line.departed, line.onTime, line.satisfied]
        return start
          + counted.flatMap { count -> [Cell] in
            [
              .count(count.total), .count(count.excluded), .count(count.within),
              .share(count.share),
            ]
          }
          + [.count(line.feedback.total), .count(line.feedback.excluded)]
          + line.feedback.counts.map(Cell.count)
      })
  }
}

extension IncidentOrigin {
  fileprivate var term: String {
    switch self {
    case .citizenReported: "群众报警 citizen_reported"
    case .officerDiscovered: "民警发现 officer_discovered"
    }
  }
}

extension IntervalMeasure {
  /// On the screen.
  var term: String {
    switch self {
    case .answer: "接听"
    case .processing: "处警"
    case .sign: "签收"
    case .departure: "出警"
    case .arrival: "到场"
    case .onScene: "现场"
    case .queue: "排队"
    case .response: "全程"
    }
  }
}

extension ExclusionReason {
  /// On the screen.
  var term: String {
    switch self {
    case .noTime: "未记录时间"
    case .contradictory: "时间矛盾"
    case .merged: "已合并"
    case .cancelled: "已取消"
    case .outOfArea: "辖区外"
    case .open: "未结束"
    case .notDispatched: "未派警"
    case .notByVoice: "非语音"
    }
  }
}
