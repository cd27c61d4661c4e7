// 支撑请求 as callers see it, and its figures.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_SupportRequest {
  init(_ request: SupportRequest) {
    self = .with {
      $0.id = request.id.description
      $0.etag = request.etag
      $0.incidentID = request.incidentID.description
      $0.asker = Quintet_Command_V1_Recipient(request.asker)
      $0.title = request.title
      $0.text = request.text
      $0.state = Quintet_Command_V1_SupportState(request.state)
      $0.parts = request.parts.map(Quintet_Command_V1_SupportPart.init)
      if let end = request.end {
        $0.outcome =
          switch end.outcome {
          case .solved: .solved
          case .unsolved: .unsolved
          case nil: .unspecified
          }
        $0.reason = end.reason
        $0.endTime = end.time.timestamp
      }
      $0.askTime = request.askTime.timestamp
      $0.recordTime = request.recordTime.timestamp
    }
  }
}

extension Quintet_Command_V1_SupportPart {
  init(_ part: SupportPart) {
    self = .with {
      $0.number = Int32(clamping: part.number)
      $0.etag = part.etag
      $0.seatCode = part.seatCode
      $0.task = part.task
      $0.state = Quintet_Command_V1_SupportPartState(part.state)
      $0.answer = part.answer
      $0.result =
        switch part.result {
        case .found: .found
        case .nothing: .nothing
        case nil: .unspecified
        }
      $0.reason = part.reason
      $0.offerTime = part.offerTime.timestamp
      if let time = part.takeTime { $0.takeTime = time.timestamp }
      if let time = part.answerTime { $0.answerTime = time.timestamp }
      if let time = part.endTime { $0.endTime = time.timestamp }
    }
  }
}

extension Quintet_Command_V1_SupportState {
  init(_ state: SupportState) {
    self =
      switch state {
      case .asked: .asked
      case .underway: .underway
      case .answered: .answered
      case .closed: .closed
      case .withdrawn: .withdrawn
      }
  }
}

extension Quintet_Command_V1_SupportPartState {
  init(_ state: SupportPartState?) {
    self =
      switch state {
      case nil: .unspecified
      case .offered: .offered
      case .taken: .taken
      case .answered: .answered
      case .givenBack: .givenBack
      case .released: .released
      }
  }
}

extension Quintet_Command_V1_CountSupportRequestsResponse {
  init(_ count: SupportCount) {
    self = .with {
      $0.requests = Quintet_Command_V1_SupportRequestCount(count.requests)
      $0.parts = Quintet_Command_V1_SupportPartCount(count.parts)
      $0.askers = count.askers.map { one in
        .with {
          $0.asker = Quintet_Command_V1_Recipient(one.asker)
          $0.requests = Quintet_Command_V1_SupportRequestCount(one.requests)
        }
      }
      $0.seats = count.seats.map { one in
        .with {
          $0.seatCode = one.seatCode
          $0.parts = Quintet_Command_V1_SupportPartCount(one.parts)
        }
      }
    }
  }
}

extension Quintet_Command_V1_SupportRequestCount {
  init(_ tally: SupportRequestTally) {
    self = .with {
      $0.requestCount = Int32(clamping: tally.requests)
      $0.solvedCount = Int32(clamping: tally.solved)
      $0.unsolvedCount = Int32(clamping: tally.unsolved)
      $0.excludedCount = Int32(clamping: tally.withdrawn + tally.open)
      $0.withdrawnCount = Int32(clamping: tally.withdrawn)
      $0.openCount = Int32(clamping: tally.open)
    }
  }
}

extension Quintet_Command_V1_SupportPartCount {
  init(_ tally: SupportPartTally) {
    self = .with {
      $0.partCount = Int32(clamping: tally.parts)
      $0.takenCount = Int32(clamping: tally.taken)
      $0.answeredCount = Int32(clamping: tally.answered)
      $0.foundCount = Int32(clamping: tally.found)
      $0.excludedCount = Int32(clamping: tally.parts - tally.answered)
      $0.givenBackCount = Int32(clamping: tally.givenBack)
      $0.releasedCount = Int32(clamping: tally.released)
      $0.openCount = Int32(clamping: tally.open)
    }
  }
}
