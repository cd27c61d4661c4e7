// Plans, tasks and counts between wire and domain.
import DutyDomain
import Forms
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension TaskPlace {
  init(_ place: Quintet_Duty_V1_TaskPlace, field: String) throws {
    self.init(
      code: try Check.code(place.code, field: "\(field).code", max: 64, required: true),
      name: try Check.text(place.name, field: "\(field).name", max: 60, required: true),
      address: try Check.text(place.address, field: "\(field).address", max: 120))
  }
}

extension TaskPlan {
  /// - Parameter today: the first day where none is given.
  init(_ plan: Quintet_Duty_V1_TaskPlan, today: RosterDay) throws {
    var known: Set<[String]> = []
    let entries = try Check.list(plan.entries, field: "plan.entries", 0...500).enumerated().map {
      index, entry in
      let at = "plan.entries[\(index)]"
      let checked = Entry(
        templateCode: try RosterCheck.code(entry.templateCode, field: "\(at).template_code"),
        place: try TaskPlace(entry.place, field: "\(at).place"))
      guard known.insert([checked.templateCode, checked.place.code]).inserted else {
        throw Failure.duplicate(at)
      }
      return checked
    }
    let first =
      try plan.fromDate.isEmpty ? today : RosterCheck.day(plan.fromDate, field: "plan.from_date")
    let last =
      try plan.untilDate.isEmpty
      ? nil : RosterCheck.day(plan.untilDate, field: "plan.until_date")
    if let last, last < first {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "plan.until_date",
        "until_date 不得早于 from_date。until_date must not be before from_date.")
    }
    let seat = try RosterCheck.code(plan.seatCode, field: "plan.seat_code", required: false)
    self.init(
      beat: try Check.identifier(plan.beatID, field: "plan.beat_id"), entries: entries,
      first: first, last: last, seatCode: seat.isEmpty ? nil : seat)
  }
}

extension Quintet_Duty_V1_TaskPlace {
  init(_ place: TaskPlace) {
    self = .with {
      $0.code = place.code
      $0.name = place.name
      $0.address = place.address
    }
  }
}

extension Quintet_Duty_V1_TaskPlan {
  init(_ plan: TaskPlan) {
    self = .with {
      $0.beatID = plan.beat.description
      $0.etag = String(plan.revision)
      $0.entries = plan.entries.map { entry in
        .with {
          $0.templateCode = entry.templateCode
          $0.place = Quintet_Duty_V1_TaskPlace(entry.place)
        }
      }
      $0.fromDate = plan.first.description
      $0.untilDate = plan.last?.description ?? ""
      $0.seatCode = plan.seatCode ?? ""
    }
  }
}

extension TaskState {
  init(_ state: Quintet_Duty_V1_TaskState, field: String) throws {
    switch state {
    case .planned: self = .planned
    case .issued: self = .issued
    case .signed: self = .signed
    case .done: self = .done
    case .returned: self = .returned
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_TaskState {
  init(_ state: TaskState?) {
    self =
      switch state {
      case nil: .unspecified
      case .planned: .planned
      case .issued: .issued
      case .signed: .signed
      case .done: .done
      case .returned: .returned
      }
  }
}

extension Quintet_Duty_V1_Task {
  init(_ view: TaskView, now: Date) {
    let task = view.task
    self = .with {
      $0.id = task.id.description
      $0.etag = String(task.revision)
      $0.beatID = task.beat.description
      $0.place = Quintet_Duty_V1_TaskPlace(task.place)
      $0.state = Quintet_Duty_V1_TaskState(task.state)
      $0.bases = task.bases.map(Quintet_Duty_V1_TaskBasis.init)
      $0.startTime = task.start.timestamp
      $0.dueTime = task.due.timestamp
      $0.standardMinutes = Int32(clamping: task.standardMinutes)
      $0.form = Quintet_Type_V1_Form(view.form)
      $0.answers = task.answers.map(Quintet_Duty_V1_TaskAnswer.init)
      $0.late = task.isLate(at: now)
      $0.returnReason = task.returnReason
      if let time = task.doneTime { $0.doneTime = time.timestamp }
      $0.doneBy = task.doneBy
      $0.moveTime = task.moveTime.timestamp
    }
  }
}

extension Quintet_Duty_V1_TaskBasis {
  init(_ basis: TaskBasis) {
    self = .with {
      $0.templateCode = basis.template.code
      $0.templateVersion = Int32(clamping: basis.template.version)
      $0.name = basis.name
      $0.source =
        switch basis.source {
        case .plan: .plan
        case .room: .room
        }
      $0.startTime = basis.start.timestamp
      $0.dueTime = basis.due.timestamp
      $0.note = basis.note
      $0.reference = basis.reference
    }
  }
}

extension Quintet_Duty_V1_TaskAnswer {
  init(_ answer: TaskAnswer) {
    self = .with {
      $0.answer = Quintet_Type_V1_FormAnswer(answer.answer)
      guard let given = answer.given else { return }
      $0.prefilled = true
      $0.givenTaskID = given.task.description
      $0.giveTime = given.time.timestamp
    }
  }
}

extension Quintet_Duty_V1_TaskFigures {
  init(_ figures: TaskFigures) {
    self = .with {
      $0.totalCount = Int32(clamping: figures.total)
      $0.doneInTimeCount = Int32(clamping: figures.doneInTime)
      $0.doneLateCount = Int32(clamping: figures.doneLate)
      $0.openCount = Int32(clamping: figures.open)
      $0.overdueCount = Int32(clamping: figures.overdue)
      $0.returnedCount = Int32(clamping: figures.returned)
      $0.standardMinutes = Int64(figures.standardMinutes)
      $0.doneMinutes = Int64(figures.doneMinutes)
      $0.mergedCount = Int32(clamping: figures.merged)
    }
  }
}
