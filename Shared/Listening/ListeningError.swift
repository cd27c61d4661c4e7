// Why a listener is not opened, in sentences for the person at the terminal.

/// Printed as it is by the command line, which then exits with 1.
public enum ListeningError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case badFile(path: String, problem: String)
  case keyIsPublic(path: String)
  case plainTCP(address: String)
  case certificateWithoutKey
  case clientsUnknown(address: String)

  public var description: String {
    switch self {
    case .unreadable(let path):
      "无法读取 \(path) / \(path) cannot be read"
    case .badFile(let path, let problem):
      "\(path) 内容有误：\(problem) / \(path) is not as it must be: \(problem)"
    case .keyIsPublic(let path):
      "私钥 \(path) 人人可读，请先 chmod o-rwx / "
        + "Everybody may read the private key \(path): chmod o-rwx first"
    case .plainTCP(let address):
      "\(address) 不是本机回环地址，须用 --tls-certificate 与 --tls-key 加密 / "
        + "\(address) is not a loopback address: give --tls-certificate and --tls-key"
    case .certificateWithoutKey:
      "--tls-certificate 与 --tls-key 须同时给出 / "
        + "--tls-certificate and --tls-key go together"
    case .clientsUnknown(let address):
      "\(address) 的 gRPC 须双向认证，请给出 --tls-clients-ca 与 --tls-allow-list / "
        + "gRPC on \(address) lets in known clients only: give --tls-clients-ca and --tls-allow-list"
    }
  }
}
