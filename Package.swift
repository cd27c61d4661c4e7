// swift-tools-version: 6.2
// The floor plan of Quintet: which rooms there are and which doors lead where.
// SwiftPM lets a target import what it did not declare; Tests/ArchitectureTests closes that gap.
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// MARK: - Packages

let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcInProcess = Target.Dependency.product(
  name: "GRPCInProcessTransport", package: "grpc-swift-2")
let grpcTransport = Target.Dependency.product(
  name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")

// MARK: - Shared

func shared(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: settings)
}

let sharedTargets: [Target] = [
  shared("Identifiers", [crypto]),
  shared("Geography", []),
  shared("Classification", []),
  shared("Forms", []),
  shared("QuintetAPI", [grpcCore, grpcProtobuf, protobuf]),
  .systemLibrary(
    name: "CLibpq", path: "Shared/CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
  .target(
    name: "CheckedPages", path: "Shared/CheckedPages",
    linkerSettings: [.linkedLibrary("sqlite3")]),
  shared("Persistence", ["Identifiers", "CLibpq", "CheckedPages", grdb, logging]),
  shared("Access", []),
  shared("DurableFiles", []),
  shared("Credentials", ["Access", "DurableFiles", crypto, jwt]),
  shared("Territory", ["Identifiers", "Access", "Persistence"]),
  shared(
    "EventLog",
    ["Identifiers", "Persistence", "QuintetAPI", grpcCore, protobuf, logging, lifecycle]),
  shared(
    "Audit",
    ["DurableFiles", "Identifiers", "Persistence", "EventLog", "QuintetAPI", protobuf, crypto]),
  shared(
    "Retention",
    ["Identifiers", "Persistence", "Audit", "QuintetAPI", protobuf, logging, lifecycle]),
  shared(
    "StoreCheck", ["Persistence", "EventLog", "Retention", "QuintetAPI", protobuf, arguments]),
  shared(
    "Wire",
    [
      "Identifiers", "Geography", "Classification", "Forms", "Access", "QuintetAPI", grpcCore,
      grpcProtobuf, protobuf, crypto,
    ]),
  shared("Listening", [nioCore, nioTLS, nioSSL, logging]),
  shared(
    "ServiceHost",
    [
      "DurableFiles", "Identifiers", "Persistence", "EventLog", "Audit", "Retention", "Access",
      "Credentials", "Wire", "Listening", "QuintetAPI", grpcCore, grpcInProcess, grpcTransport,
      grpcProtobuf,
      protobuf, nioCore, nioPosix, logging, lifecycle, signals, arguments,
    ]),
]

// MARK: - Services

/// The same floor plan five times: Main → {RPC, Subscriptions, Store} → Domain.
func service(
  _ name: String, executable: String, domain: [Target.Dependency] = []
) -> [Target] {
  let path = "Services/\(name)"
  return [
    .target(
      name: "\(name)Domain",
      dependencies: ["Identifiers", "Geography", "Classification", "Forms", "Access"] + domain,
      path: "\(path)/Domain", swiftSettings: settings),
    .target(
      name: "\(name)Store",
      dependencies: [
        .target(name: "\(name)Domain"), "Identifiers", "Geography", "Classification", "Forms",
        "Access", "Persistence", "EventLog", "Territory", "Audit", "Retention",
      ],
      path: "\(path)/Store", swiftSettings: settings),
    .target(
      name: "\(name)RPC",
      dependencies: [
        .target(name: "\(name)Domain"), "Identifiers", "Geography", "Classification", "Forms",
        "Access", "Wire", "QuintetAPI", grpcCore, grpcProtobuf, protobuf, logging, lifecycle,
        crypto,
      ],
      path: "\(path)/RPC", swiftSettings: settings),
    .target(
      name: "\(name)Subscriptions",
      dependencies: [
        .target(name: "\(name)Domain"), "Identifiers", "Geography", "Classification", "Wire",
        "QuintetAPI", protobuf,
      ],
      path: "\(path)/Subscriptions", swiftSettings: settings),
    .executableTarget(
      name: executable,
      dependencies: [
        .target(name: "\(name)Domain"), .target(name: "\(name)Store"),
        .target(name: "\(name)RPC"), .target(name: "\(name)Subscriptions"), "Identifiers",
        "DurableFiles", "Persistence", "EventLog", "Retention", "StoreCheck", "Wire", "ServiceHost",
        "QuintetAPI", grpcCore, lifecycle, logging, arguments,
      ],
      path: "\(path)/Main", swiftSettings: settings),
  ]
}

let serviceTargets: [Target] =
  service("Command", executable: "CommandMain")
  + service("Duty", executable: "DutyMain", domain: [heap])
  + service("Intelligence", executable: "IntelligenceMain")
  + service("PublicOpinion", executable: "PublicOpinionMain")
  + service("Supervision", executable: "SupervisionMain")

let gatewayTargets: [Target] = [
  .target(
    name: "GatewayConnect", dependencies: ["Wire", protobuf], path: "Services/Gateway/Connect",
    swiftSettings: settings),
  .target(
    name: "GatewayRouting",
    dependencies: [
      "GatewayConnect", "Access", "Wire", "Listening", "QuintetAPI", grpcCore, grpcProtobuf,
      protobuf, hummingbird, hummingbirdCore, httpTypes, nioCore, logging, lifecycle,
    ],
    path: "Services/Gateway/Routing", swiftSettings: settings),
  .executableTarget(
    name: "GatewayMain",
    dependencies: [
      "GatewayRouting", "Listening", "ServiceHost", arguments,
    ],
    path: "Services/Gateway/Main", swiftSettings: settings),
]

let commandLineTargets: [Target] = [
  .target(
    name: "Datasets", dependencies: ["Identifiers", "Geography"],
    path: "Services/CLI/Datasets", swiftSettings: settings),
  .target(
    name: "DemoBureau", dependencies: ["Identifiers", "Geography", "Classification"],
    path: "Services/CLI/DemoBureau", swiftSettings: settings),
  .target(
    name: "Backup", dependencies: ["Persistence", "EventLog", crypto],
    path: "Services/CLI/Backup", swiftSettings: settings),
  .executableTarget(
    name: "QuintetCLI",
    dependencies: [
      "Access", "Audit", "Backup", "Credentials", "Datasets", "DemoBureau", "Identifiers",
      "Geography", "Classification", "Wire", "ServiceHost", "QuintetAPI", grpcCore, grpcProtobuf,
      protobuf, logging, arguments, signals,
    ],
    path: "Services/CLI/Main", swiftSettings: settings),
]

// MARK: - Tests

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

/// Pure domain, the store on a real database, and the RPCs in process.
func serviceTests(_ name: String) -> [Target.Dependency] {
  [
    .target(name: "\(name)Domain"), .target(name: "\(name)Store"), .target(name: "\(name)RPC"),
    .target(name: "\(name)Subscriptions"), "Identifiers", "Geography", "Classification",
    "Persistence", "EventLog", "Access", "Wire", "QuintetAPI", grpcCore, grpcInProcess, protobuf,
  ]
}

let testTargets: [Target] = [
  tests("ArchitectureTests", []),
  tests("IdentifiersTests", ["Identifiers"]),
  tests("GeographyTests", ["Geography"]),
  tests("DurableFilesTests", ["DurableFiles"]),
  tests("AccessTests", ["Access", "QuintetAPI"]),
  tests("CredentialsTests", ["Credentials", "Access", jwt, crypto]),
  tests(
    "StoreContractsTests",
    [
      "Persistence", "EventLog", "Audit", "Identifiers", "QuintetAPI", protobuf, grpcCore, logging,
      crypto,
      // The walk goes through a whole producer and a whole consumer.
      "CommandDomain", "CommandStore", "CommandRPC", "SupervisionDomain", "SupervisionStore",
      "SupervisionRPC", "SupervisionSubscriptions", "Wire", "Access", "Geography",
      "Classification", "Forms",
      // What retention does to each of the five stores, and what no schema may hold.
      "Retention", "DutyDomain", "DutyStore", "IntelligenceDomain", "IntelligenceStore",
      "PublicOpinionStore",
    ]),
  tests(
    "WireTests", ["Wire", "Access", "Geography", "QuintetAPI", "Identifiers", grpcCore, protobuf]),
  tests(
    "ServiceHostTests",
    [
      "ServiceHost", "QuintetAPI", "Access", "Audit", "Credentials", "Wire", "EventLog",
      "Persistence", grpcCore, grpcProtobuf, protobuf, arguments,
    ]),
  tests("CommandTests", serviceTests("Command") + ["Forms", grpcProtobuf, logging]),
  tests("DutyTests", serviceTests("Duty") + ["Forms", logging]),
  tests("IntelligenceTests", serviceTests("Intelligence")),
  tests("PublicOpinionTests", serviceTests("PublicOpinion")),
  tests("SupervisionTests", serviceTests("Supervision")),
  tests("GatewayTests", ["GatewayRouting", "QuintetAPI", grpcCore, protobuf]),
  tests("BackupTests", ["Backup", "Persistence", "EventLog"]),
  tests("DatasetsTests", ["Datasets", "DemoBureau", "Geography", "Identifiers", "Classification"]),
]

/// Everything that reads bytes from outside. Tried with random bytes by a test, and by libFuzzer.
let decoderTargets: [Target] = [
  .target(
    name: "FuzzDecoders",
    dependencies: [
      "Access", "Credentials", "Datasets", "EventLog", "GatewayConnect", "Identifiers",
      "Persistence", "QuintetAPI", "Wire", grpcCore, grpcInProcess, protobuf, logging,
    ]
      + ["Command", "Duty", "Intelligence", "PublicOpinion", "Supervision"].flatMap { service in
        ["Domain", "Store", "RPC", "Subscriptions"].map { .target(name: service + $0) }
      },
    path: "Tests/Fuzz/Decoders", swiftSettings: settings),
  tests("FuzzTests", ["FuzzDecoders"]),
]

/// Has no `main` but libFuzzer's, so it is there for `Scripts/fuzz` alone.
let fuzzTargets: [Target] =
  Context.environment["QUINTET_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "FuzzEngine", dependencies: ["FuzzDecoders"], path: "Tests/Fuzz/Engine",
      swiftSettings: settings)
  ]

/// What `make bench-store` measures with; nobody deploys it.
let benchTargets: [Target] = [
  .executableTarget(
    name: "StoreBench",
    dependencies: [
      "Identifiers", "Persistence", "EventLog", "Audit", "QuintetAPI", "ServiceHost", grpcCore,
      protobuf, arguments,
    ],
    path: "Tests/StoreBench", swiftSettings: settings)
]

let package = Package(
  name: "Quintet",
  products: [
    .executable(name: "quintet", targets: ["QuintetCLI"]),
    .executable(name: "quintet-command", targets: ["CommandMain"]),
    .executable(name: "quintet-duty", targets: ["DutyMain"]),
    .executable(name: "quintet-intelligence", targets: ["IntelligenceMain"]),
    .executable(name: "quintet-publicopinion", targets: ["PublicOpinionMain"]),
    .executable(name: "quintet-supervision", targets: ["SupervisionMain"]),
    .executable(name: "quintet-gateway", targets: ["GatewayMain"]),
    .executable(name: "store-bench", targets: ["StoreBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
  ],
  targets: sharedTargets + serviceTargets + gatewayTargets + commandLineTargets + testTargets
    + decoderTargets + fuzzTargets + benchTargets,
  swiftLanguageModes: [.v6]
)
