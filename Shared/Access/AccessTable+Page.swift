// The table as a page to read: what Docs/access.md holds.

extension AccessTable {
  /// Markdown, Chinese first. `quintet access table > Docs/access.md`.
  public var page: String {
    let roleRows = roles.map {
      "| `\($0.role.rawValue)` | \($0.name) | \(Self.words($0.scope)) | \($0.needsDuty ? "当班 on duty" : "") |"
    }
    let purposeRows = purposes.map { row in
      "| `\(row.code)` | \(row.name) | \(row.roles.sorted().map(\.rawValue).joined(separator: ", ")) |"
    }
    let forbidRows = forbids.map {
      "- `\($0.role.rawValue)`：\(Self.words($0.kind))"
    }
    return """
      # 权限表 Who may do what

      由 `quintet access table` 生成，改动请改 Shared/Access/AccessRows.swift。
      Made by `quintet access table` from Shared/Access/AccessRows.swift. What has no row is refused to
      everybody; what forbids wins over what grants; a principal with several roles may do what one of them
      may, as far as that one sees.

      ## 角色 Roles

      | role | 中文 | 可见范围 sees | 前提 when |
      |---|---|---|---|
      \(roleRows.joined(separator: "\n"))

      An area stands for all below it in duty's tree. What is addressed to a seat, a unit or an area is
      within the reach of whoever holds it. To whoever sees a part only, what lies outside looks like what
      does not exist: PERMISSION_DENIED (OUTSIDE_AREA).

      ## 一律禁止 Forbidden whatever else they are

      \(forbidRows.joined(separator: "\n"))

      ## 查询用途 Purposes of looking somebody up

      | purpose | 中文 | roles |
      |---|---|---|
      \(purposeRows.joined(separator: "\n"))

      ## 接口 Methods

      `open`：登录即可，不涉个人。Anyone signed in; nothing about anybody. `read`、`change`、`lookup` 均留审计记录：
      all three are recorded. `lookup` needs a purpose and an open case besides.

      \(methodSections.joined(separator: "\n\n"))

      """
  }

  private var methodSections: [String] {
    var sections: [(service: String, rows: [String])] = []
    for row in methods {
      let parts = row.method.split(separator: "/").map(String.init)
      if sections.last?.service != parts[0] { sections.append((parts[0], [])) }
      let grants = row.grants.map(\.description).joined(separator: ", ")
      sections[sections.count - 1].rows.append("| \(parts[1]) | \(row.kind.rawValue) | \(grants) |")
    }
    return sections.map { section in
      """
      ### \(section.service)

      | method | kind | roles |
      |---|---|---|
      \(section.rows.joined(separator: "\n"))
      """
    }
  }

  private static func words(_ scope: Scope) -> String {
    switch scope {
    case .all: "全部 everything"
    case .area: "辖区 own areas"
    case .own: "本席位、本单位 what is addressed to it"
    }
  }

  private static func words(_ kind: Kind) -> String {
    switch kind {
    case .open: "open"
    case .read: "读取 read"
    case .change: "变更 change"
    case .lookup: "查询个人 look anybody up"
    }
  }
}
