// The house as drawn, as data: which room may use which module. SwiftPM lets a target import what it
// did not declare, so this table, not Package.swift, is what keeps the rooms apart.

/// A folder of sources that is one module, and the modules it may import besides `Foundation`.
struct Room {
  let path: String
  let modules: Set<String>

  init(_ path: String, _ modules: Set<String>) {
    self.path = path
    self.modules = modules
  }

  /// Who the room belongs to: a Shared module or a service, such as `Services/Command`.
  var owner: String { path.split(separator: "/").prefix(2).joined(separator: "/") }
}

enum HousePlan {
  static let services = ["Command", "Duty", "Intelligence", "PublicOpinion", "Supervision"]

  /// The same floor plan five times.
  static let floorPlan = ["Domain", "Main", "RPC", "Store", "Subscriptions"]

  static let bannedNames: Set<String> = [
    "Common", "Utils", "Util", "Helpers", "Helper", "Misc", "Base", "Core", "Manager", "Managers",
  ]

  /// Parts of the toolchain that any room but a Domain may use.
  static let platform: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "FoundationXML", "Glibc", "Synchronization",
  ]

  /// C for the one room that names it: the door to a library of the system, and a layer of SQLite's. And
  /// C for devices, which no room names.
  static let modulesInC: Set<String> = [
    "Shared/CLibpq", "Shared/CheckedPages", "Shared/TerminalSDK",
  ]

  /// The words that all rooms of a service share; pure values, all of them.
  static let vocabulary: Set<String> = [
    "Identifiers", "Geography", "Classification", "Forms", "Access",
  ]

  static let rooms: [Room] = sharedRooms + services.flatMap(rooms(of:)) + edgeRooms

  private static let sharedRooms = [
    Room("Shared/Identifiers", platform.union(["Crypto"])),
    Room("Shared/Geography", platform),
    Room("Shared/Classification", platform),
    Room("Shared/Forms", platform),
    Room("Shared/QuintetAPI", platform.union(["GRPCCore", "GRPCProtobuf", "SwiftProtobuf"])),
    Room(
      "Shared/Persistence",
      platform.union(["Identifiers", "CLibpq", "CheckedPages", "GRDB", "Logging"])),
    Room("Shared/Access", platform),
    Room("Shared/Territory", platform.union(["Identifiers", "Access", "Persistence"])),
    Room("Shared/DurableFiles", platform),
    Room("Shared/Credentials", platform.union(["Access", "DurableFiles", "Crypto", "JWTKit"])),
    Room(
      "Shared/EventLog",
      platform.union([
        "Identifiers", "Persistence", "QuintetAPI", "GRPCCore", "SwiftProtobuf", "Logging",
        "ServiceLifecycle",
      ])),
    Room(
      "Shared/Audit",
      platform.union([
        "DurableFiles", "Identifiers", "Persistence", "EventLog", "QuintetAPI", "SwiftProtobuf",
        "Crypto",
      ])),
    Room(
      "Shared/Retention",
      platform.union([
        "Identifiers", "Persistence", "Audit", "QuintetAPI", "SwiftProtobuf", "Logging",
        "ServiceLifecycle",
      ])),
    Room(
      "Shared/StoreCheck",
      platform.union([
        "Persistence", "EventLog", "Retention", "QuintetAPI", "SwiftProtobuf", "ArgumentParser",
      ])),
    Room(
      "Shared/Wire",
      platform.union([
        "Identifiers", "Geography", "Classification", "Forms", "Access", "QuintetAPI", "Crypto",
        "GRPCCore", "GRPCProtobuf", "SwiftProtobuf",
      ])),
    // What the listeners of both protocols have in common.
    Room("Shared/Listening", platform.union(["NIOCore", "NIOSSL", "NIOTLS", "Logging"])),
    // The only room with the transport in it.
    Room(
      "Shared/ServiceHost",
      platform.union([
        "DurableFiles", "Identifiers", "Persistence", "EventLog", "Audit", "Retention", "Access",
        "Credentials", "Wire", "Listening", "QuintetAPI", "GRPCCore", "GRPCInProcessTransport",
        "GRPCNIOTransportHTTP2Posix", "GRPCProtobuf", "SwiftProtobuf", "NIOCore", "NIOPosix",
        "Logging", "ServiceLifecycle", "UnixSignals", "ArgumentParser",
      ])),
  ]

  /// Main → {RPC, Subscriptions, Store} → Domain → vocabulary.
  private static func rooms(of service: String) -> [Room] {
    let domain = "\(service)Domain"
    return [
      // Pure: no input or output, clock, database, network or protobuf.
      Room(
        "Services/\(service)/Domain",
        // A heap for the quickest way is a value like any other.
        vocabulary.union(["Foundation"]).union(service == "Duty" ? ["HeapModule"] : [])),
      Room(
        "Services/\(service)/Store",
        platform.union(vocabulary).union([
          domain, "Persistence", "EventLog", "Territory", "Audit", "Retention",
        ])),
      Room(
        "Services/\(service)/RPC",
        platform.union(vocabulary).union([
          domain, "Access", "Wire", "QuintetAPI", "GRPCCore", "GRPCProtobuf", "SwiftProtobuf",
          "Logging", "ServiceLifecycle", "Crypto",
        ])),
      Room(
        "Services/\(service)/Subscriptions",
        platform.union(vocabulary).union([
          domain, "Access", "Wire", "QuintetAPI", "GRPCCore", "SwiftProtobuf",
        ])),
      Room(
        "Services/\(service)/Main",
        platform.union([
          domain, "\(service)Store", "\(service)RPC", "\(service)Subscriptions", "DurableFiles",
          "Identifiers", "Persistence", "EventLog", "Retention", "StoreCheck", "Wire",
          "ServiceHost", "QuintetAPI",
          "GRPCCore", "ServiceLifecycle", "ArgumentParser", "Logging",
        ])),
    ]
  }

  private static let edgeRooms = [
    // The HTTP port is Hummingbird's, not gRPC's transport: it stays with the gateway, and so do the
    // types of headers and bytes that Hummingbird speaks in.
    Room("Services/Gateway/Connect", platform.union(["Wire", "SwiftProtobuf"])),
    Room(
      "Services/Gateway/Routing",
      platform.union([
        "GatewayConnect", "Access", "Wire", "Listening", "QuintetAPI", "GRPCCore", "GRPCProtobuf",
        "SwiftProtobuf",
        "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "Logging", "ServiceLifecycle",
      ])),
    Room(
      "Services/Gateway/Main",
      platform.union([
        "GatewayRouting", "Listening", "ServiceHost", "ArgumentParser",
      ])),
    // With the reader of XML that comes with Foundation.
    Room("Services/CLI/Datasets", platform.union(vocabulary).union(["FoundationXML"])),
    Room("Services/CLI/DemoBureau", platform.union(vocabulary)),
    Room(
      "Services/CLI/Backup", platform.union(["Persistence", "EventLog", "Crypto"])),
    Room(
      "Services/CLI/Main",
      platform.union(vocabulary).union([
        "Audit", "Backup", "Credentials", "Datasets", "DemoBureau", "Wire", "ServiceHost",
        "QuintetAPI",
        "GRPCCore", "GRPCProtobuf", "SwiftProtobuf", "Logging", "ArgumentParser", "UnixSignals",
      ])),
  ]
}

