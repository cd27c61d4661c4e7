// 串并案 as one caller may see it.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Series {
  init(_ seen: SeenSeries) {
    let series = seen.series
    self = .with {
      $0.id = series.id.description
      $0.etag = series.etag
      $0.title = series.title
      $0.reason = series.proposed.reason
      $0.state = Quintet_Command_V1_SeriesState(series.state)
      $0.members = seen.members.map(Quintet_Command_V1_SeriesMember.init)
      $0.proposedBy = series.proposed.by
      $0.proposeTime = series.proposed.time.timestamp
      if let decided = series.decided {
        $0.decidedBy = decided.by
        $0.decideTime = decided.time.timestamp
        $0.decideReason = decided.reason
      }
      if let dissolved = series.dissolved {
        $0.dissolvedBy = dissolved.by
        $0.dissolveTime = dissolved.time.timestamp
        $0.dissolveReason = dissolved.reason
      }
    }
  }
}

extension Quintet_Command_V1_SeriesMember {
  /// Of one outside the caller's area only that there is one, since when, and whom to ask.
  init(_ seen: SeenMember) {
    if seen.isOutside {
      self = .with {
        $0.outsideArea = true
        $0.addTime = seen.member.added.time.timestamp
        if let dropped = seen.member.dropped {
          $0.dropped = true
          $0.dropTime = dropped.time.timestamp
        }
      }
    } else {
      self.init(seen.member)
      incidentNumber = seen.incidentNumber
    }
    stationID = seen.stationID?.description ?? ""
    stationName = seen.stationName
  }

  /// As an event tells it, on the timeline of its own incident.
  init(_ member: SeriesMember) {
    self = .with {
      $0.incidentID = member.incidentID.description
      $0.reason = member.added.reason
      $0.addedBy = member.added.by
      $0.addTime = member.added.time.timestamp
      if let dropped = member.dropped {
        $0.dropped = true
        $0.dropReason = dropped.reason
        $0.droppedBy = dropped.by
        $0.dropTime = dropped.time.timestamp
      }
    }
  }
}

extension Quintet_Command_V1_SeriesReference {
  init(_ reference: SeriesReference) {
    self = .with {
      $0.seriesID = reference.id.description
      $0.title = reference.title
      $0.state = Quintet_Command_V1_SeriesState(reference.state)
    }
  }
}

extension Quintet_Command_V1_SeriesState {
  init(_ state: SeriesState?) {
    self =
      switch state {
      case nil: .unspecified
      case .proposed: .proposed
      case .confirmed: .confirmed
      case .rejected: .rejected
      case .dissolved: .dissolved
      }
  }
}
