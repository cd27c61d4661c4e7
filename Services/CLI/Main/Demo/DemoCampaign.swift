// The demo's list: low-lying sites before the rain, each with its keeper. Names and numbers are invented.
import DemoBureau
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

enum DemoCampaign {
  static func content(dueTime: Date) -> Quintet_Command_V1_CampaignContent {
    .with {
      $0.name = "汛期低洼点位排查"
      $0.basis = "防汛应急预案"
      $0.columns = [
        column("no", "编号", key: true, required: true), column("site", "点位", required: true),
        column("keeper", "责任人姓名", .personName), column("tel", "责任人电话", .phone),
        column("lat", "纬度", .latitude), column("lon", "经度", .longitude),
      ]
      $0.form.fields = [
        .with {
          $0.code = "state"
          $0.label = "现场情况"
          $0.kind = .chooseOne
          $0.required = true
          $0.options = [("fine", "正常"), ("water", "积水"), ("blocked", "排水不畅")].map {
            code, label in
            .with {
              $0.code = code
              $0.label = label
            }
          }
        },
        .with {
          $0.code = "depth"
          $0.label = "积水深度（厘米）"
          $0.kind = .number
          $0.minNumber = 0
          $0.maxNumber = 500
        },
      ]
      $0.dueTime = dueTime.timestamp
      $0.directiveClass = .general
    }
  }

  private static func column(
    _ code: String, _ label: String, _ use: Quintet_Command_V1_CampaignColumnUse = .unspecified,
    key: Bool = false, required: Bool = false
  ) -> Quintet_Command_V1_CampaignColumn {
    .with {
      $0.field.code = code
      $0.field.label = label
      $0.field.kind = use == .latitude || use == .longitude ? .number : .text
      $0.field.required = required
      $0.use = use
      $0.key = key
    }
  }

  static func header(for campaign: String) -> Quintet_Command_V1_CampaignImportHeader {
    .with {
      $0.requestID = "demo/campaign/rows"
      $0.campaignID = campaign
      $0.fileDigest = FileDigest.sha256(Array("demo".utf8))
      $0.columns = ["编号", "点位", "责任人姓名", "责任人电话", "纬度", "经度"]
      $0.datum = .wgs84
    }
  }

  /// Two of them are no good: a number that is none, and one in a column where it has no place.
  static func rows(of bureau: Bureau, count: Int) -> [Quintet_Command_V1_CampaignImportRow] {
    (1...count + 2).map { number in
      let beat = bureau.beats[number % bureau.beats.count]
      let corners = beat.area.corners
      let middle = { (part: (Int) -> Double) in
        corners.indices.reduce(0) { $0 + part($1) } / Double(corners.count)
      }
      var values = [
        "D\(String(format: "%04d", number))", "\(beat.name)低洼点 \(number)", "王小明",
        "139\(String(format: "%08d", number * 7_919))",
        String(format: "%.6f", middle { corners[$0].latitude }),
        String(format: "%.6f", middle { corners[$0].longitude }),
      ]
      if number == 100 { values[3] = "无" }
      if number == 200 { values[1] += "（13900000000）" }
      return .with {
        $0.number = Int32(number)
        $0.values = values
      }
    }
  }

  /// By area first; what lies on nobody's ground goes to whoever has least.
  static func splits(
    among stations: [String]
  ) -> [(name: String, method: Quintet_Command_V1_SplitCampaignRequest.OneOf_Method)] {
    [("area", .area(.init())), ("rest", .evenly(.with { $0.orgUnitIds = stations }))]
  }

  static func answers(for position: Int) -> [Quintet_Type_V1_FormAnswer] {
    let state = position % 11 == 0 ? "water" : position % 7 == 0 ? "blocked" : "fine"
    var answers = [Quintet_Type_V1_FormAnswer()]
    answers[0].fieldCode = "state"
    answers[0].choices.codes = [state]
    if state == "water" {
      var depth = Quintet_Type_V1_FormAnswer()
      depth.fieldCode = "depth"
      depth.number = Double(position % 40 + 5)
      answers.append(depth)
    }
    return answers
  }
}
