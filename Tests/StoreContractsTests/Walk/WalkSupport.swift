// 支撑请求 in the walk: what is asked, what refuses it, what it does, and its words.
import GRPCCore
import QuintetAPI
import SwiftProtobuf

@testable import CommandRPC

enum SupportVerb: CaseIterable {
  case ask, add, take, answer, giveBack, solve, giveUp, withdraw

  var isOfPart: Bool { self == .take || self == .answer || self == .giveBack }
}

struct SupportStep: Hashable {
  var verb: SupportVerb
  /// Empty for a new one.
  var request: String
  var incident = ""
  /// From 1.
  var number = 1
  var seat = "video"
  var etag = ""
  /// The answer or the reason; the title of a new one.
  var words: String
}

struct SupportPartRow {
  var number: Int
  var seat: String
  var etag = 1
  var state = Quintet_Command_V1_SupportPartState.offered
  var answer = ""
  var reason = ""

  var isOpen: Bool { state == .offered || state == .taken }
  var words: String { "\(number) \(seat) #\(etag) \(state) \(answer) because \(reason)" }
}

struct SupportRow {
  var id: String
  var etag = 1
  var incident: String
  var parts: [SupportPartRow]
  /// How it ended; nil while it is open.
  var ending: Quintet_Command_V1_SupportState?
  var outcome = Quintet_Command_V1_SupportOutcome.unspecified
  var reason = ""

  var state: Quintet_Command_V1_SupportState {
    if let ending { return ending }
    let held = parts.map(\.state).filter { $0 != .givenBack && $0 != .released }
    if held.isEmpty || Set(held) == [.offered] { return .asked }
    return Set(held) == [.answered] ? .answered : .underway
  }

  func words(_ state: Quintet_Command_V1_SupportState) -> String {
    "support \(id) #\(etag) on \(incident) \(state) \(outcome) \(parts.map(\.words)) "
      + "because \(reason)"
  }
}

extension Quintet_Command_V1_SupportPart {
  var words: String {
    SupportPartRow(
      number: Int(number), seat: seatCode, etag: Int(etag) ?? 0, state: state, answer: answer,
      reason: reason
    ).words
  }
}

extension Quintet_Command_V1_SupportRequest {
  var words: String {
    let row = SupportRow(
      id: id, etag: Int(etag) ?? 0, incident: incidentID,
      parts: parts.map {
        SupportPartRow(
          number: Int($0.number), seat: $0.seatCode, etag: Int($0.etag) ?? 0, state: $0.state,
          answer: $0.answer, reason: $0.reason)
      }, outcome: outcome, reason: reason)
    return row.words(state)
  }
}

// MARK: - Sending

private protocol SupportFields: SwiftProtobuf.Message {
  var requestID: String { get set }
  var supportRequestID: String { get set }
  var etag: String { get set }
  var occurTime: Google_Protobuf_Timestamp { get set }
}

extension Quintet_Command_V1_AddSupportPartRequest: SupportFields {}
extension Quintet_Command_V1_TakeSupportPartRequest: SupportFields {}
extension Quintet_Command_V1_AnswerSupportPartRequest: SupportFields {}
extension Quintet_Command_V1_GiveBackSupportPartRequest: SupportFields {}
extension Quintet_Command_V1_CloseSupportRequestRequest: SupportFields {}
extension Quintet_Command_V1_WithdrawSupportRequestRequest: SupportFields {}

extension Sending {
  init(_ step: SupportStep, id: String, _ time: Google_Protobuf_Timestamp?) {
    typealias Method = Quintet_Command_V1_SupportService.Method
    func filled<Request: SupportFields>(_ change: (inout Request) -> Void) -> Request {
      var message = Request()
      (message.requestID, message.supportRequestID) = (id, step.request)
      message.etag = step.etag
      if let time { message.occurTime = time }
      change(&message)
      return message
    }
    switch step.verb {
    case .ask:
      var message = Quintet_Command_V1_AskSupportRequest()
      (message.requestID, message.incidentID, message.title) = (id, step.incident, step.words)
      message.asker = Party(kind: .station, id: "station-1").message
      message.parts = ["video", "traffic"].map { seat in .with { $0.seatCode = seat } }
      if let time { message.occurTime = time }
      self.init(Method.AskSupport.descriptor, message) {
        try await $0.supports.askSupport(request: $1, context: $2).supportRequest
      }
    case .add:
      let message: Quintet_Command_V1_AddSupportPartRequest = filled {
        $0.part.seatCode = step.seat
      }
      self.init(Method.AddSupportPart.descriptor, message) {
        try await $0.supports.addSupportPart(request: $1, context: $2).supportRequest
      }
    case .take:
      let message: Quintet_Command_V1_TakeSupportPartRequest = filled {
        $0.partNumber = Int32(step.number)
      }
      self.init(Method.TakeSupportPart.descriptor, message) {
        try await $0.supports.takeSupportPart(request: $1, context: $2).supportRequest
      }
    case .answer:
      let message: Quintet_Command_V1_AnswerSupportPartRequest = filled {
        ($0.partNumber, $0.text, $0.result) = (Int32(step.number), step.words, .found)
      }
      self.init(Method.AnswerSupportPart.descriptor, message) {
        try await $0.supports.answerSupportPart(request: $1, context: $2).supportRequest
      }
    case .giveBack:
      let message: Quintet_Command_V1_GiveBackSupportPartRequest = filled {
        ($0.partNumber, $0.reason) = (Int32(step.number), step.words)
      }
      self.init(Method.GiveBackSupportPart.descriptor, message) {
        try await $0.supports.giveBackSupportPart(request: $1, context: $2).supportRequest
      }
    case .solve, .giveUp:
      let message: Quintet_Command_V1_CloseSupportRequestRequest = filled {
        ($0.outcome, $0.reason) = (step.verb == .solve ? .solved : .unsolved, step.words)
      }
      self.init(Method.CloseSupportRequest.descriptor, message) {
        try await $0.supports.closeSupportRequest(request: $1, context: $2).supportRequest
      }
    case .withdraw:
      let message: Quintet_Command_V1_WithdrawSupportRequestRequest = filled {
        $0.reason = step.words
      }
      self.init(Method.WithdrawSupportRequest.descriptor, message) {
        try await $0.supports.withdrawSupportRequest(request: $1, context: $2).supportRequest
      }
    }
  }
}

