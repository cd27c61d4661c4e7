// The audit log for those who check: what was done, and proofs that the log has only grown.
import Audit
import Foundation
import GRPCCore
import Persistence
import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.audit.v1.AuditService` over the host's own store.
struct AuditLogService: Quintet_Audit_V1_AuditService.SimpleServiceProtocol {
  /// Entries in a message of an export.
  static let batch = 256

  let log: AuditLog
  let database: any Database
  let verifierKey: VerifierKey

  func getCheckpoint(
    request: Quintet_Audit_V1_GetCheckpointRequest, context: ServerContext
  ) async throws -> Quintet_Audit_V1_GetCheckpointResponse {
    let size = Int64(clamping: request.treeSize)
    let note = try await database.read { [log] tx in
      try log.checkpoint(of: size == 0 ? log.covered(in: tx).covered : size, in: tx)
    }
    guard let note else {
      throw Failure(
        code: .notFound, reason: "CHECKPOINT_UNKNOWN", field: "tree_size",
        message: "没有这样的检查点。There is no such checkpoint.")
    }
    return .with {
      $0.checkpoint = note
      $0.verifierKey = verifierKey.description
    }
  }

  func getInclusionProof(
    request: Quintet_Audit_V1_GetInclusionProofRequest, context: ServerContext
  ) async throws -> Quintet_Audit_V1_GetInclusionProofResponse {
    let (index, size) = (Int64(clamping: request.entryIndex), Int64(clamping: request.treeSize))
    let proof = try await database.read { [log] in
      try log.inclusionProof(of: index, in: size, in: $0)
    }
    guard let proof else { throw Self.tooSmall }
    return .with {
      $0.leafHash = Data(proof.leafHash)
      $0.hashes = proof.hashes.map { Data($0) }
    }
  }

  func getConsistencyProof(
    request: Quintet_Audit_V1_GetConsistencyProofRequest, context: ServerContext
  ) async throws -> Quintet_Audit_V1_GetConsistencyProofResponse {
    let (first, second) = (Int64(clamping: request.firstSize), Int64(clamping: request.secondSize))
    guard first >= 1, first <= second else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "first_size",
        "first_size 须在 1 与 second_size 之间。first_size must be between 1 and second_size.")
    }
    let hashes = try await database.read { [log] in
      try log.consistencyProof(from: first, to: second, in: $0)
    }
    guard let hashes else { throw Self.tooSmall }
    return .with { $0.hashes = hashes.map { Data($0) } }
  }

  func listAuditEntries(
    request: Quintet_Audit_V1_ListAuditEntriesRequest, context: ServerContext
  ) async throws -> Quintet_Audit_V1_ListAuditEntriesResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    var query = AuditQuery(
      actor: try Self.name(request.actor, "actor"),
      incidentID: try Self.name(request.incidentID, "incident_id"),
      recordID: try Self.name(request.recordID, "record_id"))
    if request.hasStartTime { query.start = request.startTime.microsecondDate }
    if request.hasEndTime { query.end = request.endTime.microsecondDate }
    query.before = try PageToken.decode(request.pageToken, count: 1).map { keys in
      guard let index = Int64(keys[0]) else { throw PageToken.invalid }
      return index
    }
    let found = try await database.read { [log, query] in
      try log.entries(query, limit: size + 1, in: $0)
    }
    let page = AnswerSize.fitting(
      found.prefix(size).map { found in
        Quintet_Audit_V1_ListedAuditEntry.with {
          $0.entryIndex = UInt64(found.index)
          $0.entry = found.entry
        }
      })
    return .with { response in
      response.entries = page
      if page.count < found.count, let last = page.last {
        response.nextPageToken = PageToken.encode(["\(last.entryIndex)"])
      }
    }
  }

  func exportAuditEntries(
    request: Quintet_Audit_V1_ExportAuditEntriesRequest,
    response: RPCWriter<Quintet_Audit_V1_ExportAuditEntriesResponse>, context: ServerContext
  ) async throws {
    var first = Int64(clamping: request.firstIndex)
    let size = try await database.read { [log] in try log.head(in: $0).size }
    let end = request.endIndex == 0 ? size : min(size, Int64(clamping: request.endIndex))
    while first < end {
      let entries = try await database.read { [log, first] in
        try log.export(from: first, to: end, limit: Self.batch, in: $0)
      }
      guard let last = entries.last else { return }
      try await response.write(
        .with { message in
          message.entries = entries.map(Quintet_Audit_V1_ExportedAuditEntry.init)
        })
      first = last.index + 1
    }
  }

  private static func name(_ text: String, _ field: String) throws -> String? {
    let text = try Check.text(text, field: field, max: 128)
    return text.isEmpty ? nil : text
  }

  private static let tooSmall = Failure(
    code: .outOfRange, reason: "TREE_TOO_SMALL", field: "tree_size",
    message: "日志没有这么多条，或该条不在其中。The log is smaller than that, or has no such entry there.")
}

extension Quintet_Audit_V1_ExportedAuditEntry {
  init(_ entry: StoredAuditEntry) {
    self = .with {
      $0.entryIndex = UInt64(entry.index)
      $0.leafHash = Data(entry.leafHash)
      if let payload = entry.payload { $0.content = Data(payload) }
    }
  }
}
