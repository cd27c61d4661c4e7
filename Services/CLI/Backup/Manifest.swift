// What lies in a backup, written last and read first.
public import EventLog
public import Foundation

/// `manifest.json` of a backup.
public struct Manifest: Codable, Sendable, Equatable {
  /// The form of backups that this version writes, and the newest that it reads.
  public static let currentFormat = 1
  public static let fileName = "manifest.json"

  /// One file of the backup.
  public struct File: Codable, Sendable, Equatable {
    /// Its name within the folder.
    public var name: String
    public var bytes: Int64
    /// 64 hexadecimal digits.
    public var sha256: String
  }

  /// The store of one service.
  public struct Store: Codable, Sendable, Equatable {
    /// Such as `command`.
    public var service: String
    public var engine: Engine
    public var file: File
    /// What its schema has been through, in order.
    public var migrations: [String]
    public var positions: FeedPositions
  }

  /// How a store was kept, and so how it is brought back.
  public enum Engine: String, Codable, Sendable {
    /// A copy of the file.
    case sqlite
    /// A dump of the schema by `pg_dump`, in its custom format.
    case postgresql

    var words: (chinese: String, english: String) {
      switch self {
      case .sqlite: ("文件（sqlite）", "in files (sqlite)")
      case .postgresql: ("PostgreSQL 服务器", "on a PostgreSQL server")
      }
    }
  }

  public var format: Int
  /// The moment of which all stores are copies.
  public var time: Date
  public var stores: [Store]
  /// What else the services need of their data folder, such as `phone.key`.
  public var others: [File]
  /// Where the stores contradicted each other already when they were copied; empty when sound.
  public var contradictions: [String]

  /// That of all its stores.
  public var engine: Engine { stores.first?.engine ?? .sqlite }

  public var files: [File] { stores.map(\.file) + others }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// - Throws: `BackupError.newerFormat`, `.altered`.
  init(decoding data: Data) throws {
    struct Form: Decodable { var format: Int }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    guard let form = try? decoder.decode(Form.self, from: data) else {
      throw BackupError.altered(file: Self.fileName)
    }
    guard form.format <= Self.currentFormat else { throw BackupError.newerFormat(form.format) }
    guard let manifest = try? decoder.decode(Self.self, from: data) else {
      throw BackupError.altered(file: Self.fileName)
    }
    self = manifest
  }

  init(
    format: Int = Self.currentFormat, time: Date, stores: [Store], others: [File],
    contradictions: [String]
  ) {
    self.format = format
    self.time = time
    self.stores = stores
    self.others = others
    self.contradictions = contradictions
  }
}