/// A phrase that code here does not contain, and where.
struct BannedPhrase {
  let text: String
  let why: String
  /// Folder names it is banned from, such as `Domain`; nil for everywhere outside the tests.
  let folders: Set<String>?
}

/// A file that may contain a banned phrase, and why it must.
struct Exception {
  let phrase: String
  let path: String
  let reason: String
}

enum Language {
  static let banned: [BannedPhrase] = [
    BannedPhrase(text: "try!", why: "handle the error", folders: nil),
    BannedPhrase(text: "@unchecked Sendable", why: "let the compiler prove it", folders: nil),
    BannedPhrase(text: "fatalError(", why: "throw, or make the state impossible", folders: nil),
    BannedPhrase(text: "@_exported", why: "every room imports what it uses", folders: nil),
    BannedPhrase(text: "Date()", why: "`now` is an argument", folders: timeless),
    BannedPhrase(text: "Date.now", why: "`now` is an argument", folders: timeless),
    BannedPhrase(text: "UUID()", why: "ids come from an IdentifierMint", folders: timeless),
    BannedPhrase(
      text: "SystemRandomNumberGenerator", why: "randomness comes in", folders: timeless),
  ]

  /// Rooms that are given the time, and never ask for it.
  private static let timeless: Set<String> = [
    "Domain", "Store", "Subscriptions", "Datasets", "DemoBureau", "Identifiers", "Geography",
  ]

  static let exceptions: [Exception] = []
}
