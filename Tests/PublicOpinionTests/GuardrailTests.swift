// DOMAIN.md's guardrails 2 and 4: no place for who wrote a text or what a person is, and no way in.

import Foundation
import Persistence
import PublicOpinionDomain
import PublicOpinionRPC
import QuintetAPI
import SwiftProtobuf
import Testing

/// Whole words of a name that speak of a person who wrote, or of what a person is or believes.
private let bannedWords: Set<String> = [
  "author", "authors", "user", "users", "username", "account", "accounts", "nickname", "nick",
  "handle", "screenname", "avatar", "uid", "poster", "sender", "ethnic", "ethnicity", "race",
  "nationality", "religion", "religious", "faith", "belief", "political", "politics", "party",
  "health", "disease", "diagnosis",
]
/// A score is of incidents or services, never of one of these.
private let people: Set<String> = ["person", "caller", "citizen", "officer", "resident", "people"]

private func words(_ name: String) -> Set<String> {
  Set(name.lowercased().split { $0 == "_" || $0 == "." }.map(String.init))
}

@Test func noColumnSpeaksOfWhoWroteOrWhatAPersonIs() async throws {
  let desk = try Desk()
  let columns = try await desk.database.read { tx in
    try tx.tableNames().flatMap { table in
      try tx.query("SELECT name FROM pragma_table_info('\(table)')").map {
        try "\(table).\($0.get("name", as: String.self))"
      }
    }
  }
  #expect(columns.count > 40)
  for column in columns {
    #expect(bannedWords.isDisjoint(with: words(column)), "\(column)")
    #expect(!words(column).contains("score"), "\(column)")
  }
}

@Test func noFieldOfAnyProtoSpeaksOfWhoWroteOrWhatAPersonIs() throws {
  let files = try Google_Protobuf_FileDescriptorSet(
    serializedBytes: QuintetDescriptors.fileDescriptorSet
  ).file.filter { $0.package.hasPrefix("quintet.") }
  func fields(_ message: Google_Protobuf_DescriptorProto) -> [String] {
    message.field.map { "\(message.name).\($0.name)" } + message.nestedType.flatMap(fields)
  }
  let names = files.flatMap { file in file.messageType.flatMap(fields) }
  #expect(names.count > 300)
  for name in names {
    let field = words(String(name.split(separator: ".").last ?? ""))
    #expect(bannedWords.isDisjoint(with: field), "\(name)")
    #expect(!(field.contains("score") && !people.isDisjoint(with: words(name))), "\(name)")
  }
}

/// Every way we know of to bring a name in; afterwards no byte of any file of the store knows it.
@Test func noSmuggledNameLeavesATrace() async throws {
  let name = "zhangsan9527"
  let chinese = "欧阳无名氏"
  let desk = try Desk()
  try await desk.open("incident")

  var request = SubmitRequest.with {
    $0.requestID = "one"
    $0.source = .social
    $0.publishTime = later(0)
    $0.text = """
      @\(name) 和＠\(chinese) 说超市门口有人打架 //@\(name)：转 @\(chinese)，联系 \(name)@mail.com
      """
    $0.attributes.fields = [
      "author": .init(stringValue: name),
      "author_\(name)": .init(numberValue: 1),
      "user": .init(structValue: .with { $0.fields["name"] = .init(stringValue: chinese) }),
      "names": .init(listValue: .init(values: [.init(stringValue: name)])),
      "platform": .init(structValue: .with { $0.fields["nick"] = .init(stringValue: name) }),
      "channel": .init(stringValue: "@\(chinese)的主页"),
      "region": .init(stringValue: String(repeating: "超长", count: 40) + name),
      "like_count": .init(stringValue: name),
      "language": .init(stringValue: "zh"),
    ]
  }
  // Fields that this version does not know: 100 is a text, 101 a message.
  var bytes: [UInt8] = try request.serializedBytes()
  for field in [100, 101] {
    let tag = field << 3 | 2
    bytes += [UInt8(tag & 0x7F | 0x80), UInt8(tag >> 7), UInt8(name.utf8.count)] + Array(name.utf8)
  }
  request = try SubmitRequest(serializedBytes: bytes)
  #expect(!request.unknownFields.data.isEmpty)

  let answer = try await desk.submit(request)
  let again = try await desk.submit(request)
  #expect(again == answer)
  #expect(
    answer.droppedAttributes
      == ["author", "author_\(name)", "like_count", "names", "platform", "region", "user"])
  _ = try await desk.tie(answer.topic.id, to: "incident")
  _ = try await desk.respond(to: answer.topic.id, "通报：感谢 @\(name) 提醒")
  let topic = try await desk.get(answer.topic.id)
  #expect(topic.items[0].attributes == ["channel": "@某用户", "language": "zh"])
  #expect(topic.items[0].text.contains("@某用户 和@某用户 说超市门口有人打架"))

  let stored = try await desk.bytes()
  #expect(stored.range(of: Data("超市门口有人打架".utf8)) != nil)
  for planted in [name, chinese, "mail.com"] {
    #expect(stored.range(of: Data(planted.utf8)) == nil, "\(planted)")
    // SQLite may keep text as UTF-16 nowhere here, but a payload could.
    #expect(stored.range(of: planted.data(using: .utf16LittleEndian) ?? Data([0])) == nil)
  }
}

@Test func aRefusedTextLeavesNoTraceEither() async throws {
  let desk = try Desk()
  _ = await refusal { try await desk.submit("绝密人名甲乙丙") { $0.source = .unspecified } }
  _ = await refusal {
    try await desk.submit("绝密人名甲乙丙" + String(repeating: "长", count: 4_000))
  }
  #expect(try await desk.bytes().range(of: Data("绝密人名".utf8)) == nil)
}
