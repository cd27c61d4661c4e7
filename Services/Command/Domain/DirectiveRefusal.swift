// How command says no about templates, selections, forms, attachments and cordons.
public import Forms
public import Identifiers

public enum DirectiveRefusal: Error, Hashable, Sendable {
  // What was named does not exist.
  case templateUnknown(String)
  case planUnknown(String)
  case cordonUnknown(CordonID)
  case attachmentUnknown(String)

  // What was asked makes no sense by itself.
  case placeholderMissing(String)
  case placeholderUnknown(String)
  /// A template filled in is longer than a directive's `field` may be.
  case filledTooLong(field: String, limit: Int)
  /// The selector with this index gives nobody.
  case selectionEmpty(Int)
  /// From the selector with this index on there are more than `Directive.recipientLimit`.
  case tooManyRecipients(Int)
  /// At least one.
  case formViolated([FormViolation])
  /// The pieces together are not what the digest says.
  case digestMismatch
  /// An earlier piece said another size or type.
  case attachmentDiffers
  case pieceOutOfRange

  // The states do not allow it.
  case tooManyAttachments(limit: Int)
  /// The courses of a cordon's directive move with its points.
  case heldByCordon(DirectiveID)
  case cordonReleased(CordonID)
  /// Nobody could be sent anywhere: metres to the inner and the outer edge.
  case ringEmpty(inner: Int, outer: Int)
  /// The last ring was drawn around a newer sighting.
  case sightingOlder
  case tooManyRings(limit: Int)
}
