// Support requests and their parts as rows, and their figures of a time.
import CommandDomain
import Foundation
import Identifiers
import Persistence
import Territory

extension StoreReader {
  func supportRequest(_ id: SupportRequestID) throws -> SupportRequest? {
    var selection = Selection("support_request", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.support)
    return try supportRequests(selection).first
  }

  func supportRequests(
    _ filter: SupportFilter, before: SupportRequestID?, limit: Int
  ) throws -> [SupportRequest] {
    var selection = Selection("support_request", partition: partition)
    if let incident = filter.incidentID { selection.filter("incident_id = ?", incident) }
    if let seat = filter.seatCode {
      selection.filter(
        """
        id IN (SELECT support_request_id FROM support_part WHERE partition = $1 AND seat_code = ?)
        """, seat)
    }
    if filter.isOpen { selection.filter("end_time IS NULL") }
    selection.cut(reached, \.support)
    selection.page(before: before, limit: limit)
    return try supportRequests(selection)
  }

  private func supportRequests(_ selection: Selection) throws -> [SupportRequest] {
    let rows = try tx.query(selection.query, selection.arguments)
    guard !rows.isEmpty else { return [] }
    let parts = try tx.query(
      selection.query(of: "support_part", by: "support_request_id", order: "number"),
      selection.arguments)
    let byRequest = try Dictionary(grouping: parts) {
      try $0.get("support_request_id", as: String.self)
    }
    return try rows.map { row in
      try SupportRequest(row, parts: byRequest[row.get("id")]?.map(SupportPart.init) ?? [])
    }
  }

  func supportCount(_ times: Range<Date>) throws -> SupportCount {
    var bindings = Bindings([partition, times.lowerBound, times.upperBound])
    var requests = """
      FROM support_request WHERE support_request.partition = $1
        AND support_request.ask_time >= $2 AND support_request.ask_time < $3
      """
    if !reached.isEverywhere {
      let (text, values) = reached.support
      requests += " AND (" + bindings.number(text, values) + ")"
    }
    let parts = """
      FROM support_part AS part WHERE part.partition = $1
        AND part.support_request_id IN (SELECT id \(requests))
      """
    let arguments = bindings.arguments
    func rows(_ select: String) throws -> [Row] { try tx.query(select, arguments) }
    return SupportCount(
      requests: try rows("SELECT \(SupportRequestTally.columns) \(requests)").first
        .map(SupportRequestTally.init) ?? SupportRequestTally(),
      parts: try rows("SELECT \(SupportPartTally.columns) \(parts)").first
        .map(SupportPartTally.init) ?? SupportPartTally(),
      askers: try rows(
        """
        SELECT asker_kind, asker_id, \(SupportRequestTally.columns) \(requests)
        GROUP BY asker_kind, asker_id ORDER BY asker_kind, asker_id
        LIMIT \(SupportCount.askerLimit)
        """
      ).map { row in
        SupportAskerTally(
          asker: Recipient(kind: try row.raw("asker_kind"), id: try row.get("asker_id")),
          requests: try SupportRequestTally(row))
      },
      seats: try rows(
        """
        SELECT seat_code, \(SupportPartTally.columns) \(parts)
        GROUP BY seat_code ORDER BY seat_code LIMIT \(SupportCount.seatLimit)
        """
      ).map { row in
        SupportSeatTally(seatCode: try row.get("seat_code"), parts: try SupportPartTally(row))
      })
  }
}

