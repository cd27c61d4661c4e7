// 导出: a campaign's rows as a table that any spreadsheet reads (RFC 4180).
import Forms
import Foundation

public struct CampaignTable: Sendable {
  private let content: CampaignContent

  public init(_ content: CampaignContent) {
    self.content = content
  }

  /// With a mark by which spreadsheets know UTF-8.
  public var header: String {
    var names: [String] = ["行号 row", "键 key"]
    names += content.columns.map(\.field.label)
    names += ["单位 unit", "状态 state"]
    names += content.form.fields.map(\.label)
    names += [
      "核查人 checked by", "核查时间 checked at", "复核人 checked again by",
      "复核时间 checked again at", "定论人 settled by", "不一致 differences", "核销理由 write-off",
    ]
    return "\u{FEFF}" + Self.line(names)
  }

  /// - Parameter part: name of the station whose it is.
  public func line(_ row: CampaignRow, part: String) -> String {
    var result: [String: FormAnswer.Value] = [:]
    for answer in row.result { result[answer.fieldCode] = answer.value }
    var values: [String] = [String(row.position), row.key]
    values += row.values
    values += [part, row.state.rawValue]
    for field in content.form.fields {
      let value = result[field.code]
      values.append(value.map { Self.words($0, field) } ?? "")
    }
    for ordinal in 1...3 {
      let check = row.checks.first { $0.ordinal == ordinal }
      values.append(check?.actor ?? "")
      if ordinal < 3 { values.append(check.map { Self.words($0.time) } ?? "") }
    }
    values.append(row.differences(content.form).joined(separator: ";"))
    values.append(row.writeOff?.reason ?? "")
    return Self.line(values)
  }

  private static func words(_ value: FormAnswer.Value, _ field: FormField) -> String {
    switch value {
    case .text(let text): text
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15
        ? String(Int64(number)) : String(number)
    case .time(let time): words(time)
    case .choices(let codes):
      codes.map { code in field.options.first { $0.code == code }?.label ?? code }
        .joined(separator: ";")
    case .attachments(let digests): digests.joined(separator: ";")
    }
  }

  private static func words(_ time: Date) -> String { time.formatted(shanghai) }

  private static let shanghai = Date.ISO8601FormatStyle(
    timeZone: TimeZone(secondsFromGMT: 28_800) ?? .gmt)

  static func line(_ values: [String]) -> String {
    values.map(quoted).joined(separator: ",") + "\r\n"
  }

  /// A spreadsheet runs what begins like a formula; after an apostrophe it does not. Numbers stay.
  private static func quoted(_ value: String) -> String {
    var value = value
    if let first = value.first, "=+-@\t\r".contains(first), Double(value) == nil {
      value = "'" + value
    }
    let needsQuotes = value.contains { ",\"\r\n".contains($0) || $0.isNewline }
    return needsQuotes ? "\"" + value.replacing("\"", with: "\"\"") + "\"" : value
  }
}