// MARK: - Rules

extension WalkModel {
  /// What stands in the way of a step that makes sense.
  func obstacles(_ step: SupportStep) -> Set<Refused> {
    guard let row = supports[step.request] else {
      return [Refused(.notFound, "SUPPORT_REQUEST_UNKNOWN", "support_request_id")]
    }
    var found: Set<Refused> = []
    func etag(_ current: Int) {
      if !step.etag.isEmpty, step.etag != "\(current)" {
        found.insert(Refused(.aborted, "ETAG_MISMATCH", "etag"))
      }
    }
    if step.verb.isOfPart {
      guard let part = row.parts.first(where: { $0.number == step.number }) else {
        return [Refused(.notFound, "SUPPORT_PART_UNKNOWN", "part_number")]
      }
      etag(part.etag)
      let isAllowed: Bool =
        switch step.verb {
        case .take: part.state == .offered
        case .answer: part.state == .taken
        default: part.isOpen
        }
      if !isAllowed { found.insert(.move) }
      return found
    }
    etag(row.etag)
    if row.ending != nil { found.insert(.move) }
    if step.verb == .add {
      if row.parts.count >= 20 { found.insert(.precondition("TOO_MANY_PARTS")) }
      if row.parts.contains(where: { $0.seat == step.seat && $0.isOpen }) {
        found.insert(Refused(.alreadyExists, "SUPPORT_PART_OPEN", "part.seat_code"))
      }
    }
    if step.verb == .solve, !row.parts.contains(where: { $0.state == .answered }) {
      found.insert(.precondition("SUPPORT_UNANSWERED"))
    }
    return found
  }

  // MARK: - Effects

  mutating func support(_ step: SupportStep, _ scribe: inout Scribe) throws -> String {
    if step.verb == .ask {
      let row = SupportRow(
        id: try scribe.newID(0, "sup"), incident: step.incident,
        parts: ["video", "traffic"].enumerated().map {
          SupportPartRow(number: $0 + 1, seat: $1)
        })
      supports[row.id] = row
      supportOrder.append(row.id)
      scribe.write("SupportAsked", row.id, row.incident, row.words(row.state))
      return row.words(row.state)
    }
    guard var row = supports[step.request] else { return "" }
    let before = row.state
    row.etag += 1
    switch step.verb {
    case .solve, .giveUp, .withdraw:
      for index in row.parts.indices where row.parts[index].isOpen {
        row.parts[index].state = .released
        row.parts[index].etag += 1
      }
      row.ending = step.verb == .withdraw ? .withdrawn : .closed
      row.outcome =
        step.verb == .withdraw ? .unspecified : step.verb == .solve ? .solved : .unsolved
      row.reason = step.words
      scribe.write(
        "SupportEnded", row.id, row.incident, "\(row.words(row.state)) from \(before)")
    case .add:
      row.parts.append(SupportPartRow(number: row.parts.count + 1, seat: step.seat))
      write(row.parts[row.parts.count - 1], from: .unspecified, of: row, &scribe)
    default:
      let index = step.number - 1
      let from = row.parts[index].state
      row.parts[index].etag += 1
      switch step.verb {
      case .take: row.parts[index].state = .taken
      case .answer: (row.parts[index].state, row.parts[index].answer) = (.answered, step.words)
      default: (row.parts[index].state, row.parts[index].reason) = (.givenBack, step.words)
      }
      write(row.parts[index], from: from, of: row, &scribe)
    }
    supports[row.id] = row
    return row.words(row.state)
  }

  private func write(
    _ part: SupportPartRow, from: Quintet_Command_V1_SupportPartState, of row: SupportRow,
    _ scribe: inout Scribe
  ) {
    scribe.write(
      "SupportPartMoved", row.id, row.incident, "\(part.words) from \(from), \(row.state)")
  }
}
