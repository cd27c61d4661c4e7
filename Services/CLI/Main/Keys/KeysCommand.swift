// `quintet keys`: the keys that tokens are signed with.
import ArgumentParser
import Credentials
import Foundation
import ServiceHost

struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "签发令牌的密钥 / The keys that tokens are signed with.",
    discussion: """
      能读取 private 文件夹者即可冒充任何人：请妥善保管。服务不必重启。
      Whoever can read the folder private can act as anybody: guard it. No service need be restarted.
      """,
    subcommands: [New.self, Rotate.self])

  struct New: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "生成签发者与各服务的密钥 / Make the issuer's key and one for each process.")

    @OptionGroup var host: HostOptions

    func run() async throws {
      let services = SuiteProcess.allCases.map(\.rawValue)
      guard try host.keys.make(services: services, at: Date()) else {
        tell(
          "\(host.keysDirectory) 中已有密钥，未作改动；更换请用 quintet keys rotate / "
            + "There are keys in \(host.keysDirectory); they were left alone. "
            + "Replace them with quintet keys rotate")
        throw ExitCode(1)
      }
      print("已生成密钥 Made keys: \(host.keysDirectory)")
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate",
      abstract: "更换密钥 / Put fresh keys in the place of all.",
      discussion: """
        旧公钥保留到其签发的令牌全部过期，由其后的更换清除。
        Old public keys stay until what they signed has run out, and go with the first rotation \
        after that.
        """)

    @OptionGroup var host: HostOptions

    func run() async throws {
      let (fresh, kept) = try host.keys.rotate(at: Date())
      print("新密钥 fresh keys \(fresh) · 仍接受的旧公钥 old ones still accepted \(kept)")
    }
  }
}
