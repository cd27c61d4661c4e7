// Look-ups and findings between domain and wire.
import Foundation
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension Quintet_Supervision_V1_LookUpConcern {
  init(_ concern: LookUpConcern) {
    self =
      switch concern {
      case .manyPersons: .manyPersons
      case .ownFamilyName: .ownFamilyName
      case .outsideArea: .outsideArea
      case .outsideShift: .outsideShift
      case .refused: .refused
      }
  }

  /// - Throws: `Failure` UNSPECIFIED.
  func checked(field: String) throws -> LookUpConcern {
    switch self {
    case .manyPersons: .manyPersons
    case .ownFamilyName: .ownFamilyName
    case .outsideArea: .outsideArea
    case .outsideShift: .outsideShift
    case .refused: .refused
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Supervision_V1_LookUpFindingState {
  init(_ state: LookUpFinding.State) {
    self =
      switch state {
      case .open: .open
      case .explained: .explained
      case .passedOn: .passedOn
      }
  }

  /// - Throws: `Failure` UNSPECIFIED.
  func checked(field: String) throws -> LookUpFinding.State {
    switch self {
    case .open: .open
    case .explained: .explained
    case .passedOn: .passedOn
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Supervision_V1_LookUpOutcome {
  /// - Throws: `Failure` UNSPECIFIED.
  func checked(field: String) throws -> LookUpFinding.State {
    switch self {
    case .explained: .explained
    case .passedOn: .passedOn
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Supervision_V1_LookUpFinding {
  init(_ finding: LookUpFinding) {
    self = .with {
      $0.id = finding.id.description
      $0.etag = finding.etag
      $0.actor = finding.actor
      $0.concern = .init(finding.concern)
      $0.state = .init(finding.state)
      $0.lookUpCount = Int32(clamping: finding.count.lookUps)
      $0.personCount = Int32(clamping: finding.count.persons)
      $0.firstTime = finding.count.firstTime.timestamp
      $0.lastTime = finding.count.lastTime.timestamp
      $0.reason = finding.reason
      guard let answer = finding.answer else { return }
      $0.answer = answer.text
      $0.answeredBy = answer.actor
      $0.answerTime = answer.time.timestamp
    }
  }
}

extension Quintet_Supervision_V1_LookUp {
  init(_ lookUp: LookUp) {
    self = .with {
      $0.service = lookUp.service
      $0.entryIndex = UInt64(clamping: lookUp.entryIndex)
      $0.time = lookUp.time.timestamp
      $0.method = lookUp.method
      $0.purpose = lookUp.purpose
      $0.caseID = lookUp.caseID
      $0.resultCode = lookUp.resultCode
      $0.resultReason = lookUp.resultReason
    }
  }
}

extension Quintet_Supervision_V1_LookUpRule {
  init(_ rule: LookUpRule) {
    self = .with {
      $0.concern = .init(rule.concern)
      $0.threshold = Int32(clamping: rule.threshold)
      $0.windowS = Int64(rule.window)
    }
  }
}

extension LookUpFinding {
  /// For whoever asks: what was done, and from which number on it is put to him.
  fileprivate var reason: String {
    let (lookUps, persons) = (count.lookUps, count.persons)
    let (chinese, english) =
      switch concern {
      case .manyPersons:
        ("查询 \(persons) 人，共 \(lookUps) 次", "\(persons) persons in \(lookUps) look-ups")
      case .ownFamilyName: ("查询与本人同姓者 \(lookUps) 次", "\(lookUps) of the actor's own family name")
      case .outsideArea: ("查得辖区之外记录 \(lookUps) 次", "\(lookUps) that found what is outside the area")
      case .outsideShift: ("班次之外查询 \(lookUps) 次", "\(lookUps) outside the shift")
      case .refused:
        ("查询被拒 \(lookUps) 次", "\(lookUps) refused for want of a role, purpose or case")
      }
    let window =
      rule.window % 3_600 == 0 ? "\(rule.window / 3_600) h" : "\((rule.window + 59) / 60) min"
    return "\(chinese)；\(window) 内满 \(rule.threshold) 即提请核实。"
      + "\(english); put to you from \(rule.threshold) within \(window)."
  }
}
