// Is a store what its own log and its neighbours' logs say it is? Each service's program answers for
// its own store, because only it knows what an event does to a row.
public import EventLog
import Foundation
public import Persistence

/// How the store of one service is checked.
public struct StoreCheck: Sendable {
  /// The followers of the service, over a store that is being rebuilt.
  public typealias Followers = @Sendable (any Database, EventLog) async throws -> [Follower]

  let service: String
  let migrations: [Migration]
  let stated: [StatedTable]
  let claims: @Sendable (Any) -> [Claim]
  let projections: [Projection]
  let carrying: [String]
  let followers: Followers

  /// - Parameters:
  ///   - stated: tables whose rows repeat what the own events said last.
  ///   - claims: what one own event, a message of `QuintetAPI`, says about rows of those tables.
  ///   - projections: tables, or columns of them, that rest on the neighbours' events alone.
  ///   - carrying: own tables that the followers need while they rebuild the projections.
  ///   - followers: in an order in which each finds what it refers to.
  public init(
    service: String, migrations: [Migration], stated: [StatedTable],
    claims: @escaping @Sendable (Any) -> [Claim], projections: [Projection],
    carrying: [String] = [], followers: @escaping Followers
  ) {
    self.service = service
    self.migrations = migrations
    self.stated = stated
    self.claims = claims
    self.projections = projections
    self.carrying = carrying
    self.followers = followers
  }

  /// Checks the service's store without changing it. What is rebuilt for comparison lies in the
  /// system's folder for temporary files, and needs room for one store.
  /// - Parameters:
  ///   - place: holds the stores of the neighbours as well, as of one moment.
  ///   - isQuick: pages, references, schema and numbering only.
  func report(place: StorePlace, partition: String, isQuick: Bool) async -> CheckReport {
    var report = CheckReport(service: service)
    do {
      if case .folder(let folder) = place {
        try SQLiteSnapshot.checkLog(ofStore: "\(folder)/\(service).sqlite")
      }
      guard let snapshot = try place.snapshot(of: service) else {
        report.add("没有存储", "there is no store", [service])
        return report
      }
      let isCurrent = try snapshot.pending(migrations).isEmpty
      report.add("文件损坏", "the file is damaged", try snapshot.damage())
      guard report.findings.isEmpty else { return report }
      let kept = try EventNumbering.check(snapshot, partition, &report)
      if isQuick { return report }
      guard isCurrent else {
        report.note("旧版结构，启动时自动升级，仅作快速检查", "older schema: only the quick checks were made")
        return report
      }
      try LedgerCheck.check(snapshot, &report)
      try OwnState(check: self, partition: partition, isWhole: kept.isWhole)
        .check(snapshot, &report)
      try await Rebuild(check: self, place: place, partition: partition)
        .compare(snapshot, &report)
      try snapshot.close()
    } catch DatabaseError.newerSchema(let finding) {
      report.add("数据由更新版本写成，请使用该版本的程序", "written by a newer version", [finding])
    } catch DatabaseError.corrupt(let finding) {
      report.add("文件损坏", "the file is damaged", [finding])
    } catch {
      report.add("无法读取", "the store cannot be read", ["\(error)"])
    }
    return report
  }
}

/// What was found.
struct CheckReport: Sendable {
  /// Of one kind at most this many are listed.
  static let listed = 5

  let service: String
  private(set) var findings: [String] = []
  private(set) var notes: [String] = []
  var events = 0
  var rows = 0

  init(service: String) { self.service = service }

  /// One kind of finding with its instances; none is no finding.
  mutating func add(_ chinese: String, _ english: String, _ instances: [String]) {
    guard !instances.isEmpty else { return }
    let rest = instances.count - Self.listed
    let list = instances.prefix(Self.listed).joined(separator: "; ")
    findings.append(
      "\(service)：\(chinese) / \(english): \(list)"
        + (rest > 0 ? "; 另有 \(rest) 处 / and \(rest) more" : ""))
  }

  mutating func note(_ chinese: String, _ english: String) {
    notes.append("\(service)：\(chinese) / \(english)")
  }
}
