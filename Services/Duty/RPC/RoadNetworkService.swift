// Requests about the road network, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.RoadNetworkService`; the proto says what each RPC does and refuses.
public struct RoadNetworkService: Quintet_Duty_V1_RoadNetworkService.SimpleServiceProtocol {
  private static let batchLimit = 2000

  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func importRoads(
    request: RPCAsyncSequence<Quintet_Duty_V1_ImportRoadsRequest, any Error>,
    context: ServerContext
  ) async throws -> Quintet_Duty_V1_ImportRoadsResponse {
    var header: Quintet_Duty_V1_RoadHeader?
    var survey: RoadSurvey?
    // What the request id stands for is the whole stream.
    var digest = StreamDigest()
    for try await message in request {
      try digest.add(message)
      switch message.part {
      case .header(let given):
        guard header == nil else { throw Failure.required("batch") }
        _ = try Check.requestID(given.requestID, field: "header.request_id")
        survey = RoadSurvey(
          source: try Check.text(
            given.source, field: "header.source", max: 200, required: true),
          speeds: TravelSpeeds(changes: try Self.speeds(given.speeds)))
        header = given
      case .batch(let batch):
        guard survey != nil else { throw Failure.required("header") }
        try Self.add(batch, to: &survey)
      case nil: throw Failure.required("part")
      }
    }
    guard let header, let survey else { throw Failure.required("header") }
    let key = try digest.key(id: header.requestID, context: context)
    let now = clock()
    let facts = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try RoadKeeping().replace(with: survey, in: $0, now: now)
    }
    let notes = CallContext.current.notes
    notes["subject"] = facts.id.description
    notes["refused"] = String(survey.refusedCount)
    return .with {
      $0.network = Quintet_Duty_V1_RoadNetwork(facts)
      $0.refusedCount = Int32(survey.refusedCount)
      $0.problems = survey.refusals.map(\.problem)
    }
  }

  private static func add(
    _ batch: Quintet_Duty_V1_RoadBatch, to survey: inout RoadSurvey?
  ) throws {
    guard batch.nodes.count + batch.edges.count <= batchLimit else {
      throw tooMany("batch", batchLimit)
    }
    for node in batch.nodes {
      survey?.addNode(
        node.id, latitude: node.latitude, longitude: node.longitude, line: Int(node.line))
    }
    for edge in batch.edges {
      survey?.addEdge(
        GivenRoad(
          from: edge.fromID, to: edge.toID, metres: edge.lengthM,
          roadClass: String(edge.roadClass.prefix(32)), limit: edge.speedLimitKmh),
        line: Int(edge.line))
    }
    guard survey?.nodes.count ?? 0 <= RoadSurvey.nodeLimit else {
      throw tooMany("batch.nodes", RoadSurvey.nodeLimit)
    }
    guard survey?.edges.count ?? 0 <= RoadSurvey.edgeLimit else {
      throw tooMany("batch.edges", RoadSurvey.edgeLimit)
    }
  }

  private static func tooMany(_ field: String, _ limit: Int) -> Failure {
    .invalid(
      "TOO_MANY", field: field, "\(field) 最多 \(limit) 项。\(field) takes at most \(limit).")
  }

  private static func speeds(
    _ given: [Quintet_Duty_V1_RoadSpeed]
  ) throws -> [String: Double] {
    var speeds: [String: Double] = [:]
    for (index, one) in try Check.list(given, field: "header.speeds", 0...100).enumerated() {
      let field = "header.speeds[\(index)]"
      let name = try Check.code(
        one.roadClass, field: "\(field).road_class", max: 32, required: true)
      speeds[name] = try Check.range(one.speedMps, field: "\(field).speed_mps", 0.5...100)
    }
    return speeds
  }

  public func getRoadNetwork(
    request: Quintet_Duty_V1_GetRoadNetworkRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetRoadNetworkResponse {
    let facts = try await store.read(within: CallContext.current.reach) { try $0.roadNetwork() }
    return .with { answer in
      if let facts { answer.network = Quintet_Duty_V1_RoadNetwork(facts) }
    }
  }

  public func estimateTravel(
    request: Quintet_Duty_V1_EstimateTravelRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_EstimateTravelResponse {
    let origins = try Check.list(request.origins, field: "origins", 1...100).enumerated().map {
      try Check.givenPoint($1, field: "origins[\($0)]").coordinate
    }
    guard request.hasDestination else { throw Failure.required("destination") }
    let destination = try Check.givenPoint(request.destination, field: "destination").coordinate
    let kind = try UnitKind(request.kind, field: "kind")
    let (estimates, name) = try await store.consult { roster in
      var search = roster.travel.search(to: destination)
      return (origins.map { search.estimate(from: $0, by: kind) }, roster.travel.name)
    }
    return .with {
      $0.estimates = estimates.map(Quintet_Duty_V1_TravelEstimate.init)
      $0.estimator = name
    }
  }
}

extension RoadSurvey.Refusal {
  fileprivate var problem: Quintet_Type_V1_Problem {
    let (field, chinese, english) =
      switch fault {
      case .nodeOffTheGlobe: ("batch.nodes", "坐标无效", "its point is not on the globe")
      case .nodeTwice: ("batch.nodes", "节点编号重复", "its id was given before")
      case .nodeUnknown: ("batch.edges", "端点不存在", "it names a node that is not there")
      case .lengthOutOfRange:
        ("batch.edges", "长度须大于 0、不超过 100000 米", "its length must be above 0, up to 100000 m")
      case .limitOutOfRange:
        ("batch.edges", "限速须在 0 到 200 之间", "its speed limit must lie between 0 and 200 km/h")
      }
    return .with {
      $0.code = Int32(RPCError.Code.invalidArgument.rawValue)
      $0.reason = "ROAD_INVALID"
      $0.field = field
      $0.message = "第 \(line) 行：\(chinese)。Line \(line): \(english)."
    }
  }
}

extension Quintet_Duty_V1_RoadNetwork {
  init(_ facts: RoadNetworkFacts) {
    self = .with {
      $0.id = facts.id.description
      $0.source = facts.source
      $0.nodeCount = Int32(facts.nodeCount)
      $0.edgeCount = Int32(facts.edgeCount)
      $0.importTime = facts.importTime.timestamp
      $0.speeds = facts.speeds.metresPerSecond.sorted { $0.key < $1.key }.map { name, speed in
        .with {
          $0.roadClass = name
          $0.speedMps = speed
        }
      }
    }
  }
}

extension Quintet_Duty_V1_TravelEstimate {
  init(_ estimate: TravelEstimate) {
    self = .with {
      $0.travelTimeS = estimate.seconds
      $0.wayM = estimate.metres
      $0.words = estimate.words
    }
  }
}
