// Which calls go where, and what is said when they cannot.
import Foundation
import GRPCCore
import GatewayConnect
import HTTPTypes
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import GatewayRouting

@Suite struct RoutingTests {
  @Test func everyServiceHasAnOwnerOrAsksWhichOne() throws {
    for method in QuintetMethods.all where !method.service.hasPrefix("quintet.gateway.") {
      let package = method.service.split(separator: ".")[1]
      if let owner = Backend(rawValue: String(package)) {
        #expect(try Backend.owner(of: method.service, named: nil) == owner)
        // What it is called decides, not what the caller says.
        #expect(try Backend.owner(of: method.service, named: "duty") == owner)
      } else {
        #expect(throws: Failure.self) { try Backend.owner(of: method.service, named: nil) }
        #expect(throws: Failure.self) { try Backend.owner(of: method.service, named: "mail") }
        #expect(try Backend.owner(of: method.service, named: "duty") == .duty)
      }
    }
  }

  @Test func deadlinesAreReadInEveryUnitOfTheProtocol() {
    let cases: [(String, Duration?)] = [
      ("2H", .seconds(7200)), ("3M", .seconds(180)), ("10S", .seconds(10)),
      ("250m", .milliseconds(250)), ("99999999u", .microseconds(99_999_999)),
      ("5n", .nanoseconds(5)), ("5", nil), ("S", nil), ("-1S", nil), ("1x", nil),
      ("123456789S", nil), ("", nil),
    ]
    for (text, expected) in cases { #expect(Forwarding.timeout(text) == expected, "\(text)") }
  }

  @Test func onlyWhatTheOwnerMayKnowIsPassedOn() throws {
    var incoming = Metadata()
    let keys = [
      "authorization", "traceparent", "cookie", "te", "user-agent", "quintet-via",
      "quintet-on-behalf",
    ]
    for key in keys { incoming.addString("Bearer x", forKey: key) }
    let passed = try Forwarding.metadata(of: incoming)
    #expect(Set(passed.map(\.key)) == ["authorization", "traceparent"])
  }

  /// The owner would take a call without a token for the gateway's own.
  @Test func aCallWithoutExactlyOneTokenIsNotPassedOn() {
    var two = Metadata()
    two.addString("Bearer x", forKey: "authorization")
    two.addString("Bearer y", forKey: "authorization")
    for incoming in [Metadata(), two, ["authorization": ""]] {
      #expect {
        try Forwarding.metadata(of: incoming)
      } throws: {
        ($0 as? Failure)?.reason == "TOKEN_REQUIRED"
      }
    }
  }

  @Test func aMessageOverOneMebibyteIsRefusedByName() {
    #expect(throws: Never.self) { try Forwarding.check(size: 1 << 20) }
    #expect {
      try Forwarding.check(size: 1 << 20 + 1)
    } throws: {
      ($0 as? Failure)?.reason == "MESSAGE_TOO_LARGE"
    }
  }

  @Test func aLostServiceIsNamedAndARefusalKeepsItsDetailsAlone() throws {
    let lost = answer(RPCError(code: .unavailable, message: "gone"), from: .duty)
    #expect((lost as? Failure)?.reason == "DUTY_UNAVAILABLE")
    struct Odd: Error {}
    #expect((answer(Odd(), from: .command) as? Failure)?.reason == "COMMAND_UNAVAILABLE")
    #expect(answer(CancellationError(), from: .command) is CancellationError)

    let status = Failure.precondition("MOVE_NOT_ALLOWED", "不可。").status(domain: "command.quintet")
    var error = RPCError(status)
    error.metadata.addString("200", forKey: ":status")
    error.metadata.addString("application/grpc", forKey: "content-type")
    let passed = try #require(answer(error, from: .command) as? RPCError)
    #expect(passed.code == .failedPrecondition)
    #expect(Set(passed.metadata.map(\.key)) == ["grpc-status-details-bin"])
  }
}

@Suite struct ConnectTests {
  @Test func jsonIsReadAndWrittenByTheSchemaAndUnknownFieldsAreLeftOut() throws {
    let type = Quintet_Command_V1_GetIncidentRequest.self
    let bytes = try Format.json.decode(
      Array(#"{"incidentId":"inc_1","author":"someone"}"#.utf8), as: type)
    #expect(try type.init(serializedBytes: bytes).incidentID == "inc_1")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("someone"))
    let json = try Format.json.encode(bytes, as: type)
    #expect(String(decoding: json, as: UTF8.self) == #"{"incidentId":"inc_1"}"#)
    #expect(throws: Failure.self) { try Format.json.decode(Array("{".utf8), as: type) }
    #expect(try Format.json.decode([], as: type).isEmpty)
  }

  @Test func contentTypesBesideJSONAndProtobufAreRefused() throws {
    for good in ["application/json", "application/json; charset=utf-8", "application/proto"] {
      #expect(throws: Never.self) { try Format(contentType: good) }
    }
    for bad in [nil, "text/plain", "application/x-www-form-urlencoded"] {
      #expect(throws: Failure.self) { try Format(contentType: bad) }
    }
  }

  @Test func errorsHaveTheirConnectCodeAndHTTPStatus() {
    let cases: [(RPCError.Code, String, Int)] = [
      (.invalidArgument, "invalid_argument", 400), (.notFound, "not_found", 404),
      (.alreadyExists, "already_exists", 409), (.failedPrecondition, "failed_precondition", 400),
      (.aborted, "aborted", 409), (.resourceExhausted, "resource_exhausted", 429),
      (.unavailable, "unavailable", 503), (.deadlineExceeded, "deadline_exceeded", 504),
      (.cancelled, "canceled", 499), (.unimplemented, "unimplemented", 501),
      (.unauthenticated, "unauthenticated", 401), (.permissionDenied, "permission_denied", 403),
    ]
    for (code, name, status) in cases {
      let error = ConnectError(RPCError(code: code, message: ""))
      #expect(error.code == name && error.status.code == status)
    }
    struct Odd: Error {}
    #expect(ConnectError(Odd()).code == "internal")
  }
}
