// What rosters and seats answer, on the wire.
import DutyDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Duty_V1_Officer {
  /// - Parameter isNamed: false for the feed, which is followed by those who need no names.
  init(_ officer: Officer, isNamed: Bool = true) {
    self = .with {
      $0.number = officer.number
      if isNamed {
        $0.name = officer.name
        $0.actor = officer.actor
      }
      $0.orgUnitID = officer.orgUnitID.description
      $0.qualifications = officer.qualifications
      if let time = officer.leaveTime { $0.leaveTime = time.timestamp }
    }
  }
}

extension Quintet_Duty_V1_SeatKind {
  init(_ kind: SeatKind) {
    self =
      switch kind {
      case .bureauLeader: .bureauLeader
      case .dutyDirector: .dutyDirector
      case .shiftLeader: .shiftLeader
      case .warning: .warning
      case .jointOperations: .jointOperations
      case .callTaker: .callTaker
      case .dispatcher: .dispatcher
      }
  }
}

extension Quintet_Duty_V1_Seat {
  init(_ seat: Seat) {
    self = .with {
      $0.code = seat.code
      $0.name = seat.name
      $0.kind = Quintet_Duty_V1_SeatKind(seat.kind)
      $0.role = seat.role
      $0.orgUnitID = seat.orgUnitID?.description ?? ""
      $0.minimumManning = Int32(seat.minimumManning)
      $0.qualifications = seat.qualifications
    }
  }
}

extension Quintet_Duty_V1_Pattern {
  init(_ pattern: RosterPattern) {
    self = .with {
      $0.code = pattern.code
      $0.name = pattern.name
      $0.turns = pattern.turns.map { turn in
        .with {
          $0.code = turn.code
          $0.name = turn.name
          $0.startMinute = Int32(turn.startMinute)
          $0.lengthMinutes = Int32(turn.length)
        }
      }
      $0.days = pattern.cycle.map { $0.map { pattern.turns[$0].code } ?? "-" }
      $0.crewOffsets = pattern.crewOffsets.map(Int32.init)
      $0.minimumRestMinutes = Int32(pattern.minimumRest)
      $0.anchorDate = pattern.anchor.description
      $0.coversEveryHour = pattern.coversEveryHour
    }
  }
}

extension Quintet_Duty_V1_Shift {
  init(_ plan: PlannedShift) {
    self = .with {
      $0.seatCode = plan.seatCode
      $0.patternCode = plan.patternCode
      $0.turnCode = plan.turnCode
      $0.crew = plan.crew
      $0.startTime = plan.start.timestamp
      $0.endTime = plan.end.timestamp
      $0.minimumManning = Int32(plan.minimumManning)
      $0.officers = plan.members.map { member in
        .with {
          $0.officerNumber = member.officer
          $0.standing =
            switch member.standing {
            case .on: .on
            case .leave: .leave
            case .swapped: .swapped
            }
          $0.substitute = member.isSubstitute
        }
      }
      $0.missingCount = Int32(plan.missing)
    }
  }

  init(_ shift: RosterShift) {
    self.init(shift.plan)
    id = shift.id.description
    if let time = shift.flagTime { flagTime = time.timestamp }
  }
}

extension Quintet_Duty_V1_RosterFinding {
  init(_ finding: RosterFinding) {
    self = .with {
      $0.officerNumber = finding.officer ?? ""
      $0.startTime = finding.start.timestamp
      let who = finding.officer ?? ""
      let at = $0.startTime.text
      switch finding.kind {
      case .doubleShift:
        $0.kind = .doubleShift
        $0.detail =
          "\(who) 在 \(at) 的班次与另一班重叠。\(who) would be in two places in the shift of \(at)."
      case .notQualified:
        $0.kind = .notQualified
        $0.detail =
          "\(who) 不具备 \(at) 班次所需的资格。"
          + "\(who) lacks what the shift of \(at) asks for."
      case .restTooShort:
        $0.kind = .restTooShort
        $0.detail =
          "\(who) 在 \(at) 的班次前后只休息 \(finding.figure) 分钟。"
          + "\(who) rests only \(finding.figure) min beside the shift of \(at)."
      case .undermanned:
        $0.kind = .undermanned
        $0.detail =
          "\(at) 的班次缺 \(finding.figure) 人。The shift of \(at) is short of \(finding.figure)."
      case .begunShiftKept:
        $0.kind = .begunShiftKept
        $0.detail =
          "已开始的班次保留，\(at) 的班次未生成。"
          + "A shift that has begun stays; that of \(at) is not made."
      }
    }
  }
}

extension Quintet_Duty_V1_Swap {
  init(_ swap: Swap) {
    self = .with {
      $0.id = swap.id.description
      $0.state =
        switch swap.state {
        case .asked: .asked
        case .accepted: .accepted
        case .declined: .declined
        case .withdrawn: .withdrawn
        case .approved: .approved
        case .refused: .refused
        }
      $0.officerNumber = swap.officer
      $0.shiftID = swap.shiftID.description
      $0.otherOfficerNumber = swap.other
      $0.otherShiftID = swap.otherShiftID?.description ?? ""
      $0.askTime = swap.askTime.timestamp
      $0.moveTime = swap.moveTime.timestamp
    }
  }
}

extension Quintet_Duty_V1_Leave {
  init(_ leave: Leave) {
    self = .with {
      $0.id = leave.id.description
      $0.state =
        switch leave.state {
        case .asked: .asked
        case .approved: .approved
        case .refused: .refused
        }
      $0.officerNumber = leave.officer
      $0.kind =
        switch leave.kind {
        case .annual: .annual
        case .compensatory: .compensatory
        case .training: .training
        case .errand: .errand
        case .other: .other
        }
      $0.startTime = leave.start.timestamp
      $0.endTime = leave.end.timestamp
      $0.askTime = leave.askTime.timestamp
      $0.moveTime = leave.moveTime.timestamp
    }
  }
}

extension Quintet_Duty_V1_SeatTaking {
  init(_ taking: SeatTaking) {
    self = .with {
      $0.id = taking.id.description
      $0.seatCode = taking.seatCode
      $0.shiftID = taking.shiftID.description
      $0.officerNumber = taking.officer
      $0.takeTime = taking.start.timestamp
      $0.untilTime = taking.until.timestamp
      if let time = taking.leaveTime { $0.leaveTime = time.timestamp }
    }
  }
}

extension Quintet_Duty_V1_SeatView {
  init(_ view: SeatView) {
    self = .with {
      $0.seat = Quintet_Duty_V1_Seat(view.seat)
      $0.holders = view.holders.map { holder in
        .with {
          $0.taking = Quintet_Duty_V1_SeatTaking(holder.taking)
          $0.name = holder.name
        }
      }
      $0.shifts = view.shifts.map(Quintet_Duty_V1_Shift.init)
    }
  }
}

extension Quintet_Duty_V1_HandoverNote {
  init(_ note: HandoverNote) {
    self = .with {
      $0.id = note.id.description
      $0.seatCode = note.seatCode
      $0.shiftID = note.shiftID.description
      $0.officerNumber = note.officer
      $0.text = note.text
      $0.writeTime = note.writeTime.timestamp
      $0.readings = note.readings.map { reading in
        .with {
          $0.officerNumber = reading.officer
          $0.readTime = reading.time.timestamp
        }
      }
    }
  }
}
