// Bodies of the Connect protocol: what comes from outside as text is read here, and in a module of its
// own, so that it can be tried without a server around it.

package import SwiftProtobuf
import Wire

/// In which form a body comes and goes.
package enum Format {
  case json
  case binary

  /// - Throws: `Failure` CONTENT_TYPE_UNKNOWN.
  package init(contentType: String?) throws {
    switch contentType?.split(separator: ";").first.map(String.init) {
    case "application/json": self = .json
    case "application/proto": self = .binary
    default:
      throw Failure.invalid(
        "CONTENT_TYPE_UNKNOWN", field: "Content-Type",
        "Content-Type 须为 application/json。Content-Type must be application/json.")
    }
  }

  package var contentType: String {
    switch self {
    case .json: "application/json"
    case .binary: "application/proto"
    }
  }

  /// Protobuf bytes of a body.
  package func decode(_ body: [UInt8], as type: any SwiftProtobuf.Message.Type) throws -> [UInt8] {
    switch self {
    case .binary: return body
    case .json:
      var options = JSONDecodingOptions()
      // As every Connect server does: a newer client's fields are not an error.
      options.ignoreUnknownFields = true
      do {
        return try type.init(
          jsonUTF8Bytes: body.isEmpty ? Array("{}".utf8) : body, options: options
        )
        .serializedBytes()
      } catch {
        throw Failure.invalid(
          "JSON_INVALID", field: "body",
          "JSON 无法解析：\(error)。The JSON body cannot be read: \(error).")
      }
    }
  }

  /// A body of protobuf bytes.
  package func encode(_ bytes: [UInt8], as type: any SwiftProtobuf.Message.Type) throws -> [UInt8] {
    switch self {
    case .binary: bytes
    case .json: try type.init(serializedBytes: bytes).jsonUTF8Bytes()
    }
  }
}
