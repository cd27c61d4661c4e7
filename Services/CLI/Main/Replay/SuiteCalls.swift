// What a replay asks of the suite: the generated clients behind one connection to the gateway, the two
// pipelined streams, and waiting until one service has read all that another has told.
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

/// The suite, seen through the gateway.
struct SuiteCalls: Sendable {
  let client: ServiceClient
  let partition: String
  let patience: Patience

  var reports: some Quintet_Command_V1_CallReportService.ClientProtocol {
    Quintet_Command_V1_CallReportService.Client(wrapping: client)
  }
  var incidents: some Quintet_Command_V1_IncidentService.ClientProtocol {
    Quintet_Command_V1_IncidentService.Client(wrapping: client)
  }
  var reviews: some Quintet_Command_V1_ReviewService.ClientProtocol {
    Quintet_Command_V1_ReviewService.Client(wrapping: client)
  }
  var dispatches: some Quintet_Command_V1_DispatchService.ClientProtocol {
    Quintet_Command_V1_DispatchService.Client(wrapping: client)
  }
  var organisation: some Quintet_Duty_V1_OrganisationService.ClientProtocol {
    Quintet_Duty_V1_OrganisationService.Client(wrapping: client)
  }
  var units: some Quintet_Duty_V1_UnitService.ClientProtocol {
    Quintet_Duty_V1_UnitService.Client(wrapping: client)
  }
  var clock: some Quintet_Supervision_V1_ClockService.ClientProtocol {
    Quintet_Supervision_V1_ClockService.Client(wrapping: client)
  }
  var deadlines: some Quintet_Supervision_V1_DeadlineService.ClientProtocol {
    Quintet_Supervision_V1_DeadlineService.Client(wrapping: client)
  }
  var assessments: some Quintet_Intelligence_V1_AssessmentService.ClientProtocol {
    Quintet_Intelligence_V1_AssessmentService.Client(wrapping: client)
  }
  var gazetteer: some Quintet_Intelligence_V1_GazetteerService.ClientProtocol {
    Quintet_Intelligence_V1_GazetteerService.Client(wrapping: client)
  }

  /// Repeats a call until it is answered or refused.
  func call<R: Sendable>(_ what: String, _ body: () async throws -> R) async throws -> R {
    try await patience.call(what, body)
  }

  /// - Throws: `SuiteAway` unless the gateway answers at once.
  func checkRunning() async throws {
    do {
      _ = try await Quintet_Gateway_V1_StatusService.Client(wrapping: client)
        .getStatus(.init(), options: .item)
    } catch {
      throw SuiteAway(reason: words(for: error))
    }
  }
}

/// There is nothing to replay into.
struct SuiteAway: Error {
  let reason: String
}

/// Reports in the order given, each answered once durable.
typealias ReportPipeline = Pipeline<
  Quintet_Command_V1_StreamReportsRequest, Quintet_Command_V1_StreamReportsResponse
>

/// Steps of assignments in the order given, each answered once durable.
typealias StepPipeline = Pipeline<
  Quintet_Command_V1_StreamAssignmentStepsRequest, Quintet_Command_V1_StreamAssignmentStepsResponse
>

extension SuiteCalls {
  func reportPipeline() -> ReportPipeline {
    let reports = self.reports
    return ReportPipeline {
      $0.error.mayPass
    } open: { produce, consume in
      try await reports.streamReports(
        request: StreamingClientRequest { try await produce($0) }, onResponse: consume)
    }
  }

  func stepPipeline() -> StepPipeline {
    let dispatches = self.dispatches
    return StepPipeline {
      $0.error.mayPass
    } open: { produce, consume in
      try await dispatches.streamAssignmentSteps(
        request: StreamingClientRequest { try await produce($0) }, onResponse: consume)
    }
  }
}

extension Quintet_Type_V1_Problem {
  /// Whether the service was merely too busy, or its store away. False when there is no problem.
  var mayPass: Bool {
    let passing: [RPCError.Code] = [
      .unavailable, .deadlineExceeded, .resourceExhausted, .aborted, .cancelled,
    ]
    return passing.contains { $0.rawValue == Int(code) }
  }

  var words: String { [reason, field, message].filter { !$0.isEmpty }.joined(separator: ": ") }
}

// MARK: - Waiting for a reader

/// A service does not read on, though it answers.
struct ReaderStuck: Error, CustomStringConvertible {
  let reader: String
  let source: String
  let lag: UInt64

  var description: String {
    "\(reader) 未读完 \(source) 的事件，尚差 \(lag) 条 / \(reader) does not read on, "
      + "\(lag) events of \(source) behind"
  }
}

extension SuiteCalls {
  /// How long a reader may stand still.
  private static let standstillLimit: Duration = .seconds(120)

  /// Waits until `reader` has committed the effects of everything `source` has told up to now.
  ///
  /// - Throws: `ReaderStuck`; `GaveUp`; `Interrupted`.
  func waitUntil(_ reader: String, hasReadAllOf source: String) async throws {
    let head = try await feed(of: source).headSequence
    var cursor: UInt64 = 0
    var lastMove = ContinuousClock.now
    var pause = Duration.milliseconds(2)
    while true {
      let status = try await feed(of: reader)
      let reached = status.subscriptions.first { $0.source == source }?.cursor ?? 0
      if reached >= head { return }
      if reached > cursor {
        cursor = reached
        lastMove = .now
      } else if lastMove.duration(to: .now) > Self.standstillLimit {
        throw ReaderStuck(reader: reader, source: source, lag: head - reached)
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 1.5, .milliseconds(100))
    }
  }

  private func feed(of service: String) async throws -> Quintet_Events_V1_GetFeedStatusResponse {
    var metadata = Metadata()
    metadata.addString(service, forKey: "quintet-service")
    return try await call("GetFeedStatus of \(service)") { [metadata] in
      try await Quintet_Events_V1_EventService.Client(wrapping: client).getFeedStatus(
        .with { $0.partition = partition }, metadata: metadata, options: .item)
    }
  }
}
