// 09:00 部署: the leader of a post is shown a suggestion, changes one post and accepts; in the evening it is
// compared with what happened. And coverage, kept for every hour of the day.
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

enum DemoDeployment {
  static let suggestSecond: Double = 9 * 3600
  private static let hours = 12
  /// After its end, when the last of its calls have been answered.
  static let compareSecond: Double = suggestSecond + Double(hours) * 3600 + 1800

  static func request(_ post: String, date: String, at time: Date)
    -> Quintet_Duty_V1_SuggestDeploymentRequest
  {
    .with {
      $0.requestID = "demo/deployment/suggest"
      $0.orgUnitID = post
      $0.date = date
      $0.startHour = Int32(suggestSecond / 3600)
      $0.hourCount = Int32(hours)
      $0.asOfTime = time.timestamp
    }
  }
}

extension DemoPlayer {
  /// Whose leader it is: the first station of the centre.
  private var postIndex: Int { bureau.stations.firstIndex(where: \.isCentre) ?? 0 }
  private var leader: Metadata { DemoActor.recipient(bureau.stations[postIndex].code) }

  func deploy() async throws {
    let request = DemoDeployment.request(
      fleet.stationIDs[postIndex], date: narrator.day, at: time)
    let leader = leader
    let made = try await suite.ask("SuggestDeployment") { suite in
      try await suite.deployments.suggestDeployment(
        request, metadata: leader, options: .item
      ).deployment
    }
    deployment = made.id
    narrator.line(now, "【09:00 部署】\(made.orgUnitName)：\(made.suggestion.summary)")
    let accept = Self.changed(made, at: time)
    let accepted = try await suite.ask("AcceptDeployment") { suite in
      try await suite.deployments.acceptDeployment(
        accept, metadata: leader, options: .item
      ).deployment
    }
    for post in accepted.posts where post.isMoved {
      narrator.line(
        now, "【09:00 部署】\(post.callSign) → \(post.placeName)。\(post.reason)")
    }
    let words =
      accepted.isChanged ? "调整后采纳 accepted with a change：\(accepted.reason)" : "采纳 accepted"
    narrator.line(now, "【09:00 部署】\(made.orgUnitName) \(words)")
    try await tellCoverage()
  }

  /// The first unit that is to move stays where it stands until noon.
  private static func changed(
    _ made: Quintet_Duty_V1_Deployment, at time: Date
  ) -> Quintet_Duty_V1_AcceptDeploymentRequest {
    let posts = made.suggestion.posts
    return .with { request in
      request.requestID = "demo/deployment/accept"
      request.deploymentID = made.id
      request.etag = made.etag
      request.occurTime = time.timestamp
      guard let first = posts.firstIndex(where: \.isMoved),
        let stands = made.suggestion.standing.first(where: { $0.unitID == posts[first].unitID })
      else { return }
      request.reason = "该车上午护送学生，先留原地。It takes children to school first."
      request.posts = posts.enumerated().map { index, post in
        .with {
          $0.unitID = post.unitID
          $0.point = index == first ? stands.point : post.point
          $0.startTime = post.startTime
          $0.endTime = post.endTime
        }
      }
    }
  }

  private func tellCoverage() async throws {
    let time = time
    let map = try await suite.ask("GetCoverage") { suite in
      try await suite.coverage.getCoverage(
        .with {
          $0.asOfTime = time.timestamp
          $0.withoutCells = true
        }, options: .item)
    }
    let covered = map.keyPlaces.filter(\.isCovered).count
    let whole = map.areas.first { $0.rank == .county }
    narrator.line(
      now,
      "【1-3-5 覆盖】重点部位 key places \(covered)/\(map.keyPlaces.count)；"
        + (whole.map {
          "全区 \($0.byArea.coveredCount)/\($0.byArea.totalCount) 格 cells，"
            + "近 28 天警情 calls \($0.byCalls.coveredCount)/\($0.byCalls.totalCount)"
        } ?? "") + "；空闲巡逻 free patrols \(map.freePatrolCount)")
  }

  func sampleCoverage() async throws {
    let time = time
    _ = try await suite.ask("TakeCoverageSample") { suite in
      try await suite.coverage.takeCoverageSample(
        .with {
          $0.requestID = "demo/coverage/\(Int(time.timeIntervalSince1970))"
          $0.occurTime = time.timestamp
        }, options: .item)
    }
  }

  func compareDeployment() async throws {
    guard let deployment else { return }
    try await suite.waitUntil("duty", hasReadAllOf: "command")
    let (time, leader) = (time, leader)
    let compared = try await suite.ask("CompareDeployment") { suite in
      try await suite.deployments.compareDeployment(
        .with {
          $0.requestID = "demo/deployment/compare"
          $0.deploymentID = deployment
          $0.occurTime = time.timestamp
        }, metadata: leader, options: .item
      ).deployment
    }
    narrator.line(now, "【部署效果】\(compared.orgUnitName)：\(compared.outcome.summary)")
  }
}

extension SuiteCalls {
  var coverage: some Quintet_Duty_V1_CoverageService.ClientProtocol {
    Quintet_Duty_V1_CoverageService.Client(wrapping: client)
  }
  var deployments: some Quintet_Duty_V1_DeploymentService.ClientProtocol {
    Quintet_Duty_V1_DeploymentService.Client(wrapping: client)
  }
}
