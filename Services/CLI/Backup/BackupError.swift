// Why a backup or a restore is not made, and what to do, in sentences for the terminal.

public enum BackupError: Error, Sendable, Equatable, CustomStringConvertible {
  case nothingToCopy(folder: String)
  case folderInUse(String)
  case noQuietMoment(seconds: Int)
  case diskFull
  case uncopied(problem: String)
  case unsound(String)
  case notABackup(String)
  case altered(file: String)
  case newerFormat(Int)
  case targetHolds(folder: String, files: [String])
  case serverIsEmpty
  case serverInUse([String])
  case serverHolds([String])
  case server(problem: String)
  case toolMissing(name: String, server: Int)
  case toolTooOld(name: String, version: Int, server: Int)
  case otherEngine(Manifest.Engine)
  case system(operation: String, path: String, problem: String)

  public var description: String {
    switch self {
    case .nothingToCopy(let folder):
      "\(folder) 中没有存储，请核对 --data-dir / There is no store in \(folder): see to --data-dir"
    case .folderInUse(let folder):
      "\(folder) 已存在且不为空，请另选文件夹 / \(folder) exists and is not empty: choose another folder"
    case .noQuietMoment(let seconds):
      "\(seconds) 秒内写入不断，未能取得一致时刻，请稍后重试 / "
        + "Writes left no moment free for \(seconds) s: try again later"
    case .diskFull:
      "磁盘已满，没有留下任何文件 / The disk is full; nothing was left behind"
    case .uncopied(let problem):
      "存储无法复制，没有留下任何文件：\(problem) / A store cannot be copied; nothing was left behind"
    case .unsound(let what):
      "\(what) 未通过核对，见上；没有留下任何文件 / \(what) did not stand the check, see above; nothing was left behind"
    case .notABackup(let folder):
      "\(folder) 不是完整的备份（没有 \(Manifest.fileName)）/ "
        + "\(folder) is not a whole backup: it has no \(Manifest.fileName)"
    case .altered(let file):
      "备份文件 \(file) 缺失、不全或被改动，请用另一份备份 / "
        + "\(file) of the backup is missing, cut short or altered: use another backup"
    case .newerFormat(let format):
      "备份格式 \(format) 由更新版本写成，请用该版本恢复 / "
        + "The backup has the format \(format) of a newer version: restore it with that one"
    case .targetHolds(let folder, let files):
      "\(folder) 已有 \(files.prefix(3).joined(separator: "、")) 等 \(files.count) 个文件，未作改动；"
        + "加 --move-aside 可将其移开后恢复 / \(folder) holds \(files.count) files of stores and was left "
        + "as it is; with --move-aside they are put aside first"
    case .serverIsEmpty:
      "数据库中没有存储，请核对 --store / There is no store in the database: see to --store"
    case .serverInUse(let sessions):
      "数据库正被 \(sessions.joined(separator: "、")) 使用，请先停止 / "
        + "The database is in use by \(sessions.joined(separator: ", ")): stop the suite first"
    case .serverHolds(let names):
      "已有 \(names.joined(separator: "、"))，未作改动；加 --move-aside 可先改名再恢复 / "
        + "There are \(names.joined(separator: ", ")) already, left as they are; with --move-aside they "
        + "are given other names first"
    case .server(let problem):
      "PostgreSQL 未能完成，没有留下任何改动：\(problem) / PostgreSQL could not do it; nothing was left behind"
    case .toolMissing(let name, let server):
      "找不到 \(name)，请安装 PostgreSQL \(server) 或更新的客户端（Debian：postgresql-client）/ "
        + "There is no \(name): install the client programs of PostgreSQL \(server) or newer "
        + "(Debian: postgresql-client)"
    case .toolTooOld(let name, let version, let server):
      "\(name) 的版本 \(version) 低于服务器的 \(server)，请安装 PostgreSQL \(server) 的客户端 / "
        + "\(name) is of version \(version), the server of \(server): install the client programs of "
        + "PostgreSQL \(server)"
    case .otherEngine(let engine):
      "备份来自 \(engine.words.chinese)，只能恢复到同类存储，请核对 --store / "
        + "The backup is of stores \(engine.words.english) and is restored only to such: see to --store"
    case .system(let operation, let path, let problem):
      "\(path)：\(operation) 失败（\(problem)）/ \(operation) failed on \(path): \(problem)"
    }
  }
}
