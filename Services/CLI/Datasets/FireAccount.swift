// The account that closes an incident, in words, from what the file recorded and nothing else.
import Foundation

extension FireCall {
  /// Who was sent, when the first was there, when the last was free, and what came of it. Chinese
  /// first; up to some 1 000 characters.
  public var account: String {
    let sent = responses.filter { !$0.laterTimes.isEmpty }.map(\.unitID)
    let named = sent.prefix(12).joined(separator: "、") + (sent.count > 12 ? "…" : "")
    let first = onScene.map { WallTime.format($0) }
    let last = responses.compactMap(\.available).max().map { WallTime.format($0) }
    let outcome = first == nil ? "到场前撤回" : "现场处置完毕"
    let chinese = [
      "出动 \(sent.count) 个警力单元（\(named)）",
      first.map { "首个单元 \($0) 到场" }, outcome, last.map { "全部单元 \($0) 归位" },
      disposition.isEmpty ? nil : "处置结果：\(disposition)",
    ]
    let english = [
      "Units sent: \(sent.count)",
      first.map { "first on scene \($0)" } ?? "called off before arrival",
      last.map { "all free \($0)" }, disposition.isEmpty ? nil : "disposition: \(disposition)",
    ]
    return chinese.compactMap { $0 }.joined(separator: "，") + "。"
      + english.compactMap { $0 }.joined(separator: "; ") + "."
  }

  private var disposition: String { first.disposition }
}
