// 专班 on the demo's day: the list comes in, is split, handed out, checked by the stations and closed.
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  func makeList() async throws {
    let content = DemoCampaign.content(dueTime: Date().addingTimeInterval(3 * 86_400))
    let rows = DemoCampaign.rows(of: bureau, count: DemoWide.rowCount)
    let created = try await suite.ask("CreateCampaign") { suite in
      try await suite.campaigns.createCampaign(
        .with {
          $0.requestID = "demo/campaign"
          $0.content = content
        }, metadata: DemoActor.shiftLeader, options: .item
      ).campaign.id
    }
    wide.campaign = created
    let progress = try await suite.ask("ImportCampaignRows") { suite in
      try await suite.campaignRows.importCampaignRows(
        metadata: DemoActor.shiftLeader, options: .item
      ) { writer in
        try await writer.write(.with { $0.header = DemoCampaign.header(for: created) })
        try await writer.write(.with { $0.batch.rows = rows })
      }.progress
    }
    for (name, method) in DemoCampaign.splits(among: fleet.stationIDs) {
      let request = Quintet_Command_V1_SplitCampaignRequest.with {
        $0.requestID = "demo/campaign/\(name)"
        $0.campaignID = created
        $0.method = method
      }
      _ = try await suite.ask("SplitCampaign") { suite in
        try await suite.campaigns.splitCampaign(
          request, metadata: DemoActor.shiftLeader, options: .item)
      }
    }
    narrator.line(
      now,
      "▦ 专班 campaign「\(content.name)」：录入 rows \(progress.storedCount)，"
        + "隔离 set aside \(progress.quarantinedCount)")
  }

  func handOut() async throws {
    let request = Quintet_Command_V1_HandOutPartsRequest.with {
      $0.requestID = "demo/campaign/hand-out"
      $0.campaignID = wide.campaign
      $0.occurTime = time.timestamp
    }
    let parts = try await suite.ask("HandOutParts") { suite in
      try await suite.campaigns.handOutParts(
        request, metadata: DemoActor.shiftLeader, options: .item
      ).parts
    }
    for (index, part) in parts.enumerated() {
      wide.orders.append(
        .init(station: part.orgUnitID, name: part.orgUnitName, directive: part.directiveID))
      plan(.wide(.order(index, .deliver)), in: 5)
      plan(.wide(.order(index, .sign)), in: 300 + 20 * index)
      plan(.wide(.order(index, .start)), in: 1_800)
      plan(.wide(.order(index, .feedBack)), in: 7_200 + 900 * index)
    }
    narrator.line(now, "▦ 专班下发 handed out：\(parts.count) 个派出所 stations")
  }

  func follow(_ index: Int, _ step: DemoCourseStep) async throws {
    let order = wide.orders[index]
    let station = bureau.stations.indices.first { fleet.stationIDs[$0] == order.station } ?? 0
    let actor = DemoActor.recipient(bureau.stations[station].code)
    func filled<Request: DemoCourseFields>() -> Request {
      var request = Request()
      request.requestID = "demo/campaign/\(index)/\(step)"
      request.directiveID = order.directive
      request.recipient.kind = .station
      request.recipient.id = order.station
      request.occurTime = time.timestamp
      return request
    }
    switch step {
    case .deliver:
      let request: Quintet_Command_V1_ConfirmDeliveryRequest = filled()
      _ = try await suite.ask("ConfirmDelivery") { suite in
        try await suite.directives.confirmDelivery(request, metadata: actor, options: .item)
      }
    case .sign:
      let request: Quintet_Command_V1_AcknowledgeDirectiveRequest = filled()
      _ = try await suite.ask("AcknowledgeDirective") { suite in
        try await suite.directives.acknowledgeDirective(request, metadata: actor, options: .item)
      }
    case .start:
      let request: Quintet_Command_V1_StartDirectiveRequest = filled()
      _ = try await suite.ask("StartDirective") { suite in
        try await suite.directives.startDirective(request, metadata: actor, options: .item)
      }
    case .feedBack:
      let count = try await checkRows(of: order, actor)
      var request: Quintet_Command_V1_SubmitDirectiveFeedbackRequest = filled()
      request.text = "本所 \(count) 处点位已全部现场核查，结果已逐条录入专班名单"
      _ = try await suite.ask("SubmitDirectiveFeedback") { [request] suite in
        try await suite.directives.submitDirectiveFeedback(request, metadata: actor, options: .item)
      }
      plan(.wide(.order(index, .accept)), in: 240)
    case .accept:
      let request: Quintet_Command_V1_AcceptDirectiveFeedbackRequest = filled()
      _ = try await suite.ask("AcceptDirectiveFeedback") { suite in
        try await suite.directives.acceptDirectiveFeedback(
          request, metadata: DemoActor.shiftLeader, options: .item)
      }
    case .handOver: break
    }
  }

  /// - Returns: how many rows the station had.
  private func checkRows(of order: DemoWide.Order, _ actor: Metadata) async throws -> Int {
    let campaign = wide.campaign
    return try await suite.ask("CheckCampaignRow") { suite in
      let rows = try await suite.campaignRows.listCampaignRows(
        .with {
          $0.campaignID = campaign
          $0.orgUnitID = order.station
          $0.pageSize = 500
        }, options: .item
      ).rows
      for row in rows {
        _ = try await suite.campaignRows.checkCampaignRow(
          .with {
            $0.requestID = "demo/campaign/row/\(row.position)"
            $0.campaignID = campaign
            $0.key = row.key
            $0.answers = DemoCampaign.answers(for: Int(row.position))
          }, metadata: actor, options: .item)
      }
      return rows.count
    }
  }

  func closeCampaign() async throws {
    let campaign = wide.campaign
    let counts = try await suite.ask("CloseCampaign") { suite in
      try await suite.campaigns.closeCampaign(
        .with {
          $0.requestID = "demo/campaign/close"
          $0.campaignID = campaign
        }, metadata: DemoActor.shiftLeader, options: .item
      ).campaign.counts
    }
    narrator.line(now, "▦ 专班办结 campaign closed：完成 done \(counts.done)/\(counts.total)")
  }
}

/// Requests that move a course have these.
private protocol DemoCourseFields: SwiftProtobuf.Message {
  var requestID: String { get set }
  var directiveID: String { get set }
  var recipient: Quintet_Command_V1_Recipient { get set }
  var occurTime: Google_Protobuf_Timestamp { get set }
}

extension Quintet_Command_V1_ConfirmDeliveryRequest: DemoCourseFields {}
extension Quintet_Command_V1_AcknowledgeDirectiveRequest: DemoCourseFields {}
extension Quintet_Command_V1_StartDirectiveRequest: DemoCourseFields {}
extension Quintet_Command_V1_SubmitDirectiveFeedbackRequest: DemoCourseFields {}
extension Quintet_Command_V1_AcceptDirectiveFeedbackRequest: DemoCourseFields {}
