// 研判 on the wire: assessments are only read here; events make them.

import Access
public import Foundation
public import GRPCCore
import Identifiers
public import IntelligenceDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct AssessmentService: Quintet_Intelligence_V1_AssessmentService.SimpleServiceProtocol {
  private let store: any IntelligenceStore
  private let clock: @Sendable () -> Date

  public init(store: any IntelligenceStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func getAssessment(
    request: Quintet_Intelligence_V1_GetAssessmentRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_GetAssessmentResponse {
    let incident = try Check.identifier(
      request.incidentID, field: "incident_id", as: IncidentTag.self)
    CallContext.current.notes.incident(incident.description)
    let now = clock()
    let found = try await store.read(within: CallContext.current.reach) {
      try $0.assessment(of: incident, now: now)
    }
    guard let found else { throw IntelligenceError.assessmentUnknown(incident).failure }
    return .with { $0.assessment = .init(found) }
  }

  public func listAssessments(
    request: Quintet_Intelligence_V1_ListAssessmentsRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_ListAssessmentsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let cursor = try Self.cursor(request.pageToken)
    let repeatsOnly = request.repeatsOnly
    let now = clock()
    // One more than asked for says whether there is another page.
    let found = try await store.read(within: CallContext.current.reach) {
      try $0.assessments(after: cursor, limit: size + 1, repeatsOnly: repeatsOnly, now: now)
    }
    let page = AnswerSize.fitting(
      found.prefix(size).map(Quintet_Intelligence_V1_Assessment.init))
    return .with {
      $0.assessments = page
      if found.count > page.count, page.count > 0 {
        $0.nextPageToken = Self.token(after: found[page.count - 1])
      }
    }
  }

  public func countAssessments(
    request: Quintet_Intelligence_V1_CountAssessmentsRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_CountAssessmentsResponse {
    let source = try Check.code(
      request.source, field: "source", max: 64, allowed: .lowercaseCodeCharacters)
    let count = try await store.read(within: CallContext.current.reach) {
      try $0.count(source: source.isEmpty ? nil : source)
    }
    return .with {
      $0.assessmentCount = Int64(count.assessments)
      $0.repeatCount = Int64(count.repeats)
    }
  }

  private static func token(after assessment: Assessment) -> String {
    let microseconds = (assessment.occurTime.timeIntervalSince1970 * 1_000_000).rounded()
    return PageToken.encode([String(Int64(microseconds)), assessment.id.description])
  }

  private static func cursor(_ token: String) throws -> AssessmentCursor? {
    guard let keys = try PageToken.decode(token, count: 2) else { return nil }
    guard let microseconds = Int64(keys[0]), let id = AssessmentID(keys[1]) else {
      throw PageToken.invalid
    }
    return AssessmentCursor(
      occurTime: Date(timeIntervalSince1970: Double(microseconds) / 1_000_000), id: id)
  }
}