extension SupportRequestTally {
  fileprivate static let columns = """
    count(*) AS request_count, count(CASE WHEN outcome = 'solved' THEN 1 END) AS solved_count,
    count(CASE WHEN outcome = 'unsolved' THEN 1 END) AS unsolved_count,
    count(CASE WHEN state = 'withdrawn' THEN 1 END) AS withdrawn_count
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      requests: try row.get("request_count"), solved: try row.get("solved_count"),
      unsolved: try row.get("unsolved_count"), withdrawn: try row.get("withdrawn_count"))
  }
}

extension SupportPartTally {
  fileprivate static let columns = """
    count(*) AS part_count, count(take_time) AS taken_count,
    count(answer_time) AS answered_count,
    count(CASE WHEN result = 'found' THEN 1 END) AS found_count,
    count(CASE WHEN state = 'given_back' THEN 1 END) AS given_back_count,
    count(CASE WHEN state = 'released' THEN 1 END) AS released_count
    """

  fileprivate init(_ row: Row) throws {
    self.init(
      parts: try row.get("part_count"), taken: try row.get("taken_count"),
      answered: try row.get("answered_count"), found: try row.get("found_count"),
      givenBack: try row.get("given_back_count"), released: try row.get("released_count"))
  }
}

extension SupportRequest {
  fileprivate init(_ row: Row, parts: [SupportPart]) throws {
    let end: SupportEnd? =
      if let time: Date = try row.get("end_time") {
        SupportEnd(outcome: try row.raw("outcome"), reason: try row.get("reason"), time: time)
      } else { nil }
    self.init(
      id: try row.get("id"), revision: try row.get("revision"),
      incidentID: try row.get("incident_id"),
      asker: Recipient(kind: try row.raw("asker_kind"), id: try row.get("asker_id")),
      title: try row.get("title"), text: try row.get("text"), parts: parts, end: end,
      askTime: try row.get("ask_time"), recordTime: try row.get("record_time"))
  }
}

extension SupportPart {
  fileprivate init(_ row: Row) throws {
    self.init(
      number: try row.get("number"), revision: try row.get("revision"),
      seatCode: try row.get("seat_code"), task: try row.get("task"), state: try row.raw("state"),
      answer: try row.get("answer"), result: try row.raw("result"),
      reason: try row.get("reason"), offerTime: try row.get("offer_time"),
      takeTime: try row.get("take_time"), answerTime: try row.get("answer_time"),
      endTime: try row.get("end_time"))
  }
}

extension TransactionWriter {
  func insert(_ request: SupportRequest) throws {
    try tx.execute(
      """
      INSERT INTO support_request (partition, id, revision, incident_id, asker_kind, asker_id,
        title, text, state, outcome, reason, ask_time, end_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      """,
      [
        partition, request.id, request.revision, request.incidentID,
        request.asker.kind.rawValue, request.asker.id, request.title, request.text,
        request.state.rawValue, request.end?.outcome?.rawValue, request.end?.reason ?? "",
        request.askTime, request.end?.time, request.recordTime,
      ])
    for part in request.parts { try save(part, of: request.id) }
  }

  func update(_ request: SupportRequest, part: SupportPart?) throws {
    try change(
      """
      UPDATE support_request SET revision = $3, state = $4, outcome = $5, reason = $6,
        end_time = $7
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, request.id, request.revision, request.state.rawValue,
        request.end?.outcome?.rawValue, request.end?.reason ?? "", request.end?.time,
      ])
    if let part { try save(part, of: request.id) }
  }

  private func save(_ part: SupportPart, of request: SupportRequestID) throws {
    try tx.execute(
      """
      INSERT INTO support_part (partition, support_request_id, number, revision, seat_code, task,
        state, answer, result, reason, offer_time, take_time, answer_time, end_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      ON CONFLICT (partition, support_request_id, number) DO UPDATE SET
        revision = excluded.revision, state = excluded.state, answer = excluded.answer,
        result = excluded.result, reason = excluded.reason, take_time = excluded.take_time,
        answer_time = excluded.answer_time, end_time = excluded.end_time
      """,
      [
        partition, request, part.number, part.revision, part.seatCode, part.task,
        part.state.rawValue, part.answer, part.result?.rawValue, part.reason, part.offerTime,
        part.takeTime, part.answerTime, part.endTime,
      ])
  }
}
