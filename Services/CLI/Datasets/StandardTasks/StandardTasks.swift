// 标准件: the catalogue of standard work that comes with the suite: 117 tasks of a beat, each with the law,
// regulation or rule of the bureau that it rests on. `quintet import tasks` takes it in, or a file of the
// same form; a bureau changes it by writing it out (`--print`) and taking its own in.
import Foundation

public enum StandardTasks {
  /// JSON of quintet.duty.v1.TaskTemplate, one a line.
  public static let lines: [String] = [
    fire,
    rental,
    hotel,
    hazardous,
    school,
    bank,
    traffic,
    dispute,
    fraud,
    community,
    trade,
    service,
  ].flatMap { $0.split(separator: "\n").map(String.init) }

  /// Lines of a file of the same form, plain or gzip: neither empty nor comments that begin with #.
  public static func lines(of file: DataFile) -> [(number: Int, text: String)] {
    String(decoding: file.bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { (number: $0 + 1, text: $1.trimmingCharacters(in: .whitespaces)) }
      .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
  }
}
