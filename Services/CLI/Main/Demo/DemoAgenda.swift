// What is still to happen, in order of simulated time.
import QuintetAPI

/// One thing to do. Keys are those of the calls that opened the incidents.
enum DemoStep: Sendable {
  case tick
  case startShift(Int)
  /// The seats of the hall are handed over at this second.
  case changeTurn(Int)
  /// 09:00: the leader of a post sees the calls of the last weeks and places the patrols.
  case deploy
  /// What came of it.
  case compareDeployment
  /// A call comes in; then it is clear what it is about. Index of the call.
  case answer(Int)
  case settle(Int)
  case classify(String)
  case queue(String)
  /// Units are chosen and sent; how often it was tried in vain before.
  case send(String, attempt: Int)
  /// One assignment goes a step further. Index of the trip.
  case advance(Int, Quintet_Command_V1_AssignmentStep)
  case submitFeedback(String)
  case close(String)
  case divert(String, authority: String, isAccepted: Bool)
  case resolveDiversion(String, isAccepted: Bool)
  case monitor(String, reason: String, seconds: Int)
  case requestFeedback(String)
  case cancel(String, reason: String)
  case merge(String, into: String, reason: String)
  case reopen(String, reason: String)
  /// Index of the directive in the incident's plan.
  case issue(String, Int)
  /// Index of the course.
  case course(Int, DemoCourseStep)
  /// Indices of topic and item.
  case post(Int, Int)
  case tie(Int)
  case respond(Int)
  case joint(DemoJointStep)
  /// What concerns the whole bureau.
  case wide(DemoWideStep)
  /// Index of the beat whose phone reports.
  case tasks(Int, DemoTaskStep)
}

enum DemoCourseStep: Sendable {
  case deliver, sign, start, feedBack, accept, handOver
}

/// A heap by time; of equal times what was planned first.
struct DemoAgenda {
  private struct Entry {
    let second: Double
    let ordinal: Int
    let step: DemoStep

    func isBefore(_ other: Entry) -> Bool {
      (second, ordinal) < (other.second, other.ordinal)
    }
  }

  private var heap: [Entry] = []
  private var ordinal = 0

  var isEmpty: Bool { heap.isEmpty }

  mutating func plan(_ step: DemoStep, at second: Double) {
    ordinal += 1
    heap.append(Entry(second: second, ordinal: ordinal, step: step))
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> (second: Double, step: DemoStep)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (first.second, first.step)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      let children = (2 * parent + 1)...(2 * parent + 2)
      let least = children.filter { $0 < heap.count }.min { heap[$0].isBefore(heap[$1]) }
      guard let least, heap[least].isBefore(heap[parent]) else { return }
      heap.swapAt(least, parent)
      parent = least
    }
  }
}
