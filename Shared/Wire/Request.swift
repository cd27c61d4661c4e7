// One call as the use cases see it: who, which request, which trace.

import Access
import Crypto
import Foundation
public import GRPCCore
public import Identifiers
public import SwiftProtobuf

extension RequestKey {
  /// The key of a mutation: its id, its method, and a keyed hash of its content and its caller: from a
  /// bare one, whoever holds a stolen store could find a number by trying them all.
  ///
  /// - Throws: `Failure` when `id` is missing or malformed.
  public init(
    _ message: some SwiftProtobuf.Message, id: String, context: ServerContext
  ) throws {
    try self.init(message, id: id, method: context.descriptor.fullyQualifiedMethod)
  }

  /// The same for an item of a stream: `method` is that of the unary call it stands for.
  public init(_ message: some SwiftProtobuf.Message, id: String, method: String) throws {
    let id = try Check.requestID(id)
    var options = BinaryEncodingOptions()
    // Maps have no order of their own: without this the same content hashes differently.
    options.useDeterministicOrdering = true
    let context = CallContext.current
    var hash = HMAC<SHA256>(key: SymmetricKey(data: context.ledgerKey))
    let content: Data = try message.serializedBytes(options: options)
    hash.update(data: content)
    hash.update(data: Data(context.principal.actor.utf8))
    let fingerprint = hash.finalize().map { String(format: "%02x", $0) }.joined()
    self.init(id: id, method: method, fingerprint: fingerprint)
  }

  /// Who asked, for the events that this request causes.
  public var provenance: Provenance {
    let context = CallContext.current
    return Provenance(
      actor: context.principal.actor, cause: "request/\(id)", trace: context.trace,
      onBehalfOf: context.onBehalfOf?.actor ?? "", origin: context.origin)
  }
}
