// The catalogue that comes with the suite: 117 tasks, each whole, and none that asks what must not be asked.
import Foundation
import Testing

@testable import Datasets

@Suite struct StandardTasksTests {
  private struct Task: Decodable {
    struct Form: Decodable {
      struct Field: Decodable {
        struct Option: Decodable {
          let code: String
          let label: String
        }
        let code: String
        let label: String
        let kind: String
        let options: [Option]?
        let minNumber: Double?
        let maxNumber: Double?
      }
      let fields: [Field]
    }
    let code, name, englishName, category, leadDepartment, basis, measures, standard: String
    let period, placeKind: String
    let standardMinutes: Int
    let contentCodes: [String]
    let factCodes: [String]?
    let form: Form
  }

  private func all() throws -> [Task] {
    try StandardTasks.lines.map { try JSONDecoder().decode(Task.self, from: Data($0.utf8)) }
  }

  @Test func thereAre117AndEachSaysAllThatItMust() throws {
    let tasks = try all()
    #expect(tasks.count == 117 && Set(tasks.map(\.code)).count == 117)
    #expect(Set(tasks.map(\.name)).count == 117)
    #expect(Set(tasks.map(\.category)).count == 12)
    for task in tasks {
      let words = [task.leadDepartment, task.basis, task.measures, task.standard, task.englishName]
      #expect(words.allSatisfy { !$0.isEmpty }, "\(task.code)")
      #expect((1...480).contains(task.standardMinutes) && !task.contentCodes.isEmpty)
      let codes = task.form.fields.map(\.code)
      #expect(!codes.isEmpty && Set(codes).count == codes.count, "\(task.code)")
      #expect((task.factCodes ?? []).allSatisfy(codes.contains), "\(task.code)")
    }
    let periods = Dictionary(grouping: tasks, by: \.period).mapValues(\.count)
    #expect(periods.count == 4 && periods.values.allSatisfy { $0 > 5 })
  }

  /// One code means one thing, so that doubles can be answered at once.
  @Test func numbersAndAttachmentsOfOneCodeAreTheSameEverywhere() throws {
    var kinds: [String: String] = [:]
    for field in try all().flatMap(\.form.fields) where field.options == nil {
      let kind = "\(field.kind) \(field.minNumber ?? -1) \(field.maxNumber ?? -1)"
      #expect(kinds[field.code, default: kind] == kind, "\(field.code)")
      kinds[field.code] = kind
    }
  }

  @Test(arguments: ["民族", "宗教", "信仰", "政治", "病史", "健康状况", "残疾", "重点人员", "上访", "人脸", "监视"])
  func noneAsksAboutPeopleWhatMustNotBeAsked(_ word: String) {
    #expect(!StandardTasks.lines.contains { $0.contains(word) })
  }

  @Test func commentsAndEmptyLinesOfAFileArePassedOver() {
    let file = DataFile(bytes: Array("# 目录\n\n{\"code\":\"a\"}\n  {\"code\":\"b\"}\n".utf8))
    #expect(StandardTasks.lines(of: file).map(\.number) == [3, 4])
  }
}
