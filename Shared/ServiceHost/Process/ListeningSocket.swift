// Sockets, bound by ourselves and handed to the transport. Left to bind a path, the transport removes
// a socket on its way out that may already belong to its successor; and an address in use is best
// found out before anything has started.
import Foundation

/// A bound and listening Unix socket of mode 0660. The caller must hold the run lock.
struct ListeningSocket: Sendable {
  let path: String
  /// Owned by the transport once that has been made.
  let descriptor: Int32
  private let device: dev_t
  private let inode: ino_t

  /// Longest path a Unix socket can have here, without its closing zero.
  static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  init(path: String) throws {
    var address = try Self.address(of: path)
    try Self.removeStale(path)
    let descriptor = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      throw HostError.system(operation: "socket", path: path, problem: errorText())
    }
    do {
      // Before binding, so that there is no moment at which others could connect.
      let before = umask(0o117)
      let bound = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      let problem = errno
      umask(before)
      guard bound == 0 else {
        throw HostError.system(operation: "bind", path: path, problem: errorText(problem))
      }
      guard listen(descriptor, 256) == 0 else {
        throw HostError.system(operation: "listen", path: path, problem: errorText())
      }
      var status = stat()
      guard lstat(path, &status) == 0 else {
        throw HostError.system(operation: "stat", path: path, problem: errorText())
      }
      // Where the folder has an access list of its own, the umask counts for nothing.
      guard status.st_mode & 0o777 & ~0o660 == 0 else {
        throw HostError.tooOpen(path: path, mode: Int(status.st_mode & 0o777), widest: 0o660)
      }
      self.device = status.st_dev
      self.inode = status.st_ino
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Removes the socket file if it is still the one that was bound here.
  func remove() {
    var status = stat()
    if lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode {
      unlink(path)
    }
  }

  /// - Throws: `HostError.pathTooLong`.
  static func check(path: String) throws {
    _ = try address(of: path)
  }

  private static func address(of path: String) throws -> sockaddr_un {
    let bytes = Array(path.utf8)
    guard bytes.count <= longestPath else {
      throw HostError.pathTooLong(path: path, bytes: bytes.count, limit: longestPath)
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }

  private static func removeStale(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw HostError.notASocket(path: path) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw HostError.system(operation: "unlink", path: path, problem: errorText())
    }
  }
}

/// A bound and listening TCP socket.
struct TCPListeningSocket: Sendable {
  /// The address with the port that the system chose, where it was left the choice.
  let address: TCPAddress
  /// Owned by the transport once that has been made.
  let descriptor: Int32

  init(_ wanted: TCPAddress) throws {
    func failure(_ number: Int32 = errno) -> HostError {
      .cannotListen(address: wanted.description, problem: errorText(number))
    }
    let descriptor = socket(
      wanted.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure() }
    do {
      var yes: Int32 = 1
      setsockopt(
        descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
      let bound = wanted.withSocketAddress { bind(descriptor, $0, $1) }
      guard bound == 0, listen(descriptor, 256) == 0 else { throw failure() }
      self.address = try wanted.withPort(of: descriptor) ?? { throw failure() }()
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }
}
