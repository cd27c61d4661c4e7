// The standard reflection service, by which `buf curl`, grpcurl and Python learn what can be called.
import Foundation
import GRPCCore
import GRPCProtobuf
import QuintetAPI
import SwiftProtobuf
import Wire

/// `grpc.reflection.v1.ServerReflection`, and the same under its older name v1alpha: the messages of
/// the two have the same bytes, and Python's client knows only the older.
struct ReflectionService: RegistrableRPCService {
  static let names = [
    "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
  ]

  /// Listed to whoever asks, sorted.
  let services: [String]

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    for name in Self.names {
      router.registerHandler(
        forMethod: MethodDescriptor(
          fullyQualifiedService: name, method: "ServerReflectionInfo", type: .bidirectionalStreaming
        ),
        deserializer: ProtobufDeserializer<Grpc_Reflection_V1_ServerReflectionRequest>(),
        serializer: ProtobufSerializer<Grpc_Reflection_V1_ServerReflectionResponse>()
      ) { request, _ in
        StreamingServerResponse { writer in
          var known: Set<String> = []
          for try await question in request.messages {
            try await writer.write(answer(question, known: &known))
          }
          return [:]
        }
      }
    }
  }

  /// - Parameter known: files that this stream has been sent already.
  private func answer(
    _ question: Grpc_Reflection_V1_ServerReflectionRequest, known: inout Set<String>
  ) throws -> Grpc_Reflection_V1_ServerReflectionResponse {
    let index = try Self.index.get()
    var response = Grpc_Reflection_V1_ServerReflectionResponse()
    response.validHost = question.host
    response.originalRequest = question
    switch question.messageRequest {
    case .listServices:
      response.listServicesResponse = .with { list in
        list.service = services.map { name in .with { $0.name = name } }
      }
    case .fileByFilename(let name):
      response.messageResponse = files(index.closure(of: name, known: &known), asked: name)
    case .fileContainingSymbol(let symbol):
      let files = index.file(containing: symbol).flatMap { index.closure(of: $0, known: &known) }
      response.messageResponse = self.files(files, asked: symbol)
    case .fileContainingExtension(let asked):
      let file = index.file(extending: asked.containingType, number: asked.extensionNumber)
      response.messageResponse = files(
        file.flatMap { index.closure(of: $0, known: &known) },
        asked: "\(asked.containingType) \(asked.extensionNumber)")
    case .allExtensionNumbersOfType(let type):
      if let numbers = index.extensionNumbers(of: type) {
        response.allExtensionNumbersResponse = .with {
          $0.baseTypeName = type
          $0.extensionNumber = numbers
        }
      } else {
        response.messageResponse = notFound(type)
      }
    case nil:
      response.errorResponse = .with {
        $0.errorCode = Int32(RPCError.Code.invalidArgument.rawValue)
        $0.errorMessage = "The request asks for nothing."
      }
    }
    return response
  }

  private typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse.OneOf_MessageResponse

  private func files(_ files: [Data]?, asked: String) -> Answer {
    guard let files else { return notFound(asked) }
    return .fileDescriptorResponse(.with { $0.fileDescriptorProto = files })
  }

  private func notFound(_ asked: String) -> Answer {
    .errorResponse(
      .with {
        $0.errorCode = Int32(RPCError.Code.notFound.rawValue)
        $0.errorMessage = "Not found: \(asked)"
      })
  }

  private static let index = Result {
    try DescriptorIndex(fileDescriptorSet: QuintetDescriptors.fileDescriptorSet)
  }
}
