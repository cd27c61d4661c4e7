// Live streams: what a page asks for, how it is told, and what a slow one costs.
import Foundation
import GatewayConnect
import NIOCore
import NIOPosix
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import GatewayRouting

@Suite struct LiveWatchTests {
  @Test func severalStreamsAreAskedForByName() throws {
    let watches = try LiveWatch.list(
      #"""
      [{"as": "incidents", "method": "a.B/C", "request": {"afterSequence": "3"}},
       {"as": "Units", "method": "d.E/F"}]
      """#)
    #expect(watches.map(\.name) == ["incidents", "Units"])
    #expect(watches.map(\.method) == ["a.B/C", "d.E/F"])
    #expect(watches.map(\.request) == [#"{"afterSequence":"3"}"#, "{}"])
  }

  @Test func whatIsNoListOfStreamsIsRefused() {
    let one = #"{"as":"a","method":"x.Y/Z"}"#
    let nine = (0..<9).map { #"{"as":"\#("abcdefghi".dropFirst($0).first!)","method":"m"}"# }
    let bad = [
      "", "{}", "[]", "[1]", "[\(one),\(one)]", "[\(nine.joined(separator: ","))]",
      #"[{"as":"error","method":"m"}]"#, #"[{"as":"a b","method":"m"}]"#,
      #"[{"as":"a\n","method":"m"}]"#, #"[{"as":"","method":"m"}]"#, #"[{"as":"a"}]"#,
      #"[{"as":"a","method":"m","request":[]}]"#,
      #"[{"as":"a","method":"m","request":{"x":"\#(String(repeating: "y", count: 5_000))"}}]"#,
      String(repeating: "[", count: 100_000),
    ]
    for text in bad {
      #expect {
        try LiveWatch.list(text)
      } throws: {
        ($0 as? Failure)?.reason == "WATCH_INVALID"
      }
    }
  }

  @Test func aStreamGoesOnAfterTheLastSequenceSeen() throws {
    let type = Quintet_Command_V1_WatchIncidentsRequest.self
    for request in ["", "{}", #"{"afterSequence":"3"}"#, #"{"after_sequence":3}"#] {
      let watch = LiveWatch(name: "", method: "m", request: request)
      let first = try type.init(serializedBytes: watch.input(as: type, after: nil))
      #expect(first.afterSequence == (request.contains("3") ? 3 : 0))
      let next = try type.init(serializedBytes: watch.input(as: type, after: 1 << 53 + 1))
      #expect(next.afterSequence == 1 << 53 + 1)
    }
    // A method without that field passes over it.
    let other = Quintet_Duty_V1_WatchUnitsRequest.self
    let watch = LiveWatch(name: "", method: "m", request: #"{"intervalMs":2000}"#)
    #expect(
      try other.init(serializedBytes: watch.input(as: other, after: 7)).intervalMs == 2_000)
    for bad in ["[]", "x", "{", "1"] {
      let watch = LiveWatch(name: "", method: "m", request: bad)
      #expect(throws: Failure.self) { try watch.input(as: type, after: nil) }
    }
  }

  @Test func theCursorOfSeveralStreamsComesBackAsItWent() {
    var cursor = LiveCursor(nil)
    #expect(cursor.text == nil)
    cursor["units"] = 5
    cursor["clocks"] = 12
    #expect(cursor.text == "clocks=12&units=5")
    #expect(LiveCursor(cursor.text) == cursor)
    var single = LiveCursor("41")
    #expect(single[""] == 41)
    single[""] = 42
    #expect(single.text == "42")
    for odd in ["", "x", "-1", "a=", "a=x", "=3&", String(repeating: "a=1&", count: 400)] {
      #expect(LiveCursor(odd)["a"] == nil, "\(odd)")
    }
  }

  @Test func theSequenceIsFoundInTheBytesOfEveryKindOfMessage() throws {
    #expect(SequenceField(of: Quintet_Duty_V1_WatchUnitsResponse.self) == nil)
    #expect(SequenceField(of: Quintet_Command_V1_WatchDirectivesResponse.self) == nil)
    let field = try #require(SequenceField(of: Quintet_Command_V1_WatchIncidentsResponse.self))
    var message = Quintet_Command_V1_WatchIncidentsResponse()
    #expect(field.value(in: try message.serializedBytes()) == nil)
    message.cards = [
      .with { $0.id = "inc_1" }, .with { $0.summary = String(repeating: "长", count: 99) },
    ]
    let rest: [UInt8] = try message.serializedBytes()
    for sequence in [1, 127, 128, 1 << 40, Int64.max] {
      message.sequence = sequence
      #expect(field.value(in: try message.serializedBytes()) == sequence)
      // Wherever it stands: parts of a message in any order are the message.
      let alone = Quintet_Command_V1_WatchIncidentsResponse.with { $0.sequence = sequence }
      #expect(field.value(in: rest + (try alone.serializedBytes() as [UInt8])) == sequence)
    }
    for bytes in [[0x0a, 0xff], [0x08], [0xff, 0xff], [0x0b], [0x0d, 1]] as [[UInt8]] {
      #expect(field.value(in: bytes) == nil)
    }
  }

  @Test func anEventIsOneLineOfData() {
    let event = EventText.event("units", id: "7", data: Array("{\"a\":\n1}\r".utf8))
    #expect(String(decoding: event, as: UTF8.self) == "event: units\nid: 7\ndata: {\"a\":1}\n\n")
    let plain = EventText.event("", id: nil, data: Array("{}".utf8))
    #expect(String(decoding: plain, as: UTF8.self) == "data: {}\n\n")
  }
}

@Suite struct LivePipeTests {
  private let loop = MultiThreadedEventLoopGroup.singleton.any()

  private func message(_ number: Int64) -> LiveMessage {
    LiveMessage(event: "", watch: "", sequence: number, data: [])
  }

  private func next(_ pipe: LivePipe) async -> Int64? {
    guard case .line(let message) = await pipe.next(within: .seconds(60), on: loop) else {
      return nil
    }
    return message.sequence
  }

  @Test func linesComeInOrderAndTheirGiversWait() async throws {
    let pipe = LivePipe()
    let giver = Task {
      for number in 1...100 { try await pipe.put(message(Int64(number))) }
      pipe.finish(nil)
    }
    for number in 1...100 { #expect(await next(pipe) == Int64(number)) }
    guard case .end(nil) = await pipe.next(within: .seconds(60), on: loop) else {
      Issue.record("it has not ended")
      return
    }
    try await giver.value
  }

  @Test func silenceIsTold() async {
    let pipe = LivePipe()
    guard case .quiet = await pipe.next(within: .milliseconds(5), on: loop) else {
      Issue.record("it was not quiet")
      return
    }
  }

  @Test func whoWaitsForAPageThatHasGoneIsLetGo() async {
    let pipe = LivePipe()
    let givers = (1...3).map { number in
      Task { try await pipe.put(message(Int64(number))) }
    }
    pipe.close()
    for giver in givers {
      await #expect(throws: LivePipe.Closed.self) { try await giver.value }
    }
    await #expect(throws: LivePipe.Closed.self) { try await pipe.put(message(9)) }
    guard case .end(is LivePipe.Closed) = await pipe.next(within: .seconds(60), on: loop) else {
      Issue.record("it has not ended")
      return
    }
  }

  @Test func anErrorComesAfterWhatWasSaidBeforeIt() async throws {
    let pipe = LivePipe()
    async let given: Void = pipe.put(message(1))
    #expect(await next(pipe) == 1)
    try await given
    pipe.finish(Failure.required("x"))
    guard case .end(let error) = await pipe.next(within: .seconds(60), on: loop) else {
      Issue.record("it has not ended")
      return
    }
    #expect((error as? Failure)?.reason == "REQUIRED")
  }

  @Test func nobodyHasMoreStreamsThanHisShareAndThereAreNoMoreThanAll() {
    let seats = LiveSeats(each: 2, all: 3)
    #expect(seats.take("a") && seats.take("a") && !seats.take("a"))
    #expect(seats.take("b") && !seats.take("b") && !seats.take("c"))
    seats.leave("a")
    #expect(seats.take("c") && !seats.take("a"))
  }
}
