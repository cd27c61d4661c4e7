// A place is one column: nothing looks into it by SQL, and it keeps what was given beside what was
// made of it.
import Foundation
import Geography

enum PlaceDocument {
  /// JSON with sorted keys, so that equal places are equal texts.
  static func encode(_ place: Place) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(place), as: UTF8.self)
  }

  static func decode(_ text: String) throws -> Place {
    try JSONDecoder().decode(Place.self, from: Data(text.utf8))
  }
}
