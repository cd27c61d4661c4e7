// Why a process could not start, in sentences for the person at the terminal.

/// What keeps a host from starting. Printed as it is by the command line, which then exits with 1.
public enum HostError: Error, Hashable, CustomStringConvertible {
  case alreadyRunning(name: String, process: String)
  case pathTooLong(path: String, bytes: Int, limit: Int)
  case notASocket(path: String)
  case folder(path: String, problem: String)
  case system(operation: String, path: String, problem: String)
  case badAddress(String)
  case cannotListen(address: String, problem: String)
  case endedByItself(String)
  case storeRefused(place: String, sentence: String)
  case restoreUnfinished(folder: String)
  /// Others than the group could reach what lies there.
  case tooOpen(path: String, mode: Int, widest: Int)
  case keysRefused(sentence: String)

  public var description: String {
    switch self {
    case .alreadyRunning(let name, let process):
      "\(name) 已在运行，进程号 \(process) / \(name) is already running as process \(process)"
    case .pathTooLong(let path, let bytes, let limit):
      "套接字路径过长（\(bytes) 字节，最多 \(limit)）：\(path)，请用更短的 --run-dir / "
        + "The socket path is \(bytes) bytes long and the system allows \(limit); "
        + "choose a shorter --run-dir"
    case .notASocket(let path):
      "\(path) 已存在且不是套接字，未予删除 / "
        + "\(path) exists and is not a socket; it was left alone"
    case .folder(let path, let problem):
      "文件夹 \(path) 不可用：\(problem) / The folder \(path) cannot be used: \(problem)"
    case .system(let operation, let path, let problem):
      "\(path)：\(operation) 失败（\(problem)）/ \(operation) failed on \(path): \(problem)"
    case .badAddress(let text):
      "“\(text)” 不是 地址:端口 / “\(text)” is not ADDRESS:PORT"
    case .cannotListen(let address, let problem):
      "无法监听 \(address)：\(problem) / Cannot listen on \(address): \(problem)"
    case .endedByItself(let part):
      "\(part) 意外结束 / \(part) ended by itself"
    case .storeRefused(let place, let sentence):
      "\(place)：\(sentence)"
    case .restoreUnfinished(let folder):
      "\(folder) 中有一次未完成的恢复，请重新运行 quintet restore / "
        + "A restore into \(folder) was not finished: run quintet restore again"
    case .tooOpen(let path, let mode, let widest):
      "\(path) 的权限为 \(Self.octal(mode))，过宽，请运行 chmod \(Self.octal(widest)) \(path) / "
        + "\(path) has mode \(Self.octal(mode)), so others could reach the services: "
        + "run chmod \(Self.octal(widest)) \(path)"
    case .keysRefused(let sentence):
      sentence
    }
  }

  private static func octal(_ mode: Int) -> String { "0" + String(mode, radix: 8) }
}
