// XML from outside, before the library's parser sees it.
import Foundation
import FoundationXML

extension XMLParser {
  /// A parser of what somebody else wrote. Nil for bytes that are no UTF-8, at whose names this parser
  /// ends the process, and for declarations of entities, which make a small document a huge one.
  static func reading(_ bytes: some Collection<UInt8> & Sendable) -> XMLParser? {
    guard String(validating: bytes, as: UTF8.self) != nil,
      bytes.firstRange(of: Array("<!".utf8)) == nil
    else { return nil }
    let parser = XMLParser(stream: InputStream(data: Data(bytes)))
    parser.shouldResolveExternalEntities = false
    return parser
  }
}
