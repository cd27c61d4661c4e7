// The descriptors of the whole API by file name, symbol and extension, for reflection to answer from.
import Foundation
import SwiftProtobuf

/// Built once, at the first question: most processes are never asked.
struct DescriptorIndex: Sendable {
  private struct File: Sendable {
    let bytes: Data
    let imports: [String]
  }

  private var files: [String: File] = [:]
  private var fileOfSymbol: [String: String] = [:]
  private var fileOfExtension: [String: [Int32: String]] = [:]

  /// - Parameter fileDescriptorSet: a serialized `google.protobuf.FileDescriptorSet`.
  init(fileDescriptorSet: [UInt8]) throws {
    let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: fileDescriptorSet)
    for file in set.file {
      files[file.name] = File(bytes: try file.serializedBytes(), imports: file.dependency)
      let package = file.package
      for message in file.messageType { add(message, in: package, of: file.name) }
      for enumeration in file.enumType { add(enumeration, in: package, of: file.name) }
      for field in file.extension { addExtension(field, in: package, of: file.name) }
      for service in file.service {
        let name = Self.join(package, service.name)
        fileOfSymbol[name] = file.name
        for method in service.method { fileOfSymbol[Self.join(name, method.name)] = file.name }
      }
    }
  }

  func file(containing symbol: String) -> String? {
    fileOfSymbol[symbol.hasPrefix(".") ? String(symbol.dropFirst()) : symbol]
  }

  func file(extending type: String, number: Int32) -> String? {
    fileOfExtension[type]?[number]
  }

  /// Sorted; nil when there is no message of that name.
  func extensionNumbers(of type: String) -> [Int32]? {
    guard fileOfSymbol[type] != nil else { return nil }
    return fileOfExtension[type, default: [:]].keys.sorted()
  }

  /// The file and all it imports, itself first; files named in `known` are left out, but for itself.
  func closure(of name: String, known: inout Set<String>) -> [Data]? {
    guard files[name] != nil else { return nil }
    var result: [Data] = []
    var waiting = [name]
    var next = 0
    while next < waiting.count {
      let current = waiting[next]
      next += 1
      guard let file = files[current] else { continue }
      if known.insert(current).inserted || current == name { result.append(file.bytes) }
      for imported in file.imports where !known.contains(imported) && !waiting.contains(imported) {
        waiting.append(imported)
      }
    }
    return result
  }

  private mutating func add(
    _ message: Google_Protobuf_DescriptorProto, in scope: String, of file: String
  ) {
    let name = Self.join(scope, message.name)
    fileOfSymbol[name] = file
    for field in message.field { fileOfSymbol[Self.join(name, field.name)] = file }
    for choice in message.oneofDecl { fileOfSymbol[Self.join(name, choice.name)] = file }
    for nested in message.nestedType { add(nested, in: name, of: file) }
    for enumeration in message.enumType { add(enumeration, in: name, of: file) }
    for field in message.extension { addExtension(field, in: name, of: file) }
  }

  /// Values of an enum are symbols of the scope around it, as in C++.
  private mutating func add(
    _ enumeration: Google_Protobuf_EnumDescriptorProto, in scope: String, of file: String
  ) {
    fileOfSymbol[Self.join(scope, enumeration.name)] = file
    for value in enumeration.value { fileOfSymbol[Self.join(scope, value.name)] = file }
  }

  private mutating func addExtension(
    _ field: Google_Protobuf_FieldDescriptorProto, in scope: String, of file: String
  ) {
    fileOfSymbol[Self.join(scope, field.name)] = file
    let extended =
      field.extendee.hasPrefix(".") ? String(field.extendee.dropFirst()) : field.extendee
    fileOfExtension[extended, default: [:]][field.number] = file
  }

  private static func join(_ scope: String, _ name: String) -> String {
    scope.isEmpty ? name : "\(scope).\(name)"
  }
}
