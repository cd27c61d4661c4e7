// 接收方选取: recipients as a set, by what they have in common.
public import Identifiers

/// Some recipients.
public enum RecipientSelector: Sendable, Hashable, Codable {
  /// Stations and beats: the organisation itself, if it is one, and all below it. Both kinds when
  /// none is named.
  case area(OrgUnitID, kinds: [RecipientKind])
  /// Units of the organisation and of all below it, by the numbers of duty's kinds; all when none is
  /// named.
  case units(OrgUnitID, kinds: [Int])
  /// A seat by its code.
  case seat(String)
  case named(Recipient)
}

/// How a selector was resolved.
public struct RecipientSelection: Sendable, Hashable, Codable {
  public let selector: RecipientSelector
  /// In the order of their ids; empty until the directive is issued.
  public internal(set) var recipients: [Recipient]

  public init(selector: RecipientSelector, recipients: [Recipient] = []) {
    self.selector = selector
    self.recipients = recipients
  }
}

extension Directive {
  /// The most recipients that one directive has.
  public static let recipientLimit = 500

  /// Brings in whom the selectors give, each once, behind those who were named.
  /// - Throws: `selectionEmpty`; `tooManyRecipients`; `recipientOutsideReach`.
  mutating func resolve(in reader: any CommandReader) throws {
    guard !selections.isEmpty else { return }
    var known = Set(courses.map(\.recipient))
    for index in selections.indices {
      // One more than there is room for tells that there are too many.
      let found = try reader.recipients(
        selections[index].selector, limit: Directive.recipientLimit + 1)
      guard !found.isEmpty else { throw CommandError.directives(.selectionEmpty(index)) }
      selections[index].recipients = found
      for recipient in found where known.insert(recipient).inserted {
        guard try reader.reaches(recipient) else {
          throw CommandError.recipientOutsideReach(
            recipient, field: "content.selectors[\(index)]")
        }
        courses.append(RecipientCourse(recipient: recipient, state: .draft))
      }
      guard courses.count <= Directive.recipientLimit else {
        throw CommandError.directives(.tooManyRecipients(index))
      }
    }
  }
}
