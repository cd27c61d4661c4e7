// `quintet token`: tokens for persons and partners of a small site, and a look into any token.
public import Access
public import ArgumentParser
import Credentials
import Foundation
import ServiceHost

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "令牌 / Tokens of persons and partners.",
    subcommands: [Issue.self, Inspect.self, Revoke.self])

  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "issue", abstract: "签发令牌 / Sign a token and print it.",
      discussion: "须能读取签发密钥 / Needs the issuer's key.")

    @OptionGroup var host: HostOptions

    @Option(help: "person/zhang.wei、partner/NAME 或 terminal/CODE / Who it is for.")
    var subject: String?

    @Option(
      help: """
        上席凭证的文件，- 为标准输入；按排班签发，代替其余选项 / File of a seat grant, - for standard input: \
        a token as the roster says, instead of the other options.
        """)
    var seatGrant: String?

    @Option(help: "角色，可多次 / A role; may be given several times.")
    var role: [Role] = []

    @Option(help: "机构编号或 *，可多次 / Id of an organisational unit, or * for all; repeatable.")
    var area: [String] = []

    @Option(help: "在班席位或警力单元 / Seat or unit held, such as unit_….")
    var seat: String?

    @Option(help: "合作单位类别 / Kind of partner.")
    var partnerKind: PartnerKind?

    @Option(help: "从现在起在班多久，如 8h / On duty from now for so long, such as 8h.")
    var duty: Span?

    @Option(help: "在班至何时，RFC 3339 / On duty from now until this time.")
    var dutyUntil: Moment?

    @Option(
      help: """
        有效期，最多 12h，终端 366d；缺省 15m，凭上席凭证则到班次结束 / For how long it is good, at most 12h, a terminal's 366d; 15m when left \
        out, with a seat grant until the shift ends.
        """)
    var lifetime: Span?

    @Option(help: "本人的姓，用于发现查询同姓者 / Own family name, so that look-ups of it are noticed.")
    var familyName: String?

    @Option(help: "每秒调用数，缺省按一般限额 / Calls a second, instead of the common limit.")
    var callRate: Double?

    func validate() throws {
      guard (subject == nil) != (seatGrant == nil) else {
        throw ValidationError(
          "--subject 与 --seat-grant 须给且只给一个 / Give --subject or --seat-grant, not both.")
      }
      if seatGrant != nil {
        let isBare =
          role.isEmpty && area.isEmpty && seat == nil && partnerKind == nil && duty == nil
          && dutyUntil == nil && callRate == nil
        guard isBare else {
          throw ValidationError(
            "凭上席凭证签发时，角色、席位等由排班决定 / With --seat-grant the roster says the rest.")
        }
      }
      let isTerminal = subject?.hasPrefix("\(Principal.Kind.terminal.rawValue)/") == true
      guard
        (lifetime?.seconds ?? 0)
          <= (isTerminal ? TokenVerifier.longestTerminalLifetime : TokenVerifier.longestLifetime)
      else {
        throw ValidationError(
          "--lifetime 最多 12h，终端 366d / --lifetime takes 12h at most, for terminals 366d.")
      }
      guard !isTerminal || (role.isEmpty && area.isEmpty && seat == nil) else {
        throw ValidationError(
          "终端没有角色、辖区和席位 / A terminal has no roles, areas or seat.")
      }
      guard duty == nil || dutyUntil == nil else {
        throw ValidationError(
          "--duty 与 --duty-until 只能给一个 / Give --duty or --duty-until, not both.")
      }
      guard !role.contains(.service) else {
        throw ValidationError(
          "service 角色只属于各服务自己 / The role service belongs to the services alone.")
      }
      guard (callRate ?? 1) > 0, callRate?.isFinite != false else {
        throw ValidationError("--call-rate 须大于 0 / --call-rate must be more than 0.")
      }
    }

    func run() async throws {
      let now = Date()
      if let seatGrant { return print(try await token(of: seatGrant, at: now)) }
      var principal = try Principal(parsing: subject ?? "")
      guard principal.kind != .service else {
        throw ValidationError("服务自行签发令牌 / Services sign tokens of their own.")
      }
      guard (partnerKind != nil) == (principal.kind == .partner && role.contains(.partner)) else {
        throw ValidationError(
          "partner 角色须给 --partner-kind，且只用于 partner/… / "
            + "--partner-kind goes with --role partner and a subject partner/….")
      }
      principal.roles = Set(role)
      principal.areas = Set(area)
      principal.seat = seat
      principal.partnerKind = partnerKind
      principal.familyName = familyName
      principal.callRate = callRate
      if let end = dutyUntil?.date ?? duty.map({ now.addingTimeInterval($0.seconds) }) {
        guard now < end else {
          throw ValidationError("--duty-until 已过 / --duty-until is over already.")
        }
        principal.duty = now.addingTimeInterval(-1)..<end
      }
      print(
        try await host.keys.issuer().sign(
          principal, id: UUID().uuidString.lowercased(), at: now,
          lifetime: lifetime?.seconds ?? 900))
    }

    /// What duty's roster says, signed by the issuer. Its id is the grant's: leaving the seat has it
    /// refused.
    private func token(of path: String, at now: Date) async throws -> String {
      let given: String
      if path == "-" {
        given = readLine() ?? ""
      } else {
        guard let data = FileManager.default.contents(atPath: path) else {
          throw TokenFileError(path: path)
        }
        given = String(decoding: data, as: UTF8.self)
      }
      let grant = try host.keys.grant(
        given.trimmingCharacters(in: .whitespacesAndNewlines), at: now)
      let rest = grant.until.timeIntervalSince(now)
      let longest = min(rest, TokenVerifier.longestLifetime)
      return try await host.keys.issuer().sign(
        try grant.principal(), id: grant.id, at: now,
        lifetime: min(lifetime?.seconds ?? longest, longest))
    }
  }

  struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "inspect",
      abstract: "查看令牌，以及是否会被接受 / What a token says, and whether it would be taken.",
      discussion: "会被接受返回 0，否则 1 / Exits 0 when it would be taken, else 1.")

    @OptionGroup var host: HostOptions
    @OptionGroup var token: GivenToken

    func run() async throws {
      let text = try token.text()
      if let claims = TokenVerifier.claims(of: text) { print(claims) }
      let verifier = try TokenVerifier(
        keys: host.keys.publicKeysPath,
        providerKeys: host.providerKeys.isEmpty ? nil : host.providerKeys,
        revocations: host.keys.revocationsPath,
        issuers: Set(host.issuers.split(separator: ",").map(String.init))
      ) { _, _ in }
      do {
        let found = try verifier.verify(text, at: Date())
        print("会被接受，至 \(LocalTime.text(found.expires)) / It would be taken until then.")
      } catch {
        print("不会被接受 It would not be taken: \(error.rawValue) · \(error.sentence)")
        throw ExitCode(1)
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke",
      abstract: "吊销令牌，一秒内生效 / Have a token refused, within a second.")

    @OptionGroup var host: HostOptions
    @OptionGroup var token: GivenToken

    @Option(help: "令牌编号（jti），代替令牌 / The token's id, instead of the token.")
    var id: String?

    func run() async throws {
      if let id {
        try host.keys.revoke(id, expires: nil, at: Date())
        return print("已吊销 Revoked: \(id)")
      }
      guard let (id, expires) = TokenVerifier.identity(of: try token.text()) else {
        throw ValidationError("令牌无法读取 / The token cannot be read.")
      }
      try host.keys.revoke(id, expires: expires, at: Date())
      print("已吊销 Revoked: \(id)")
    }
  }
}

