// Why a store is not opened, and what its operator can do about it.
import Persistence

extension HostError {
  /// - Parameter place: the file, which has not been changed, or the schema on a server.
  static func store(_ place: String, _ error: DatabaseError) -> HostError {
    let (chinese, english): (String, String) =
      switch error {
      case .corrupt(let finding):
        (
          "数据文件已损坏，未作任何改动；请另存该文件，再用 quintet restore 恢复最近的备份",
          "The file is damaged and was left as it is (\(finding)). Keep a copy of it, then bring back "
            + "the newest backup with quintet restore"
        )
      case .newerSchema(let finding):
        (
          "数据由更新版本写成，未作任何改动；请启动该版本，或用 quintet restore 恢复本版本的备份",
          "\(finding) The file was left as it is"
        )
      case .changedMigration(let finding):
        ("迁移步骤与数据文件不符，请使用发布的程序", "\(finding) Use a released program")
      case .unavailable(let finding):
        ("数据库服务器没有应答", "The server of the store does not answer (\(finding)): start it")
      case .busy:
        ("数据文件正被其他进程占用", "Another process holds the file: end it first")
      case .full:
        ("磁盘已满，请腾出空间", "The disk is full: make room")
      case .notDurable(let finding):
        ("此系统不能保证数据落盘，拒绝启动", "This system cannot keep data through a power cut: \(finding)")
      default:
        (
          "数据文件无法打开，请检查磁盘与权限",
          "The file cannot be opened (\(error)): look at the disk and the file's rights"
        )
      }
    return .storeRefused(place: place, sentence: "\(chinese) / \(english).")
  }
}
