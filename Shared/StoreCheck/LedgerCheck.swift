// What was answered, and what was set aside: every row must be one that the program could use.
import Foundation
import Persistence

enum LedgerCheck {
  static func check(_ snapshot: any StoreSnapshot, _ report: inout CheckReport) throws {
    if try snapshot.read({ try $0.tableNames() }).contains("request_ledger") {
      var bad: [String] = []
      try snapshot.forEachRow("SELECT request_id, method, fingerprint, result FROM request_ledger")
      {
        row in
        let result = Data(try row.get("result", as: String.self).utf8)
        let isJSON =
          (try? JSONSerialization.jsonObject(with: result, options: .fragmentsAllowed)) != nil
        let isNamed = try row.get("method", as: String.self).contains("/")
        let hasPrint = try !row.get("fingerprint", as: String.self).isEmpty
        if !isJSON || !isNamed || !hasPrint { bad.append(try row.get("request_id")) }
      }
      report.add("请求台账有误", "remembered answers cannot be used", bad)
    }
    let ahead = try snapshot.read { tx in
      try tx.query(
        """
        SELECT p.source AS source, p.sequence AS sequence
        FROM parked_event p JOIN subscription s
          ON s.partition = p.partition AND s.source = p.source
        WHERE p.sequence > s.cursor
        """
      ).map {
        "\(try $0.get("source", as: String.self)) \(try $0.get("sequence", as: Int.self))"
      }
    }
    report.add("搁置事件超过读取位置", "events were set aside that were not yet read", ahead)
  }
}