/// A token given on the command line, in a file, or on standard input.
struct GivenToken: ParsableArguments {
  @Option(name: .customLong("token-file"), help: "令牌文件 / File of the token.")
  var file: String?

  @Argument(help: "令牌，缺省读标准输入 / The token; standard input when left out.")
  var token: String?

  func text() throws -> String {
    let given: String
    if let token {
      given = token
    } else if let file {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw TokenFileError(path: file)
      }
      given = String(decoding: data, as: UTF8.self)
    } else {
      given = readLine() ?? ""
    }
    return given.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// `90s`, `15m`, `8h` or `366d`.
struct Span: ExpressibleByArgument {
  let seconds: TimeInterval

  init(seconds: TimeInterval) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }), let amount = Int(argument.dropLast()),
      (1...1_000_000).contains(amount)
    else { return nil }
    seconds = Double(amount) * unit
  }

  var defaultValueDescription: String { "\(Int(seconds / 60))m" }
}

/// A time as RFC 3339 writes it.
struct Moment: ExpressibleByArgument {
  let date: Date

  init?(argument: String) {
    guard let date = try? Date(argument, strategy: .iso8601) else { return nil }
    self.date = date
  }
}

extension Role: ExpressibleByArgument {}
extension PartnerKind: ExpressibleByArgument {}
