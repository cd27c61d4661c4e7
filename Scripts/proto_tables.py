"""Completes the descriptors of Proto/ and writes the tables that reflection and routing read.

Called by Scripts/generate-protos. Health and reflection are standard services; their descriptors
come from the Python packages that carry them, so no copy of foreign .proto files is kept here.
"""

import base64
import sys
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

HEALTH = "grpc/health/v1/health.proto"
REFLECTION = "grpc/reflection/v1/reflection.proto"
REFLECTION_ALPHA = "grpc/reflection/v1alpha/reflection.proto"

BASE64_COLUMNS = 96


def standard_file(module, name: str, package: str) -> FileDescriptorProto:
    """One of the standard files under its official name, with its package replaced throughout."""
    file = FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)
    old = f".{file.package}."
    new = f".{package}."
    file.name = name
    file.package = package
    for message in file.message_type:
        rename_types(message, old, new)
    for service in file.service:
        for method in service.method:
            method.input_type = method.input_type.replace(old, new, 1)
            method.output_type = method.output_type.replace(old, new, 1)
    return file


def rename_types(message, old: str, new: str) -> None:
    for field in message.field:
        if field.type_name.startswith(old):
            field.type_name = new + field.type_name[len(old) :]
    for nested in message.nested_type:
        rename_types(nested, old, new)


def swift_prefix(package: str) -> str:
    """`quintet.command.v1` → `Quintet_Command_V1_`, as the Swift generator names types."""
    parts = []
    for component in package.split("."):
        parts.append("".join(word[:1].upper() + word[1:] for word in component.split("_")))
    return "_".join(parts) + "_"


def swift_type(full_name: str) -> str:
    package, _, name = full_name.lstrip(".").rpartition(".")
    module = "SwiftProtobuf." if package == "google.protobuf" else ""
    return f"{module}{swift_prefix(package)}{name}"


def descriptors_source(files: list[FileDescriptorProto]) -> str:
    stripped = FileDescriptorSet()
    for file in files:
        copy = stripped.file.add()
        copy.CopyFrom(file)
        copy.ClearField("source_code_info")
    text = base64.b64encode(stripped.SerializeToString(deterministic=True)).decode("ascii")
    lines = [text[i : i + BASE64_COLUMNS] for i in range(0, len(text), BASE64_COLUMNS)]
    body = "\n".join(f"    {line}" for line in lines)
    return f'''// What the reflection service answers from: the descriptors of every service and message.

internal import Foundation

public enum QuintetDescriptors {{
  /// A serialized google.protobuf.FileDescriptorSet: the quintet packages, health, reflection, and
  /// all they import, each file after those it imports. Without comments.
  public static let fileDescriptorSet: [UInt8] = [UInt8](
    // Never nil: the literal is the generator's own output.
    Data(base64Encoded: encoded, options: .ignoreUnknownCharacters) ?? Data())

  private static let encoded = """
{body}
    """
}}
'''


def methods_source(files: list[FileDescriptorProto]) -> str:
    methods, messages, facts = [], [], []
    for file in files:
        for service in file.service:
            for method in service.method:
                methods.append(method_entry(f"{file.package}.{service.name}", method))
        names = [f"{file.package}.{message.name}" for message in file.message_type]
        messages += names
        # Each service keeps the payloads of its feed in one file.
        facts += names if file.name.endswith("/events.proto") else []
    all_methods = "\n".join(methods)
    all_messages = "\n".join(f"    {swift_type(name)}.self," for name in messages)
    registrations = "\n".join(
        f"    Google_Protobuf_Any.register(messageType: {swift_type(name)}.self)" for name in facts
    )
    return f'''// What the gateway routes by, and what tools render messages by.

public import SwiftProtobuf

/// One RPC of a quintet service.
public struct QuintetMethod: Sendable {{
  /// Full name, such as `quintet.command.v1.IncidentService`.
  public let service: String
  /// Name within the service, such as `GetIncident`.
  public let method: String
  public let clientStreaming: Bool
  public let serverStreaming: Bool
  public let input: any SwiftProtobuf.Message.Type
  public let output: any SwiftProtobuf.Message.Type

  /// As in the `:path` header: `/<service>/<method>`.
  public var path: String {{ "/\\(service)/\\(method)" }}

  fileprivate init(
    _ service: String, _ method: String, _ clientStreaming: Bool, _ serverStreaming: Bool,
    _ input: any SwiftProtobuf.Message.Type, _ output: any SwiftProtobuf.Message.Type
  ) {{
    self.service = service
    self.method = method
    self.clientStreaming = clientStreaming
    self.serverStreaming = serverStreaming
    self.input = input
    self.output = output
  }}
}}

public enum QuintetMethods {{
  /// Every RPC of every quintet service, by file name and then in the order of the file.
  public static let all: [QuintetMethod] = [
{all_methods}
  ]
}}

public enum QuintetMessages {{
  /// The top-level quintet message of that full name, such as `quintet.command.v1.Incident`.
  public static func type(named fullName: String) -> (any SwiftProtobuf.Message.Type)? {{
    byName[fullName]
  }}

  /// Makes every message that an event may carry known to `Google_Protobuf_Any`, which can then
  /// render it as JSON. Call once at start; calling again does nothing.
  public static func registerAll() {{
{registrations}
  }}

  private static let byName: [String: any SwiftProtobuf.Message.Type] = Dictionary(
    all.map {{ ($0.protoMessageName, $0) }}, uniquingKeysWith: {{ first, _ in first }})

  private static let all: [any SwiftProtobuf.Message.Type] = [
{all_messages}
  ]
}}
'''


def method_entry(service: str, method) -> str:
    client = "true" if method.client_streaming else "false"
    server = "true" if method.server_streaming else "false"
    return (
        f'    .init(\n      "{service}", "{method.name}", {client}, {server},\n'
        f"      {swift_type(method.input_type)}.self, {swift_type(method.output_type)}.self),"
    )


def main() -> None:
    source, completed, out = (Path(argument) for argument in sys.argv[1:])
    ours = list(FileDescriptorSet.FromString(source.read_bytes()).file)
    health = standard_file(health_pb2, HEALTH, "grpc.health.v1")
    reflection = standard_file(reflection_pb2, REFLECTION, "grpc.reflection.v1")
    alpha = standard_file(reflection_pb2, REFLECTION_ALPHA, "grpc.reflection.v1alpha")

    completed.write_bytes(
        FileDescriptorSet(file=ours + [health, reflection]).SerializeToString(deterministic=True)
    )
    quintet = sorted(
        (file for file in ours if file.package.startswith("quintet.")), key=lambda file: file.name
    )
    (out / "Descriptors.swift").write_text(descriptors_source(ours + [health, reflection, alpha]))
    (out / "Methods.swift").write_text(methods_source(quintet))
    for file in quintet + [health, reflection]:
        print("messages", file.name)
        if file.service:
            print("services", file.name)


main()
