// The bytes of checkpoints are others' as well: C2SP's signed-note and tlog-checkpoint.
import Crypto
import Foundation
import Testing

@testable import Audit

@Suite struct CheckpointTests {
  let checkpoint = Checkpoint(
    origin: "command.quintet/main", size: 42, root: Array(repeating: 7, count: 32))

  /// The key and the note that the documentation of Go's golang.org/x/mod/sumdb/note signs.
  @Test func aNoteOfAnotherToolIsVerified() throws {
    let key = try #require(
      VerifierKey(parsing: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
    let text =
      "If you think cryptography is the answer to your problem,\n"
      + "then you don't know what your problem is.\n"
    let signature =
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    let note = try #require(SignedNote(parsing: "\(text)\n— PeterNeumann \(signature)\n"))
    #expect(note.isSigned(by: [key]))
    let other = try #require(
      SignedNote(parsing: "\(text.uppercased())\n— PeterNeumann \(signature)\n"))
    #expect(!other.isSigned(by: [key]))
  }

  @Test func aSignedCheckpointHasTheDocumentedBytes() throws {
    let key = AuditKey(name: checkpoint.origin)
    let note = try key.sign(checkpoint)
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
    let root = Data(checkpoint.root).base64EncodedString()
    #expect(lines.prefix(4) == ["command.quintet/main", "42", "\(root)", ""])
    #expect(lines[4].hasPrefix("— command.quintet/main "))
    #expect(lines.count == 6 && lines[5].isEmpty)
    let signed = try #require(SignedNote(parsing: note))
    #expect(signed.isSigned(by: [key.verifier]))
    #expect(Checkpoint(parsing: signed.text) == checkpoint)
    #expect(VerifierKey(parsing: key.verifier.description) == key.verifier)
  }

  @Test func aNoteThatNoKnownKeySignedIsNotTaken() throws {
    let key = AuditKey(name: checkpoint.origin)
    let other = AuditKey(name: checkpoint.origin)
    let note = try #require(SignedNote(parsing: key.sign(checkpoint)))
    #expect(!note.isSigned(by: []))
    #expect(!note.isSigned(by: [other.verifier]))
    #expect(note.isSigned(by: [other.verifier, key.verifier]))
  }

  @Test(arguments: [
    "command.quintet/main\n042\n\n", "a\n1\nAAAA\n", "a\n1\n", "\n1\n", "a\n-1\n",
    "a\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\nmore\n",
  ])
  func whatIsNoCheckpointIsNotRead(text: String) {
    #expect(Checkpoint(parsing: text) == nil)
  }

  @Test func aLogKeepsItsKey() throws {
    let folder = try StoreFolder()
    let path = folder.folder.appendingPathComponent("audit-command.key").path
    let made = try AuditKey(file: path, name: checkpoint.origin)
    let read = try AuditKey(file: path, name: checkpoint.origin)
    #expect(made.verifier == read.verifier)
  }

  @Test func anExportedCheckpointIsNeverReplaced() throws {
    let store = try StoreFolder()
    let folder = CheckpointFolder(
      directory: store.folder.path, service: "command", partition: "main")
    let key = AuditKey(name: checkpoint.origin)
    try folder.announce(key.verifier)
    try folder.announce(key.verifier)
    let note = try key.sign(checkpoint)
    try folder.export(size: 42, note)
    try folder.export(size: 42, note)
    #expect(throws: CheckpointConflict.self) { try folder.export(size: 42, note + "more\n") }
    #expect(folder.text(of: "42") == note)
    try folder.announce(AuditKey(name: checkpoint.origin).verifier)
    #expect(try folder.keys().count == 2)
    #expect(try folder.names() == ["42", "vkey", "vkey.2"])
  }
}
