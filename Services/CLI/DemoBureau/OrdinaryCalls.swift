// The many calls of an ordinary day, drawn from templates along a day's usual curve.
import Classification
import Geography

struct OrdinaryCalls {
  private let bureau: Bureau
  private var generator: SeededGenerator
  private var recentPhones: [String] = []

  /// Calls an hour, relative: a low at four, a first peak at rush hour, the height after supper.
  private static let curve: [Double] = [
    0.5, 0.35, 0.28, 0.2, 0.2, 0.3, 0.6, 1.1, 1.4, 1.3, 1.3, 1.2,
    1.1, 1.0, 1.2, 1.2, 1.3, 1.6, 1.7, 1.7, 1.6, 1.4, 1.1, 0.7,
  ]
  private static let classCounts: [(IncidentClass, Int)] = [
    (.traffic, 48), (.help, 50), (.dispute, 42), (.publicOrder, 22), (.criminal, 14),
    (.disaster, 5), (.other, 9), (.complaint, 4), (.massEvent, 1),
  ]

  /// - Parameter part: of which day; days of different parts have nothing to do with each other.
  init(bureau: Bureau, part: String = "calls") {
    self.bureau = bureau
    generator = SeededGenerator(seed: bureau.seed, part: part)
  }

  mutating func all() -> [CallDraft] {
    var drafts: [CallDraft] = []
    for (incidentClass, count) in Self.classCounts {
      for _ in 0..<count {
        drafts.append(incident(incidentClass))
        drafts[drafts.count - 1].id = "o\(drafts.count)"
      }
    }
    drafts += secondCallers(of: drafts)
    drafts += withoutIncident()
    return drafts
  }

  // MARK: - Calls that open an incident

  private mutating func incident(_ incidentClass: IncidentClass) -> CallDraft {
    let templates = CallTemplate.all(of: incidentClass)
    let template = templates[generator.index(weights: templates.map(\.weight))]
    let second = second(of: incidentClass)
    let channel = channel()
    let place = place(template.sites)
    // What patrols find themselves is told over their terminal.
    let isDiscovered =
      [.traffic, .publicOrder].contains(incidentClass) && generator.chance(0.18)
    let spot = spot(place, channel: isDiscovered ? .app : channel)
    let plan = IncidentPlan(
      incidentClass: incidentClass, level: template.level, title: "\(place.name)\(template.title)",
      handling: handling(of: template, incidentClass, at: spot),
      paces: (0..<2).map { _ in
        pace(minutes: template.minutes, isAtHand: bureau.isKeyPlace(spot.point))
      }, review: review(template),
      isClassedAtOnce: generator.chance(0.7))
    return CallDraft(
      receiveSecond: second, channel: isDiscovered ? .app : channel,
      origin: isDiscovered ? .officerDiscovered : .citizenReported,
      phone: isDiscovered || channel == .walkIn ? "" : phone(),
      spot: spot,
      narrative: isDiscovered
        ? "巡逻发现：\(place.name)，\(template.title)。" : fill(generator.pick(template.says), place.name),
      ending: .opens(plan))
  }

  private mutating func handling(
    of template: CallTemplate, _ incidentClass: IncidentClass, at spot: Spot
  ) -> Handling {
    // At a key place whoever stands there goes, on foot if need be.
    let isOnFoot = template.capabilities == ["vehicle"] && bureau.isKeyPlace(spot.point)
    let capabilities =
      isOnFoot || template.capabilities.isEmpty ? ["patrol"] : template.capabilities
    switch incidentClass {
    case .complaint:
      return .monitor(reason: "交督察核查，不派警", seconds: generator.integer(5_400...9_000))
    case .dispute where template.code == "dispute.labour" && generator.chance(0.7):
      return .divert(to: "区劳动监察大队", isAccepted: true)
    case .publicOrder where template.code == "order.noise" && generator.chance(0.25):
      return .divert(to: "综合行政执法局", isAccepted: true)
    case .other where template.code == "other.dog" && generator.chance(0.5):
      return .divert(to: "综合行政执法局犬管中队", isAccepted: true)
    case .help where template.code == "help.lost" && generator.chance(0.2):
      return .cancel(reason: "报警人回电称物品已找到，撤回求助")
    case .massEvent:
      return .units(count: 2, capabilities: capabilities)
    default:
      return .units(
        count: template.level <= .level3 && generator.chance(0.5) ? 2 : 1,
        capabilities: capabilities)
    }
  }

