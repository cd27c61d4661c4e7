// Weak feedback goes back through command, its owner. The wish is a row, written with the event that
// says so; a loop carries it over until it has been answered.
public import Foundation
public import Identifiers

/// One return of feedback that command is to be asked for.
public struct OutgoingCall: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    case pending
    /// Command has done it.
    case answered
    /// Command will not do it: the matter has moved on.
    case refused
  }

  public enum Matter: Sendable, Hashable, Codable {
    case incident(IncidentID)
    case directive(DirectiveID, Recipient)
  }

  /// `weak/` and the stable part of the event that showed the feedback: equal in every repetition.
  public let requestID: String
  public let matter: Matter
  public let incidentID: IncidentID?
  /// Chinese first.
  public let reason: String
  /// When the feedback was given.
  public let occurTime: Date
  public let trace: String

  public init(
    requestID: String, matter: Matter, incidentID: IncidentID?, reason: String, occurTime: Date,
    trace: String
  ) {
    self.requestID = requestID
    self.matter = matter
    self.incidentID = incidentID
    self.reason = reason
    self.occurTime = occurTime
    self.trace = trace
  }
}

/// The way to command.
public protocol FeedbackReturner: Sendable {
  /// Asks command to return the feedback. Harmless to repeat.
  /// - Returns: `.answered` or `.refused`.
  /// - Throws: when there is no answer, or one that may be another later.
  func giveBack(_ call: OutgoingCall) async throws -> FeedbackReturnAnswer
}

public enum FeedbackReturnAnswer: Sendable, Hashable {
  case answered
  /// Why not.
  case refused(String)
}
