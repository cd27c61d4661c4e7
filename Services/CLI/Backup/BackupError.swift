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
    case .system(let operation, let path, let problem):
      "\(path)：\(operation) 失败（\(problem)）/ \(operation) failed on \(path): \(problem)"
    }
  }
}
