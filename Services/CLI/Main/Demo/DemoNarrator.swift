// What the demo says: one line for one thing, with the day's time in front, Chinese first.
import DemoBureau
import Foundation
import Synchronization

/// Prints lines, and knows which incident is which for those who only have its id.
final class DemoNarrator: Sendable {
  struct Matter: Sendable {
    let number: String
    let title: String
    let story: Story?
  }

  let midnight: Date
  private let matters = Mutex<[String: Matter]>([:])
  private let overdue = Mutex(0)
  private let waiting = Mutex<[(second: Double, text: String)]>([])

  init(midnight: Date) {
    self.midnight = midnight
  }

  /// Such as `2016-12-31`.
  var day: String { String(LocalTime.text(midnight).prefix(10)) }

  var overdueCount: Int { overdue.withLock { $0 } }

  func countOverdue() { overdue.withLock { $0 += 1 } }

  func introduce(_ incident: String, _ matter: Matter) {
    matters.withLock { $0[incident] = matter }
  }

  func matter(_ incident: String) -> Matter? { matters.withLock { $0[incident] } }

  func plain(_ text: String) {
    print(text)
    // Whoever pipes this wants to see the day pass, too.
    fflush(nil)
  }

  /// Said by the next `flush`: clocks turn red at their own times, but are heard of later.
  func line(_ second: Double, _ text: String) {
    waiting.withLock { $0.append((second, "\(clock(second))  \(text)")) }
  }

  /// Says what has been waiting, in order of the day.
  func flush() {
    let lines = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    // Stable: of one second, what was said first comes first.
    let order = lines.enumerated().sorted {
      ($0.element.second, $0.offset) < ($1.element.second, $1.offset)
    }
    for (_, line) in order { plain(line.text) }
  }

  func story(_ second: Double, _ story: Story, _ text: String) {
    line(second, "【\(story.title)】\(text)")
  }

  func line(at time: Date, _ text: String) {
    line(time.timeIntervalSince(midnight), text)
  }

  /// `20:31:07`; after midnight `+00:12:00`.
  private func clock(_ second: Double) -> String {
    let whole = Int(second)
    let time = String(
      format: "%02d:%02d:%02d", whole / 3600 % 24, whole / 60 % 60, whole % 60)
    return whole >= 86_400 ? "+\(time)" : " \(time)"
  }
}
