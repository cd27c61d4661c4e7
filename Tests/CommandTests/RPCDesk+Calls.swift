// What people in the hall say, in short words, each as a call over the wire.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

/// Request ids that differ.
private let lastRequest = Atomic(0)

func newRequestID() -> String {
  "request-\(lastRequest.add(1, ordering: .relaxed).newValue)"
}

func callContent(
  narrative: String = "两家为停车争吵", source: String = "", reference: String = ""
) -> Quintet_Command_V1_CallReportContent {
  .with {
    $0.channel = .phone
    $0.origin = .citizenReported
    $0.phone = "13812345678"
    $0.location.point = .with {
      $0.latitude = 27.97
      $0.longitude = 120.64
      $0.datum = .gcj02
    }
    $0.location.address = "瓯海大道 1 号"
    $0.narrative = narrative
    $0.source = source
    $0.externalReference = reference
  }
}

func recipient(
  _ kind: Quintet_Command_V1_RecipientKind, _ id: String
) -> Quintet_Command_V1_Recipient {
  .with {
    $0.kind = kind
    $0.id = id
  }
}

func directiveContent(
  incident: String = "", recipients: [Quintet_Command_V1_Recipient]
) -> Quintet_Command_V1_DirectiveContent {
  .with {
    $0.directiveClass = .urgent
    $0.incidentID = incident
    $0.title = "走访当事人"
    $0.text = "了解原因并反馈"
    $0.recipients = recipients
  }
}

extension Desk {
  func answer() async throws -> Quintet_Command_V1_CallReport {
    try await calls.answerCall(
      .with {
        $0.requestID = newRequestID()
        $0.content = callContent()
      }
    ).callReport
  }

  /// A new incident, classed unless said otherwise.
  func submit(classified: Bool = true) async throws -> String {
    try await calls.submitReport(
      .with {
        $0.requestID = newRequestID()
        $0.content = callContent()
        if classified {
          $0.incidentClass = .dispute
          $0.level = .incidentLevel4
        }
      }
    ).incidentID
  }

  /// The first unit sent to an incident, with its directive.
  @discardableResult
  func dispatch(
    _ incident: String, unit: Int = 1
  ) async throws -> Quintet_Command_V1_DispatchUnitsResponse {
    try await dispatches.dispatchUnits(
      .with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
        $0.unitIds = [Sample.unit(unit).description]
        $0.instruction = "到场调解"
      })
  }

  @discardableResult
  func advance(
    _ assignment: String, _ steps: Quintet_Command_V1_AssignmentStep...
  ) async throws -> Quintet_Command_V1_Assignment {
    var last = Quintet_Command_V1_Assignment()
    for step in steps {
      last = try await dispatches.advanceAssignment(
        .with {
          $0.requestID = newRequestID()
          $0.assignmentID = assignment
          $0.step = step
        }
      ).assignment
    }
    return last
  }

  func incident(_ id: String) async throws -> Quintet_Command_V1_Incident {
    try await incidents.getIncident(.with { $0.incidentID = id }).incident
  }

  /// An incident in the state asked for, on the shortest way.
  func incident(
    in state: Quintet_Command_V1_IncidentState
  ) async throws -> String {
    let id = try await submit()
    switch state {
    case .queued:
      _ = try await incidents.queueIncident(request(id))
    case .active:
      _ = try await incidents.activateIncident(request(id))
    case .diverted:
      _ = try await incidents.divertIncident(request(id) { $0.authority = "供电公司" })
    case .cancelled:
      _ = try await incidents.cancelIncident(request(id) { $0.reason = "重复" })
    case .merged:
      let target = try await submit()
      _ = try await incidents.mergeIncident(request(id) { $0.intoIncidentID = target })
    case .awaitingFeedback, .inReview, .closed:
      _ = try await incidents.activateIncident(request(id))
      _ = try await reviews.requestFeedback(request(id))
      if state == .awaitingFeedback { break }
      _ = try await reviews.submitIncidentFeedback(request(id) { $0.text = "双方已和解，各自离开" })
      if state == .closed { _ = try await reviews.closeIncident(request(id)) }
    default: break
    }
    return id
  }

  func issue(
    to recipients: [Quintet_Command_V1_Recipient]
  ) async throws -> Quintet_Command_V1_Directive {
    try await directives.issueDirective(
      .with {
        $0.requestID = newRequestID()
        $0.content = directiveContent(recipients: recipients)
      }
    ).directive
  }
}

/// Requests that move an incident, as a test fills them.
protocol FilledIncidentMove: SwiftProtobuf.Message {
  var requestID: String { get set }
  var incidentID: String { get set }
  var etag: String { get set }
  var reason: String { get set }
  var occurTime: Google_Protobuf_Timestamp { get set }
}

extension Quintet_Command_V1_QueueIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_ActivateIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_MonitorIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_DivertIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_ResolveDiversionRequest: FilledIncidentMove {}
extension Quintet_Command_V1_MergeIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_SplitIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_CancelIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_RequestFeedbackRequest: FilledIncidentMove {}
extension Quintet_Command_V1_SubmitIncidentFeedbackRequest: FilledIncidentMove {}
extension Quintet_Command_V1_ReturnIncidentFeedbackRequest: FilledIncidentMove {}
extension Quintet_Command_V1_CloseIncidentRequest: FilledIncidentMove {}
extension Quintet_Command_V1_ReopenIncidentRequest: FilledIncidentMove {}

func request<Request: FilledIncidentMove>(
  _ incident: String, _ change: (inout Request) -> Void = { _ in }
) -> Request {
  var request = Request()
  request.requestID = newRequestID()
  request.incidentID = incident
  change(&request)
  return request
}
