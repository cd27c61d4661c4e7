// What command tells of support requests and the seats' parts.
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension FromCommand {
  /// As asked, or as ended: of a seat with several parts the last one counts, since the others ended
  /// before.
  static func supportMoved(_ request: Quintet_Command_V1_SupportRequest) throws -> Fact {
    var parts: [String: SupportMove.Part] = [:]
    for part in request.parts { parts[part.seatCode] = try SupportMove.Part(part) }
    return .supportMoved(
      SupportMove(
        request: try Check.identifier(request.id, field: "support_request.id"),
        incident: try Check.identifier(
          request.incidentID, field: "support_request.incident_id"),
        parts: parts.values.sorted { $0.seatCode < $1.seatCode }))
  }

  static func supportPartMoved(_ moved: Quintet_Command_V1_SupportPartMoved) throws -> Fact {
    .supportMoved(
      SupportMove(
        request: try Check.identifier(moved.supportRequestID, field: "support_request_id"),
        incident: try Check.identifier(moved.incidentID, field: "incident_id"),
        parts: [try SupportMove.Part(moved.part)]))
  }
}

extension SupportMove.Part {
  fileprivate init(_ part: Quintet_Command_V1_SupportPart) throws {
    let state: SupportMove.State =
      switch part.state {
      case .offered: .offered
      case .taken: .taken
      case .answered: .answered
      case .givenBack: .givenBack
      case .released: .released
      case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("part.state")
      }
    self.init(
      seatCode: try Check.code(
        part.seatCode, field: "part.seat_code", max: 64, required: true),
      state: state)
  }
}
