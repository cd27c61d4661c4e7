// One screen's stream of incidents: all that are open, or what changed since it was last there, then what
// changes, until it hangs up or lags behind.

import Access
import CommandDomain
import GRPCCore
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct IncidentWatch: Sendable {
  /// Incidents in a snapshot.
  private static let openLimit = 5_000
  /// Events that are read for whoever begins again; beyond, it is given a snapshot.
  private static let resumeLimit = 2_000

  let room: CommandRoom
  let board: IncidentBoard
  /// The last sequence that the screen saw; 0 for none.
  let after: Int64

  typealias Message = Quintet_Command_V1_WatchIncidentsResponse

  /// - Throws: `Failure` WATCHER_TOO_SLOW; how the stream broke.
  func run(_ response: RPCWriter<Message>) async throws {
    let (joined, start) = try await board.join(CallContext.current.reach)
    do {
      // gRPC says that the caller has gone and does not cancel the handler.
      try await withRPCCancellationHandler {
        try await send(joined.notices, from: start, to: response)
      } onCancelRPC: {
        joined.end()
      }
    } catch {
      await board.leave(joined.number)
      throw error
    }
    guard await !board.leave(joined.number) else { throw Failure.watcherTooSlow }
  }

  private func send(
    _ notices: AsyncStream<IncidentBoard.Notice>, from start: Int64,
    to response: RPCWriter<Message>
  ) async throws {
    /// Shown and not taken away again.
    var shown: Set<String> = []
    if let changed = try await changedSince(start) {
      try await send(changed, sequence: start, to: response)
    } else {
      try await sendSnapshot(sequence: start, to: response, shown: &shown)
    }
    for await notice in notices {
      switch notice {
      case .heartbeat(let sequence):
        try await response.write(.with { $0.sequence = sequence })
      case .changed(var message, let elsewhere):
        // Another's incident is not even named to whoever never saw it.
        message.removedIds = elsewhere.filter { shown.remove($0) != nil }
        for card in message.cards { shown.insert(card.id) }
        try await response.write(message)
      }
    }
    try Task.checkCancellation()
  }

  private func send(
    _ cards: [IncidentCard], sequence: Int64, to response: RPCWriter<Message>
  ) async throws {
    let messages = IncidentBoard.messages(cards)
    for (index, message) in messages.enumerated() {
      var message = message
      if index == messages.count - 1 { message.sequence = sequence }
      try await response.write(message)
    }
  }

  private func sendSnapshot(
    sequence: Int64, to response: RPCWriter<Message>, shown: inout Set<String>
  ) async throws {
    var last: IncidentID?
    while true {
      let page = try await room.read { [last] in
        try $0.openCards(after: last, limit: IncidentBoard.cardLimit)
      }
      last = page.last?.incident.id
      for card in page { shown.insert(card.incident.id.description) }
      let isEnd = page.count < IncidentBoard.cardLimit || shown.count >= Self.openLimit
      try await response.write(
        .with {
          $0.cards = page.map(Quintet_Command_V1_IncidentCard.init)
          $0.isSnapshot = true
          $0.isSnapshotEnd = isEnd
          if isEnd { $0.sequence = sequence }
        })
      if isEnd { return }
    }
  }

  /// Nil where a snapshot is due: at the beginning, where too much happened or the log was pruned, and
  /// for callers who do not see everything, since what left their reach is in no event.
  private func changedSince(_ start: Int64) async throws -> [IncidentCard]? {
    guard after > 0, after <= start, CallContext.current.reach.isEverywhere,
      try await board.keeps(after: after)
    else { return nil }
    guard let ids = try await board.changed(after: after, through: start, limit: Self.resumeLimit)
    else { return nil }
    return try await room.read { try $0.cards(of: ids) }
  }
}

extension IncidentBoard {
  /// Whether everything after this number is still in the log.
  func keeps(after: Int64) async throws -> Bool {
    try await journal.prunedThrough() <= after
  }

  /// Incidents whose cards changed after one number and not after the other; nil for too many.
  func changed(after: Int64, through end: Int64, limit: Int) async throws -> [IncidentID]? {
    let page = try await journal.page(after: after, types: Self.types, limit: limit + 1)
    guard page.entries.count <= limit else { return nil }
    let advised = try await store.read(within: .everywhere) {
      try $0.advised(sinceFeedHead: after, limit: limit + 1)
    }
    guard advised.count <= limit else { return nil }
    return try Self.incidents(in: page.entries).union(advised.map(\.incidentID)).sorted()
  }
}

extension Quintet_Command_V1_IncidentCard {
  init(_ card: IncidentCard) {
    let incident = card.incident
    self = .with {
      $0.id = incident.id.description
      $0.number = incident.number
      $0.state = Quintet_Command_V1_IncidentState(incident.state)
      $0.incidentClass = Quintet_Type_V1_IncidentClass(incident.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(incident.level)
      $0.summary = card.summary
      $0.location = Quintet_Type_V1_Location(incident.place)
      $0.location.address = IncidentCard.withoutNumbers(incident.place.address)
      $0.location.description_p = IncidentCard.withoutNumbers(incident.place.description)
      $0.stationID = card.advice?.stationID?.description ?? ""
      $0.stationName = card.advice?.stationName ?? ""
      $0.source = incident.beginning.source
      $0.occurTime = incident.beginning.occurTime.timestamp
      $0.createTime = incident.beginning.createTime.timestamp
      $0.stateTime = incident.stateTime.timestamp
      $0.etag = incident.etag
      $0.origin = Quintet_Type_V1_IncidentOrigin(incident.beginning.origin)
      $0.receiveTime = incident.beginning.receiveTime.timestamp
      $0.repeatCount = Int32(clamping: card.advice?.repeatCount ?? 0)
      $0.returnCount = Int32(clamping: incident.feedback?.returnCount ?? 0)
      $0.assignments = card.openAssignments.map(Quintet_Command_V1_AssignmentMark.init)
      $0.assignmentCount = Int32(clamping: card.openAssignments.count)
      if let progress = card.progress {
        $0.progress = Quintet_Command_V1_AssignmentState(progress)
      }
      $0.unansweredDirectiveCount = Int32(clamping: card.unansweredDirectiveCount)
      $0.callCount = Int32(clamping: incident.callReportIDs.count)
    }
  }
}

extension Quintet_Command_V1_AssignmentMark {
  init(_ assignment: Assignment) {
    self = .with {
      $0.id = assignment.id.description
      $0.unitID = assignment.unitID.description
      $0.state = Quintet_Command_V1_AssignmentState(assignment.state)
      if let time = assignment.dispatchTime { $0.dispatchTime = time.timestamp }
      if let time = assignment.arriveTime { $0.arriveTime = time.timestamp }
    }
  }
}
