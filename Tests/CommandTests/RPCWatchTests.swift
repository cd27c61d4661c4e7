// Directives on their recipients' streams.
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import CommandRPC

@Suite struct RPCWatchTests {
  @Test func aUnitSeesWhatIsOpenThenEachStepOfItsDispatch() async throws {
    try await Desk.with { desk in
      let unit = recipient(.unit, Sample.unit(1).description)
      let standing = try await desk.issue(to: [unit, recipient(.seat, "seat-1")])
      let incident = try await desk.submit()
      let seen = try await desk.directives.watchDirectives(.with { $0.recipient = unit }) {
        response -> [Quintet_Command_V1_WatchDirectivesResponse] in
        var seen: [Quintet_Command_V1_WatchDirectivesResponse] = []
        for try await message in response.messages where message.hasDirective {
          seen.append(message)
          switch seen.count {
          case 1:
            // Somebody else's, which must not show here, and then its own.
            _ = try await desk.issue(to: [recipient(.seat, "seat-2")])
            try await desk.dispatch(incident, unit: 1)
          case 2: try await desk.advance(message.assignmentID, .acknowledge)
          case 3: try await desk.advance(message.assignmentID, .depart, .arrive)
          case 4: try await desk.advance(message.assignmentID, .clear)
          default: return seen
          }
        }
        return seen
      }
      #expect(seen.count == 5)
      #expect(seen[0].directive == standing && seen[0].assignmentID.isEmpty)
      let dispatched = seen.dropFirst()
      #expect(Set(dispatched.map(\.directive.id)).count == 1)
      #expect(dispatched.allSatisfy { $0.directive.incidentID == incident })
      #expect(dispatched.allSatisfy { $0.assignmentID.hasPrefix("asg_") })
      #expect(
        dispatched.map(\.directive.recipients[0].state) == [
          .delivered, .acknowledged, .inProgress, .accepted,
        ])
      #expect(dispatched.first?.directive.directiveClass == .dispatch)
    }
  }

  @Test func draftsAreTellingNobodyUntilTheyAreIssued() async throws {
    try await Desk.with { desk in
      let seat = recipient(.seat, "seat-1")
      let first = try await desk.issue(to: [seat])
      let seen = try await desk.directives.watchDirectives(.with { $0.recipient = seat }) {
        response -> [String] in
        var seen: [String] = []
        for try await message in response.messages where message.hasDirective {
          seen.append(message.directive.id)
          if seen.count > 1 { return seen }
          _ = try await desk.directives.draftDirective(
            .with {
              $0.requestID = newRequestID()
              $0.content = directiveContent(recipients: [seat])
            })
          _ = try await desk.issue(to: [seat])
        }
        return seen
      }
      let listed = try await desk.directives.listDirectives(.with { $0.recipient = seat })
      let drafts = listed.directives.filter { $0.state == .draft }.map(\.id)
      #expect(drafts.count == 1 && seen.count == 2)
      #expect(seen.first == first.id && !seen.contains(drafts[0]))
    }
  }

  @Test func silenceIsBrokenByHeartbeats() async throws {
    try await Desk.with(heartbeat: .milliseconds(40)) { desk in
      let beats = try await desk.directives.watchDirectives(
        .with { $0.recipient = recipient(.seat, "seat-1") }
      ) { response in
        var beats = 0
        for try await message in response.messages {
          #expect(!message.hasDirective && message.assignmentID.isEmpty)
          beats += 1
          if beats == 3 { break }
        }
        return beats
      }
      #expect(beats == 3)
    }
  }

  @Test func oneWhoLagsIsLetGoAndTheOthersAreNot() async throws {
    try await Desk.with { desk in
      let seat = Recipient(kind: .seat, id: "seat-1")
      let board = DirectiveBoard(
        store: desk.store, journal: desk.journal, logger: Desk.quiet, heartbeat: .seconds(60),
        bufferLimit: 3)
      let running = Task { try await board.run() }
      let slow = try await board.join(seat)
      let quick = try await board.join(seat)
      var received = 0
      var notices = quick.notices.makeAsyncIterator()
      for _ in 1...5 {
        _ = try await desk.issue(to: [recipient(.seat, "seat-1")])
        if case .changed = await notices.next() { received += 1 }
      }
      // The fifth may reach the quick one first; by then the slow one has been offered four.
      let kept = await slow.notices.reduce(into: 0) { count, _ in count += 1 }
      #expect(received == 5 && kept == 3)
      #expect(await board.leave(slow.number))
      #expect(await board.leave(quick.number) == false)
      running.cancel()
      _ = try await running.value
    }
  }
}
