// Short texts with a form of their own, wherever they stand.
import Foundation
import Identifiers
import Wire

enum Texts {
  static func decode(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return
      (1...3).map { (try? PageToken.decode(text, count: $0)) != nil }.contains(true)
      || (try? Check.identifier(text, field: "id", as: IncidentTag.self)) != nil
  }
}
