// 地名库 on the wire: places and plates are put here, and callers found.

import Access
public import Foundation
public import GRPCCore
import Identifiers
public import IntelligenceDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.intelligence.v1.GazetteerService`; the proto says what each RPC does and refuses.
public struct GazetteerService: Quintet_Intelligence_V1_GazetteerService.SimpleServiceProtocol {
  /// Entries of one batch of an import.
  private static let batchLimit = 500

  private let store: any GazetteerStore
  private let clock: @Sendable () -> Date

  public init(store: any GazetteerStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  // MARK: - Changes

  public func putPlace(
    request: Quintet_Intelligence_V1_PutPlaceRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_PutPlaceResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasPlace else { throw Failure.required("place") }
    let command = PutPlace(
      content: try PlaceContent(request.place, field: "place"),
      etag: try Check.etag(request.etag),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let place = try await put(command, key, now: now)
    return .with { $0.place = place }
  }

  public func putLocationPlate(
    request: Quintet_Intelligence_V1_PutLocationPlateRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_PutLocationPlateResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasPlate else { throw Failure.required("plate") }
    let command = PutPlace(
      content: try PlaceContent(request.plate, field: "plate"),
      etag: try Check.etag(request.etag),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let place = try await put(command, key, now: now)
    return .with { $0.place = place }
  }

  private func put(
    _ command: PutPlace, _ key: RequestKey, now: Date
  ) async throws -> Quintet_Intelligence_V1_Place {
    GazetteerReadings.prepare()
    let place = try await store.writeGazetteer(key, provenance: key.provenance, now: now) {
      try GazetteerKeeping().put(command, in: $0).place
    }
    CallContext.current.notes["subject"] = place.id.description
    return Quintet_Intelligence_V1_Place(place)
  }

  /// One batch after the other: what the store cannot take yet is not read either.
  public func importPlaces(
    request: RPCAsyncSequence<Quintet_Intelligence_V1_ImportPlacesRequest, any Error>,
    response: RPCWriter<Quintet_Intelligence_V1_ImportPlacesResponse>, context: ServerContext
  ) async throws {
    GazetteerReadings.prepare()
    for try await batch in request {
      try await response.write(try await take(batch, context))
    }
  }

  private func take(
    _ batch: Quintet_Intelligence_V1_ImportPlacesRequest, _ context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_ImportPlacesResponse {
    let now = clock()
    var answer = Quintet_Intelligence_V1_ImportPlacesResponse()
    answer.requestID = batch.requestID
    let key: RequestKey
    do {
      key = try RequestKey(batch, id: batch.requestID, context: context)
      _ = try Check.list(batch.entries, field: "entries", 1...Self.batchLimit)
    } catch let failure as Failure {
      answer.problems = [.init(-1, failure)]
      return answer
    }
    var commands: [(index: Int, command: PutPlace)] = []
    for (index, entry) in batch.entries.enumerated() {
      do {
        commands.append((index, PutPlace(content: try PlaceContent(entry), occurTime: now)))
      } catch let failure as Failure {
        answer.problems.append(.init(index, failure))
      }
    }
    let puts = commands.map(\.command)
    let outcomes = try await store.writeGazetteer(key, provenance: key.provenance, now: now) {
      try GazetteerKeeping().put(all: puts, in: $0)
    }
    for (outcome, (index, _)) in zip(outcomes, commands) {
      switch outcome {
      case .added:
        answer.storedCount += 1
        answer.addedCount += 1
      case .kept: answer.storedCount += 1
      case .refused(let problem): answer.problems.append(.init(index, problem.failure))
      }
    }
    answer.problems.sort { $0.index < $1.index }
    return answer
  }

  // MARK: - Reads

  public func getPlace(
    request: Quintet_Intelligence_V1_GetPlaceRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_GetPlaceResponse {
    let id = try Check.code(request.id, field: "id", max: 64, required: true)
    let found: GazetteerPlace? = try await store.readGazetteer { reader in
      if let known = PlaceID(id), let place = try reader.place(known) { return place }
      return try reader.place(code: id)
    }
    guard let found else { throw IntelligenceError.placeUnknown(id).failure }
    return .with { $0.place = .init(found) }
  }

  public func listPlaces(
    request: Quintet_Intelligence_V1_ListPlacesRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_ListPlacesResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)
    let kinds = try Check.list(request.kinds, field: "kinds", 0...24).enumerated().map {
      try PlaceKind($1, field: "kinds[\($0)]")
    }
    let found = try await store.readGazetteer {
      try $0.places(after: after?[0], kinds: Set(kinds), limit: size + 1)
    }
    let page = AnswerSize.fitting(found.prefix(size).map(Quintet_Intelligence_V1_Place.init))
    return .with {
      $0.places = page
      if found.count > page.count, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.code])
      }
    }
  }

  public func locate(
    request: Quintet_Intelligence_V1_LocateRequest, context: ServerContext
  ) async throws -> Quintet_Intelligence_V1_LocateResponse {
    let query = try LocateQuery(request)
    GazetteerReadings.prepare()
    return .init(try await store.readGazetteer { try Locating().locate(query, in: $0) })
  }
}

extension Quintet_Intelligence_V1_ImportProblem {
  fileprivate init(_ index: Int, _ failure: Failure) {
    self = .with {
      $0.index = Int32(clamping: index)
      $0.problem = failure.problem
    }
  }
}

extension Check {
  /// As an answer gave it; empty to change whatever is there.
  fileprivate static func etag(_ text: String) throws -> String {
    try code(text, field: "etag", max: 20)
  }
}
