// One process per name, and what it leaves on the disk.
import Foundation
import Testing

@testable import ServiceHost

@Suite struct InstanceTests {
  private func host(_ folder: TemporaryFolder, name: String = "command") throws -> ServiceHost {
    try ServiceHost(
      name: name, options: folder.options, clock: { Date() }, standardOutput: nil)
  }

  @Test func aSecondInstanceIsRefusedAndToldWhoTheFirstIs() throws {
    let folder = try TemporaryFolder()
    let first = try host(folder)
    let error = #expect(throws: HostError.self) { try host(folder) }
    #expect(error?.description.contains("is already running as process \(getpid())") == true)
    withExtendedLifetime(first) {}
  }

  @Test func theLockEndsWithItsHolder() throws {
    let folder = try TemporaryFolder()
    do { _ = try host(folder) }
    _ = try host(folder)
  }

  @Test func anotherNameRunsBesideIt() throws {
    let folder = try TemporaryFolder()
    let first = try host(folder)
    let second = try host(folder, name: "duty")
    withExtendedLifetime((first, second)) {}
  }

  @Test func aSocketPathThatIsTooLongIsRefusedInWords() throws {
    let folder = try TemporaryFolder()
    let options = HostOptions(
      runDirectory: folder.path + "/" + String(repeating: "r", count: 100),
      dataDirectory: folder.path, logDirectory: folder.path, keysDirectory: folder.path)
    let error = #expect(throws: HostError.self) {
      try ServiceHost(name: "command", options: options)
    }
    #expect(error?.description.contains("choose a shorter --run-dir") == true)
  }

  @Test func foldersAndSocketAreClosedToOthers() throws {
    let folder = try TemporaryFolder()
    let host = try host(folder)
    let socket = try ListeningSocket(path: host.options.socketPath(of: host.name))
    defer { close(socket.descriptor) }
    #expect(try mode(host.options.runDirectory) == 0o750)
    #expect(try mode(host.options.logDirectory) == 0o750)
    #expect(try mode(socket.path) == 0o660)
    #expect(try mode(host.options.logPath(of: host.name)) & 0o007 == 0)
  }

  @Test func aFolderOfSocketsThatOthersCanEnterIsRefusedAtTheStart() throws {
    let folder = try TemporaryFolder()
    let path = folder.options.runDirectory
    for mode in [0o755, 0o770, 0o751] {
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: mode])
      let error = #expect(throws: HostError.self) { try host(folder) }
      #expect(error?.description.contains("run chmod 0750 \(path)") == true)
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    _ = try host(folder)
  }

  @Test func withoutKeysNothingStarts() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.removeItem(atPath: folder.options.keysDirectory)
    let error = #expect(throws: HostError.self) { try host(folder) }
    #expect(error?.description.contains("run quintet keys new") == true)
  }

  @Test func aFileInPlaceOfTheSocketIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/notes.sock"
    try "precious".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: HostError.notASocket(path: path)) { try ListeningSocket(path: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test func aSuccessorsSocketIsNotRemoved() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/s.sock"
    let old = try ListeningSocket(path: path)
    let new = try ListeningSocket(path: path)
    defer { for socket in [old, new] { close(socket.descriptor) } }
    old.remove()
    #expect(FileManager.default.fileExists(atPath: path))
    new.remove()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(arguments: [
    ("127.0.0.1:7443", "127.0.0.1:7443"), ("localhost:80", "127.0.0.1:80"), ("[::1]:9", "[::1]:9"),
  ])
  func addressesAreRead(text: String, read: String) throws {
    #expect(try TCPAddress(parsing: text).description == read)
  }

  @Test(arguments: ["", "7443", "host:7443", "127.0.0.1:", "127.0.0.1:70000", "1.2.3:4"])
  func whatIsNoAddressIsRefused(text: String) {
    #expect(throws: HostError.self) { try TCPAddress(parsing: text) }
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }
}
