// The services that every tool expects: health, reflection; and the operator's dump.
import Foundation
import GRPCCore
import GRPCProtobuf
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import ServiceHost

@Suite struct StandardServicesTests {
  private typealias Ask = Grpc_Reflection_V1_ServerReflectionRequest
  private typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse

  @Test func aRunningHostIsServingAndNeedsNoDeadlineToSaySo() async throws {
    let stub = Stub()
    try await withHost([stub]) { running in
      let health = Grpc_Health_V1_Health.Client(wrapping: running.client)
      let name = stub.descriptor.service.fullyQualifiedService
      let whole = try await health.check(.init())
      let one = try await health.check(.with { $0.service = name })
      #expect(whole.status == .serving)
      #expect(one.status == .serving)
      let error = await #expect(throws: RPCError.self) {
        try await health.check(.with { $0.service = "quintet.no.v1.Service" })
      }
      #expect(error?.code == .notFound)
      let list = try await health.list(.init())
      #expect(list.statuses.keys.sorted() == ["", name])
    }
  }

  @Test func whoeverWatchesHealthLearnsOfTheShutdown() async throws {
    try await withHost { running in
      let health = Grpc_Health_V1_Health.Client(wrapping: running.client)
      let error = await #expect(throws: RPCError.self) {
        try await health.watch(.init()) { response in
          for try await answer in response.messages where answer.status == .serving {
            await running.shutDown()
          }
        }
      }
      #expect(error?.code == .unavailable)
    }
  }

  @Test(arguments: ReflectionService.names)
  func reflectionDescribesWhatThisSocketServes(name: String) async throws {
    let stub = Stub()
    try await withHost([stub]) { running in
      let answers = try await reflect(
        running.client, name,
        [
          .with { $0.listServices = "" },
          .with { $0.fileContainingSymbol = "quintet.gateway.v1.StatusService" },
          .with { $0.fileByFilename = "quintet/gateway/v1/status_service.proto" },
          .with { $0.fileContainingSymbol = "quintet.gateway.v1.StatusService.GetStatus" },
          .with { $0.fileContainingSymbol = "quintet.no.v1.Service" },
          .with {
            $0.fileContainingExtension = .with { $0.containingType = "quintet.type.v1.GeoPoint" }
          },
          .with { $0.allExtensionNumbersOfType = "quintet.type.v1.GeoPoint" },
          .with { $0.allExtensionNumbersOfType = "quintet.no.v1.Message" },
        ])
      #expect(
        answers[0].listServicesResponse.service.map(\.name) == [
          "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection", "quintet.gateway.v1.StatusService",
        ])
      for answer in answers[1...3] {
        let bytes = try #require(answer.fileDescriptorResponse.fileDescriptorProto.first)
        let file = try Google_Protobuf_FileDescriptorProto(serializedBytes: bytes)
        #expect(file.name == "quintet/gateway/v1/status_service.proto")
      }
      for answer in [answers[4], answers[5], answers[7]] {
        #expect(answer.errorResponse.errorCode == 5)
      }
      #expect(answers[6].allExtensionNumbersResponse.baseTypeName == "quintet.type.v1.GeoPoint")
    }
  }

  @Test func aFileIsSentWithItsImportsButNoImportTwice() throws {
    let index = try DescriptorIndex(fileDescriptorSet: QuintetDescriptors.fileDescriptorSet)
    var known: Set<String> = []
    func names(_ file: String) throws -> [String] {
      try #require(index.closure(of: file, known: &known)).map {
        try Google_Protobuf_FileDescriptorProto(serializedBytes: $0).name
      }
    }
    let first = try names("quintet/events/v1/event_service.proto")
    #expect(first.first == "quintet/events/v1/event_service.proto")
    #expect(Set(first) == known)
    #expect(first.contains("google/protobuf/timestamp.proto"))
    #expect(
      try names("quintet/events/v1/event_service.proto") == [
        "quintet/events/v1/event_service.proto"
      ])
  }

  @Test func aHostWithAStoreServesItsFeedAndItsDump() async throws {
    try await withHost(withStore: true) { running in
      let feed = Quintet_Events_V1_EventService.Client(wrapping: running.client)
      var options = CallOptions.defaults
      options.timeout = .seconds(60)
      let status = try await feed.getFeedStatus(.with { $0.partition = "main" }, options: options)
      #expect(status.headSequence == 0)

      let store = Quintet_Operations_V1_StoreService.Client(wrapping: running.client)
      let lines = try await store.dumpStore(.init()) { response in
        try await response.messages.reduce(into: [String]()) { $0 += $1.lines }
      }
      #expect(lines.contains { $0.hasPrefix("schema_migration|{") })
      #expect(lines == lines.sorted())
    }
  }

  @Test func aPayloadIsDumpedAsItsMessage() throws {
    let event = Quintet_Events_V1_Event.with {
      $0.id = "evt_1"
      $0.payload = .with {
        $0.typeURL = "type.googleapis.com/quintet.command.v1.IncidentOpened"
      }
    }
    let payload: [UInt8] = try event.serializedBytes()
    let json = try #require(
      StoreDumpService.json(type: "quintet.events.v1.Event", payload: payload))
    #expect(json.contains(#""id":"evt_1""#))
    #expect(json.contains("IncidentOpened"))
    #expect(StoreDumpService.json(type: "quintet.no.v1.Message", payload: []) == nil)
  }

  private func reflect(
    _ client: ServiceClient, _ service: String, _ questions: [Ask]
  ) async throws -> [Answer] {
    try await client.bidirectionalStreaming(
      request: StreamingClientRequest { try await $0.write(contentsOf: questions) },
      descriptor: MethodDescriptor(
        fullyQualifiedService: service, method: "ServerReflectionInfo"),
      serializer: ProtobufSerializer<Ask>(), deserializer: ProtobufDeserializer<Answer>(),
      options: .defaults
    ) { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }
}
