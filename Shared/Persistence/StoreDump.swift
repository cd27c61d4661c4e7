// Every row of a store as sorted lines of text. The canonical form leaves out what differs between
// two runs of the same causes (clocks, and numbers handed out in the order in which things met),
// so that a disturbed run can be compared with an undisturbed one by `diff`.
import Foundation

public enum StoreDump {
  /// Turns the protobuf payload of an event of the named type into JSON; nil when it cannot.
  public typealias PayloadDecoder = (_ type: String, _ payload: [UInt8]) -> String?

  /// Columns that a clock, a counter or the meeting of two threads decides.
  static let volatileColumns: Set<String> = [
    "record_time", "applied_time", "send_time", "skip_time", "sequence", "trace", "fingerprint",
    "result", "number", "anonymise_time",
    // Where the own feed stood when a neighbour's word came in.
    "feed_head",
    // What is sent again after an interruption is counted again.
    "dropped_count",
  ]
  static let volatileKeys: Set<String> = ["recordTime", "number", "trace"]
  static let bookkeepingTables: Set<String> = [
    "schema_migration", "event_head", "subscription", "writer_turn", "audit_head", "audit_entry",
    "audit_subject", "audit_node", "audit_checkpoint",
    "retention_sweep",
  ]
  /// What a column named `payload` holds where no column `type` says so itself.
  static let envelopeTables = ["parked_event": "quintet.events.v1.Event"]

  /// Every row of one table.
  public struct Table: Sendable {
    let name: String
    let rows: [Row]
  }

  /// All tables as they are at one moment. Rendering them takes long, and a transaction that is kept
  /// open meanwhile would be ended by a server.
  public static func tables(in tx: any Transaction) throws -> [Table] {
    try tx.tableNames().map { Table(name: $0, rows: try rows(of: $0, in: tx)) }
  }

  /// Lines `table|{json}`, sorted; ids are cut to `prefix_` and their last 16 characters, which
  /// depend on the cause alone.
  public static func canonical(_ tables: [Table], decodePayload: PayloadDecoder) -> [String] {
    tables.filter { !bookkeepingTables.contains($0.name) }
      .flatMap { table in
        table.rows.map { row in
          let cells = row.columns.filter { !volatileColumns.contains($0.name) }
          let line = render(cells, type: payloadType(of: row, in: table.name)) { type, bytes in
            decodePayload(type, bytes).map(strippingVolatileKeys)
          }
          return cuttingIDs(in: "\(table.name)|\(line)")
        }
      }
      .sorted()
  }

  /// Lines `table|{json}`, sorted, with everything in them.
  public static func full(_ tables: [Table], decodePayload: PayloadDecoder) -> [String] {
    tables
      .flatMap { table in
        table.rows.map { row in
          let line = render(
            row.columns, type: payloadType(of: row, in: table.name), decodePayload: decodePayload)
          return "\(table.name)|\(line)"
        }
      }
      .sorted()
  }

  public static func canonical(
    in tx: any Transaction, decodePayload: PayloadDecoder
  ) throws -> [String] {
    canonical(try tables(in: tx), decodePayload: decodePayload)
  }

  public static func full(
    in tx: any Transaction, decodePayload: PayloadDecoder
  ) throws -> [String] {
    full(try tables(in: tx), decodePayload: decodePayload)
  }

  public static func rows(of table: String, in tx: any Transaction) throws -> [Row] {
    let quoted = table.replacingOccurrences(of: "\"", with: "\"\"")
    return try tx.query("SELECT * FROM \"\(quoted)\"")
  }

  private static func payloadType(of row: Row, in table: String) -> String? {
    envelopeTables[table] ?? (try? row.get("type", as: String.self))
  }

  private static func render(
    _ cells: [(name: String, value: Value)], type: String?, decodePayload: PayloadDecoder
  ) -> String {
    let members = cells.map { cell -> String in
      var rendered = json(cell.value)
      if cell.name == "payload", let type, case .blob(let bytes) = cell.value {
        rendered = decodePayload(type, bytes) ?? rendered
      }
      return "\(json(.text(cell.name))):\(rendered)"
    }
    return "{" + members.sorted().joined(separator: ",") + "}"
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? "\(number)" : "\"\(number)\""
    case .blob(let bytes):
      "\"" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\""
    case .text(let text): "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case _ where scalar.value < 0x20:
      "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2)
        + String(scalar.value, radix: 16)
    default: String(scalar)
    }
  }

  /// A payload's JSON with sorted keys and without the volatile ones, at any depth.
  static func strippingVolatileKeys(_ text: String) -> String {
    guard
      let parsed = try? JSONSerialization.jsonObject(
        with: Data(text.utf8), options: .fragmentsAllowed),
      let data = try? JSONSerialization.data(
        withJSONObject: stripped(parsed),
        options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes])
    else { return text }
    return String(decoding: data, as: UTF8.self)
  }

  private static func stripped(_ value: Any) -> Any {
    if let object = value as? [String: Any] {
      return object.filter { !volatileKeys.contains($0.key) }.mapValues(stripped)
    }
    if let array = value as? [Any] { return array.map(stripped) }
    return value
  }

  /// Replaces every id, `[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}`, by its prefix and last 16 characters.
  static func cuttingIDs(in text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let end = index + 27
      let isID =
        bytes[index] == UInt8(ascii: "_") && index > 0 && end <= bytes.count
        && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[index - 1])
        && (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[index + 1])
        && bytes[(index + 2)..<end].allSatisfy(isIDCharacter)
      if isID {
        result.append(bytes[index])
        result += bytes[(end - 16)..<end]
        index = end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Crockford's base32 in lower case: no i, l, o, u.
  private static func isIDCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "o"), UInt8(ascii: "u"): false
    case UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: false
    }
  }
}