  /// - Parameter isAtHand: whether someone stands there already, as at a key place.
  private mutating func pace(minutes: ClosedRange<Int>, isAtHand: Bool) -> UnitPace {
    UnitPace(
      signSeconds: generator.chance(0.03)
        ? generator.integer(33...70) : generator.integer(isAtHand ? 3...9 : 4...22),
      turnoutSeconds: generator.integer(isAtHand ? 1...6 : 5...30),
      slowness: generator.chance(0.06)
        ? generator.number(1.6...2.4) : generator.number(0.75...1.25),
      workSeconds: generator.integer(minutes.lowerBound * 60...minutes.upperBound * 60))
  }

  private mutating func review(_ template: CallTemplate) -> ReviewPace {
    ReviewPace(
      feedbackSeconds: generator.chance(0.04)
        ? generator.integer(1_900...2_700) : generator.integer(180...1_300),
      closeSeconds: generator.integer(120...900), disposalCode: template.code,
      feedback: fill(generator.pick(template.did), ""))
  }

  // MARK: - Calls that add to one

  private mutating func secondCallers(of drafts: [CallDraft]) -> [CallDraft] {
    let candidates = drafts.filter { draft in
      guard case .opens(let plan) = draft.ending, case .units = plan.handling else { return false }
      // What happens in the open, others see, too.
      return draft.origin == .citizenReported && plan.level <= .level3
        && [.traffic, .publicOrder, .disaster].contains(plan.incidentClass)
    }
    return candidates.shuffled(using: &generator).prefix(14).map { first in
      var second = first
      second.receiveSecond += generator.integer(60...170)
      second.channel = .phone
      second.phone = phone()
      second.narrative = "我也看到了，" + first.narrative
      second.spot = Spot(
        point: first.spot.point.offset(
          northMetres: generator.number(-50...50), eastMetres: generator.number(-50...50)),
        datum: .wgs84, address: first.spot.address, description: "", uncertaintyMetres: 100)
      second.ending = .attaches(to: first.id)
      second.id = "\(first.id)+"
      return second
    }
  }

  private mutating func withoutIncident() -> [CallDraft] {
    let endings: [(count: Int, ending: CallEnding, says: String)] = [
      (9, .advised("已告知办理材料与窗口时间"), "想问一下身份证到期了怎么补办。"),
      (8, .advised("属民事借贷，已告知诉讼与调解途径"), "朋友欠钱不还，能不能帮我要回来？"),
      (5, .advised("已告知查询电话"), "我的车被拖走了，不知道拖到哪里去了。"),
      (7, .diverted("转 12345：市政设施"), "路灯坏了好几天了，晚上很黑。"),
      (6, .diverted("转 120：急救，已三方通话"), "家里老人头晕，要救护车。"),
      (4, .hoax("回拨核实为儿童谎报，已教育监护人"), "这里有炸弹，哈哈哈。"),
      (14, .accidental, ""), (12, .abandoned, ""),
    ]
    return endings.flatMap { count, ending, says in
      (0..<count).map { _ in
        let place = place([.estate, .village, .office])
        return CallDraft(
          receiveSecond: second(of: ending.isQuestion ? .complaint : .other), channel: .phone,
          origin: .citizenReported,
          phone: phone(), spot: spot(place, channel: .phone), narrative: says, ending: ending)
      }
    }
  }

