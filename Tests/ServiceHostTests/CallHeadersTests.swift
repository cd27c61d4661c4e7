// What the headers of a call are taken to say.
import GRPCCore
import Testing

@testable import ServiceHost

@Suite struct CallHeadersTests {
  @Test(arguments: [
    ("5S", Duration.seconds(5), true), ("250m", .milliseconds(250), true),
    ("2H", .seconds(7200), true), ("3M", .seconds(180), true), ("7u", .microseconds(7), true),
    ("9n", .nanoseconds(9), true), ("10000000u", .seconds(10), false),
  ])
  func everyTimeoutOfTheProtocolIsRead(text: String, duration: Duration, watched: Bool) {
    #expect(
      CallHeaders.timeout(["grpc-timeout": "\(text)"])
        == .after(duration, watchedByTransport: watched))
  }

  @Test func aToolThatCannotSetTheStandardHeaderHasAnother() {
    #expect(
      CallHeaders.timeout(["quintet-timeout": "5S"])
        == .after(.seconds(5), watchedByTransport: false))
    #expect(
      CallHeaders.timeout(["quintet-timeout": "5S", "grpc-timeout": "1S"])
        == .after(.seconds(1), watchedByTransport: true))
    #expect(CallHeaders.timeout([:]) == .none)
  }

  @Test(arguments: ["", "S", "5", "5s", "-1S", "+5S", "1.5S", "123456789S", "５S"])
  func aTimeoutOfAnotherFormIsMalformed(text: String) {
    #expect(CallHeaders.timeout(["grpc-timeout": "\(text)"]) == .malformed)
  }

  @Test func theCallersTraceIsKept() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    #expect(CallHeaders.trace(["traceparent": "00-\(trace)-00f067aa0ba902b7-01"]) == trace)
    #expect(CallHeaders.traceparent(trace: trace).hasPrefix("00-\(trace)-"))
  }

  @Test(arguments: [
    "", "00-xyz", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
  ])
  func withoutAValidTraceANewOneIsMade(header: String) {
    let trace = CallHeaders.trace(["traceparent": "\(header)"])
    #expect(trace.utf8.count == 32)
    #expect(!header.contains(trace))
    #expect(trace != CallHeaders.trace([:]))
  }
}
