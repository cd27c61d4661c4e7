// 指令模板: a directive with gaps, and the form that answers it.
public import Forms
public import Foundation

/// What a template says.
public struct DirectiveTemplate: Sendable, Hashable, Codable {
  /// Unique; 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let name: String
  public let directiveClass: DirectiveClass
  /// With `{placeholders}`, as `text`.
  public let title: String
  public let text: String
  public let form: Form?
  /// 1 when written, one more with every change.
  public internal(set) var revision: Int

  public var etag: String { String(revision) }

  public init(
    code: String, name: String, directiveClass: DirectiveClass, title: String, text: String,
    form: Form?, revision: Int = 1
  ) {
    self.code = code
    self.name = name
    self.directiveClass = directiveClass
    self.title = title
    self.text = text
    self.form = form
    self.revision = revision
  }

  /// Names between braces, each once, in the order of their first use.
  public var placeholders: [String] {
    var found: [String] = []
    for part in Self.parts(of: title) + Self.parts(of: text) {
      if case .placeholder(let name) = part, !found.contains(name) { found.append(name) }
    }
    return found
  }

  /// False where braces name nothing, or are not closed.
  public static func isWellFormed(_ text: String) -> Bool {
    parts(of: text).allSatisfy { if case .stray = $0 { false } else { true } }
  }

  /// Title and text with a value in each gap.
  /// - Throws: `placeholderMissing`, `placeholderUnknown`.
  func filled(_ values: [String: String]) throws(CommandError) -> (title: String, text: String) {
    let names = placeholders
    for name in names where values[name] == nil { throw .directives(.placeholderMissing(name)) }
    for name in values.keys.sorted() where !names.contains(name) {
      throw .directives(.placeholderUnknown(name))
    }
    let fill = { (text: String) in
      Self.parts(of: text).map { part in
        switch part {
        case .plain(let words), .stray(let words): words
        case .placeholder(let name): values[name] ?? ""
        }
      }.joined()
    }
    return (fill(title), fill(text))
  }

  private enum Part {
    case plain(String)
    case placeholder(String)
    case stray(String)
  }

  private static func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    var rest = text[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      if brace > rest.startIndex { parts.append(.plain(String(rest[..<brace]))) }
      let after = rest[rest.index(after: brace)...]
      if rest[brace] == "{", let end = after.firstIndex(of: "}"), isName(after[..<end]) {
        parts.append(.placeholder(String(after[..<end])))
        rest = after[after.index(after: end)...]
      } else {
        parts.append(.stray(String(rest[brace])))
        rest = after
      }
    }
    if !rest.isEmpty { parts.append(.plain(String(rest))) }
    return parts
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 32 else {
      return false
    }
    return text.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
  }
}

/// A template, filled in.
public struct TemplateUse: Sendable, Hashable, Codable {
  public var code: String
  /// By placeholder.
  public var values: [String: String]

  public init(code: String, values: [String: String]) {
    self.code = code
    self.values = values
  }
}

/// Keeping templates. Directives have copies: changing a template changes none of them.
public struct TemplateKeeping: Sendable {
  public init() {}

  /// Adds a template, or replaces the one of the same code.
  /// - Parameter etag: of the one that is replaced; empty to accept any.
  /// - Throws: `dispatchClassReserved`; `etagMismatch`.
  public func put(
    _ template: DirectiveTemplate, etag: String, in writer: any CommandWriter, now: Date
  ) throws -> DirectiveTemplate {
    guard template.directiveClass != .dispatch else { throw CommandError.dispatchClassReserved }
    var template = template
    let known = try writer.template(template.code)
    if !etag.isEmpty, etag != known?.etag {
      throw CommandError.etagMismatch(current: known?.etag ?? "")
    }
    template.revision = (known?.revision ?? 0) + 1
    try writer.save(template, now: now)
    writer.record(.directiveFact(.templateDefined(template)), incident: nil, occurTime: now)
    return template
  }
}
