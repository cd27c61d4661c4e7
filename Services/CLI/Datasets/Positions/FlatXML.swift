// Two of the formats are small XML documents, of which only some elements matter. The library's parser
// reads them; nothing outside the document is ever fetched, and what declares entities is refused.
import Foundation
import FoundationXML

/// The elements of one document: the text of each, and its attributes. Of a name that comes twice the
/// first counts.
struct FlatXML {
  let root: String
  let texts: [String: String]
  let attributes: [String: [String: String]]

  init(_ bytes: [UInt8]) throws(ForeignPositionError) {
    guard let parser = XMLParser.reading(bytes.drop { $0 <= 0x20 }) else {
      throw .malformed("XML")
    }
    let reader = Reader()
    parser.delegate = reader
    // The parser lets a document end too early.
    guard parser.parse(), reader.isClosed, let root = reader.root else { throw .malformed("XML") }
    self.root = root
    texts = reader.texts
    attributes = reader.attributes
  }
}

/// A class because the parser calls one.
private final class Reader: NSObject, XMLParserDelegate {
  var root: String?
  var texts: [String: String] = [:]
  var attributes: [String: [String: String]] = [:]
  var isClosed: Bool { open.isEmpty }
  private var open: [(name: String, text: String)] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes given: [String: String]
  ) {
    if root == nil { root = name }
    if attributes[name] == nil { attributes[name] = given }
    open.append((name, ""))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += text
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let closed = open.popLast() else { return }
    if texts[name] == nil {
      texts[name] = closed.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
}
