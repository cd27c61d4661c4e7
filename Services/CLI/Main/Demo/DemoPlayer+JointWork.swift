// 支撑请求: a station asks the seats of the centre to help. And when all that is done together happens.

import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

/// What of it is still to happen.
enum DemoJointStep: Sendable {
  /// The consultation is planned, held and closed.
  case plan, hold, close
  /// Support is asked for the lost child.
  case ask
  /// Number of the part.
  case take(Int)
  case answer(Int)
  case end
}

/// How far it is.
struct DemoJointWork {
  var consultation = ""
  var support = ""
  var supportKey = ""
  var answers = 0
}

extension DemoPlayer {
  private static let seats = [
    (
      code: "video", name: "视频席", task: "调看公园各出入口监控", takes: 40, answers: 260,
      says: "19 时 48 分红衣男孩独自走向东门小卖部，未离开公园。", isFound: true
    ),
    (
      code: "traffic", name: "交通席", task: "留意公园周边路口", takes: 75, answers: 420,
      says: "周边四个路口未见走失男孩。", isFound: false
    ),
  ]

  func planJointWork() {
    plan(.joint(.plan), at: Double(17 * 3_600))
    plan(.joint(.hold), at: Double(17 * 3_600 + 2_400))
    plan(.joint(.close), at: Double(18 * 3_600 + 300))
    // The child is missed at 19:50.
    plan(.joint(.ask), at: Double(19 * 3_600 + 52 * 60))
  }

  func carryOut(_ step: DemoJointStep) async throws {
    switch step {
    case .plan: try await planConsultation()
    case .hold: try await holdConsultation()
    case .close: try await closeConsultation()
    case .ask: try await askSupport()
    case .take(let number): try await takePart(number)
    case .answer(let number): try await answerPart(number)
    case .end: try await endSupport()
    }
  }

  // MARK: - 支撑请求

  private func askSupport() async throws {
    guard let (key, found) = cases.first(where: { $0.value.plan.story == .lostChild }) else {
      throw DemoStepLost(key: "support")
    }
    let station = try await station(of: found.id)
    let request = Quintet_Command_V1_AskSupportRequest.with {
      $0.requestID = self.request(key, "support")
      $0.incidentID = found.id
      $0.asker = station.recipient
      $0.title = "寻找走失男孩"
      $0.text = "五岁男孩，红色外套，19 时 45 分在公园滑梯处走失，请各席协查。"
      $0.parts = Self.seats.map { seat in
        .with {
          $0.seatCode = seat.code
          $0.task = seat.task
        }
      }
      $0.occurTime = time.timestamp
    }
    joint.support = try await suite.ask("AskSupport") { suite in
      try await suite.supports.askSupport(
        request, metadata: DemoActor.recipient(station.code), options: .item
      ).supportRequest.id
    }
    joint.supportKey = key
    let names = Self.seats.map(\.name).joined(separator: "、")
    tell(key, "支撑请求 support asked：\(station.name) → \(names)")
    for (index, seat) in Self.seats.enumerated() {
      plan(.joint(.take(index + 1)), in: seat.takes)
    }
  }

  private func takePart(_ number: Int) async throws {
    let seat = Self.seats[number - 1]
    let request = Quintet_Command_V1_TakeSupportPartRequest.with {
      $0.requestID = "demo/support/\(number)/take"
      $0.supportRequestID = joint.support
      $0.partNumber = Int32(number)
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("TakeSupportPart") { suite in
      try await suite.supports.takeSupportPart(
        request, metadata: DemoActor.recipient(seat.code), options: .item)
    }
    plan(.joint(.answer(number)), in: seat.answers)
  }

  private func answerPart(_ number: Int) async throws {
    let seat = Self.seats[number - 1]
    let request = Quintet_Command_V1_AnswerSupportPartRequest.with {
      $0.requestID = "demo/support/\(number)/answer"
      $0.supportRequestID = joint.support
      $0.partNumber = Int32(number)
      $0.text = seat.says
      $0.result = seat.isFound ? .found : .nothing
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("AnswerSupportPart") { suite in
      try await suite.supports.answerSupportPart(
        request, metadata: DemoActor.recipient(seat.code), options: .item)
    }
    tell(joint.supportKey, "\(seat.name) 答复 answered：\(seat.says)")
    joint.answers += 1
    if joint.answers == Self.seats.count { plan(.joint(.end), in: 120) }
  }

  private func endSupport() async throws {
    let request = Quintet_Command_V1_CloseSupportRequestRequest.with {
      $0.requestID = "demo/support/close"
      $0.supportRequestID = joint.support
      $0.outcome = .solved
      $0.reason = "按视频席指引在东门小卖部旁找到"
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("CloseSupportRequest") { suite in
      try await suite.supports.closeSupportRequest(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    tell(joint.supportKey, "支撑办结 support closed：\(request.reason)")
  }
}