  // MARK: - Draws

  /// Calls end well before midnight, so that the day's work is done soon after it.
  private mutating func second(of incidentClass: IncidentClass) -> Int {
    let weights = Self.curve.enumerated().map { hour, weight in
      switch incidentClass {
      case .traffic: [7, 8, 17, 18].contains(hour) ? weight * 2 : hour < 6 ? weight * 0.4 : weight
      case .publicOrder: hour >= 20 || hour < 3 ? weight * 2.2 : weight * 0.6
      case .dispute, .help: hour < 6 ? weight * 0.5 : weight
      case .complaint, .massEvent: (9...17).contains(hour) ? weight : 0
      default: weight
      }
    }
    let hour = generator.index(weights: weights)
    return hour * 3600 + generator.integer(0...(hour == 23 ? 2_700 : 3_599))
  }

  private mutating func channel() -> DemoChannel {
    let channels: [(DemoChannel, Double)] = [
      (.phone, 73), (.app, 11), (.sms, 6), (.walkIn, 5), (.partner, 5),
    ]
    return channels[generator.index(weights: channels.map(\.1))].0
  }

  /// Nobody has such a number: mobile numbers do not begin with 12. One in twelve calls again.
  mutating func phone() -> String {
    if !recentPhones.isEmpty, generator.chance(1.0 / 12) { return generator.pick(recentPhones) }
    let phone = "12\(generator.integer(6...9))\(generator.integer(10_000_000...99_999_999))"
    recentPhones.append(phone)
    return phone
  }

  private mutating func place(_ sites: [LandmarkKind]) -> Landmark {
    let landmarks = (bureau.places + bureau.villages).filter { sites.contains($0.kind) }
    // Key places are where people are.
    let key = bureau.keyPlaces.map { bureau.places[$0.place] }.filter { sites.contains($0.kind) }
    if !key.isEmpty, generator.chance(0.3) { return generator.pick(key) }
    if !landmarks.isEmpty { return generator.pick(landmarks) }
    while true {
      let road = generator.pick(bureau.roads)
      let share = 0.5 + (generator.number(-1...1) + generator.number(-1...1)) * 0.22
      let plot = road.plot(share: share, aside: 4)
      let point = plot.point.coordinate
      // A road's bend may lead over the border: draw again.
      guard let beat = bureau.beat(at: point) else { continue }
      return Landmark(
        kind: .standbyPoint, name: plot.address, address: plot.address, point: point, beat: beat)
    }
  }

  /// Apps give the phone's point as map providers shift it; callers name an address.
  private mutating func spot(_ place: Landmark, channel: DemoChannel) -> Spot {
    let near = place.point.offset(
      northMetres: generator.number(-60...60), eastMetres: generator.number(-60...60))
    return Spot(
      // Beside the border a step may lead out of the bureau.
      point: bureau.beat(at: near) == nil ? place.point : near,
      datum: channel == .app ? .gcj02 : .wgs84,
      address: place.name == place.address ? place.name : "\(place.address)（\(place.name)）",
      description: "",
      uncertaintyMetres: channel == .app ? 15 : 80)
  }

  private mutating func fill(_ text: String, _ place: String) -> String {
    text.replacing("{地}", with: place)
      .replacing("{数}", with: String(generator.integer(2...9)))
      .replacing("{姓}", with: String(generator.pick(NamePool.surnames)))
  }
}

/// A call before the day's calls are numbered.
struct CallDraft {
  var id = ""
  var receiveSecond: Int
  var ringSeconds: Int?
  var channel: DemoChannel
  var origin: IncidentOrigin
  var phone: String
  var spot: Spot
  var narrative: String
  var source = ""
  var ending: CallEnding
}

extension CallEnding {
  /// Questions are asked by day.
  fileprivate var isQuestion: Bool {
    if case .advised = self { true } else { false }
  }
}
