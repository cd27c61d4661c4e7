// What the terminal port needs of a store.
public import Foundation
public import Identifiers

/// The store of one partition, as terminals write to it.
public protocol TerminalStore: Sendable {
  /// A terminal connects: every earlier connection of it counts no more. Durable when it returns.
  /// - Throws: `DutyError.terminalUnknown`.
  func connect(terminal code: String, origin: String, now: Date) async throws -> TerminalLink

  /// Takes reports in the order given, each with all it does or not at all. Durable when it returns.
  /// - Returns: one outcome for each.
  /// - Throws: `DutyError.terminalSuperseded`; nothing was taken then.
  func take(_ reports: [TerminalReport], from link: TerminalLink, now: Date) async throws
    -> [TerminalOutcome]

  /// The assignments that are open, of these units.
  func openCommitments(of units: [UnitID]) async throws -> [Commitment]

  /// Assignments that moved after the change with this number, and the number of the last change.
  func commitments(after change: Int64) async throws -> (moved: [Commitment], change: Int64)

  /// One element after commits; ends when the store is closed.
  func commits() -> AsyncStream<Void>
}
