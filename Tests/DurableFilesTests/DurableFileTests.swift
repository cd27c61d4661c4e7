// What files promise to those who find them: whole or not there, and never wider than asked for.
import DurableFiles
import Foundation
import Testing

struct DurableFileTests {
  @Test func aFileThatIsThereIsNeverMadeAgain() throws {
    let folder = try Folder()
    try DurableFile.create(folder["key"], Data("first".utf8), mode: 0o640)
    try DurableFile.create(folder["key"], Data("second".utf8), mode: 0o600)
    #expect(folder.text("key") == "first")
    #expect(folder.mode("key") == 0o640)
    #expect(folder.names == ["key"])
  }

  @Test func aFileIsReplacedWhole() throws {
    let folder = try Folder()
    try DurableFile.replace(folder["set"], with: Data("first, and longer".utf8), mode: 0o600)
    try DurableFile.replace(folder["set"], with: Data("second".utf8), mode: 0o640)
    #expect(folder.text("set") == "second")
    #expect(folder.mode("set") == 0o640)
    #expect(folder.names == ["set"])
  }

  @Test func foldersAreMadeWithTheirParentsAndKeepTheModeTheyHave() throws {
    let folder = try Folder()
    try DurableFile.makeFolder(folder["a/b"], mode: 0o700)
    #expect(folder.mode("a") == 0o750)
    #expect(folder.mode("a/b") == 0o700)
    try DurableFile.makeFolder(folder["a/b"], mode: 0o750)
    #expect(folder.mode("a/b") == 0o700)
  }

  @Test func whatTheSystemRefusesIsToldWithItsPlace() throws {
    let folder = try Folder()
    try DurableFile.create(folder["file"], Data(), mode: 0o600)
    #expect {
      try DurableFile.makeFolder(folder["file"], mode: 0o750)
    } throws: { error in
      "\(error)" == "mkdir \(folder["file"]): Not a directory"
    }
    #expect {
      try DurableFile.replace(folder["none/file"], with: Data(), mode: 0o600)
    } throws: { error in
      (error as? FileFailure)?.operation == "open"
    }
    #expect(folder.names == ["file"])
  }

  @Test func ofManyWhoBeginAtOnceAllUseOneKey() async throws {
    let folder = try Folder()
    let path = folder["key"]
    let keys = await withTaskGroup(of: Data?.self) { group in
      for number in 1...16 {
        group.addTask {
          try? SecretFile.read(path) { Data(repeating: UInt8(number), count: 32) }
        }
      }
      return await group.reduce(into: Set<Data?>()) { $0.insert($1) }
    }
    #expect(keys.count == 1 && keys.first != .some(nil))
    #expect(folder.names == ["key"])
  }
}

struct SecretFileTests {
  @Test func aKeyIsMadeOnceForItsOwnerAlone() throws {
    let folder = try Folder()
    let key = Data(0..<32)
    #expect(try SecretFile.read(folder["key"]) { key } == key)
    #expect(folder.mode("key") == 0o600)
    #expect(folder.text("key") == (0..<32).map { String(format: "%02x", $0) }.joined() + "\n")
    #expect(try SecretFile.read(folder["key"]) { Data(repeating: 0, count: 32) } == key)
  }

  @Test(arguments: [
    "", "0b0b", String(repeating: "0b", count: 31), String(repeating: "0b", count: 33),
    String(repeating: "0b", count: 31) + "0g", String(repeating: "+b", count: 32),
    String(repeating: "0b", count: 31) + "é",
  ])
  func whatIsNoKeyIsNeverTakenForOne(text: String) throws {
    let folder = try Folder()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder["key"]))
    #expect(throws: SecretFileError.malformed(path: folder["key"])) {
      try SecretFile.read(folder["key"]) { Data(repeating: 1, count: 32) }
    }
    #expect(folder.text("key") == text)
  }

  @Test func aKeyThatCannotBeKeptIsRefused() {
    #expect(throws: SecretFileError.unwritable(path: "/proc/none/key")) {
      try SecretFile.read("/proc/none/key") { Data(repeating: 1, count: 32) }
    }
  }
}

/// A folder that goes with the test.
private final class Folder: Sendable {
  private let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("durable-\(UUID().uuidString)").path
    try DurableFile.makeFolder(path, mode: 0o700)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { "\(path)/\(name)" }

  /// Hidden ones too.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: self[name]).map { String(decoding: $0, as: UTF8.self) }
  }

  func mode(_ name: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: self[name])
    return (attributes?[.posixPermissions] as? NSNumber)?.intValue
  }
}
