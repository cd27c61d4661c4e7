// Callers repeat themselves: networks fail after the work was done. The ledger makes a repeat
// harmless by remembering, in the same transaction as the effect, what was answered.
public import Foundation
public import Identifiers

/// The request id was used before for something else.
public struct RequestReused: Error, Sendable {
  public let requestID: String
  /// `/package.Service/Method` of the first use.
  public let method: String
}

/// Same id, same content → same answer; other content → `RequestReused`.
public enum RequestLedger {
  public static let migration = Migration(
    "persistence-0001-request-ledger",
    [
      """
      CREATE TABLE request_ledger (
        partition TEXT NOT NULL,
        request_id TEXT NOT NULL,
        method TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        result TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, request_id)
      ) WITHOUT ROWID
      """
    ])

  /// Answers from memory when `key` was answered before, otherwise runs `body` and remembers.
  ///
  /// Let its errors leave the transaction: only so does a failed `body` leave no trace, and may be
  /// tried again under the same id.
  /// - Throws: `RequestReused`; what `body` throws; `DatabaseError`.
  public static func once<R: Codable>(
    _ key: RequestKey, partition: String, now: Date, in tx: any Transaction, _ body: () throws -> R
  ) throws -> R {
    let earlier = try tx.query(
      """
      SELECT method, fingerprint, result FROM request_ledger
      WHERE partition = $1 AND request_id = $2
      """, [partition, key.id])
    if let row = earlier.first {
      let method = try row.get("method", as: String.self)
      guard try row.get("fingerprint", as: String.self) == key.fingerprint, method == key.method
      else { throw RequestReused(requestID: key.id, method: method) }
      return try JSONDecoder().decode(
        R.self, from: Data(try row.get("result", as: String.self).utf8))
    }
    let result = try body()
    let encoded = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
    try tx.execute(
      """
      INSERT INTO request_ledger (partition, request_id, method, fingerprint, result, record_time)
      VALUES ($1, $2, $3, $4, $5, $6)
      """, [partition, key.id, key.method, key.fingerprint, encoded, now])
    return result
  }
}
