// Assessments as the wire has them.

import Foundation
import GRPCCore
import Geography
import Identifiers
public import IntelligenceDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Intelligence_V1_Assessment {
  public init(_ assessment: Assessment) {
    self = .with {
      $0.id = assessment.id.description
      $0.incidentID = assessment.incident.description
      if let jurisdiction = assessment.jurisdiction { $0.jurisdiction = .init(jurisdiction) }
      if let kind = assessment.kind { $0.kind = .init(kind) }
      $0.repeats = assessment.repeats.map(Quintet_Intelligence_V1_RepeatFinding.init)
      $0.occurTime = assessment.occurTime.timestamp
      $0.recordTime = assessment.recordTime.timestamp
    }
  }
}

extension Quintet_Intelligence_V1_JurisdictionFinding {
  init(_ finding: JurisdictionFinding) {
    self = .with {
      if let station = finding.station {
        $0.stationID = station.id.description
        $0.stationName = station.name
      }
      if let beat = finding.beat {
        $0.beatID = beat.id.description
        $0.beatName = beat.name
      }
    }
  }
}

extension Quintet_Intelligence_V1_KindFinding {
  init(_ finding: KindFinding) {
    self = .with {
      $0.incidentClass = .init(finding.incidentClass)
      $0.level = .init(finding.level)
      $0.evidence = finding.words
    }
  }
}

extension Quintet_Intelligence_V1_RepeatFinding {
  init(_ finding: RepeatFinding) {
    self = .with {
      $0.link =
        switch finding.link {
        case .samePhone: .samePhone
        case .sameAddress: .sameAddress
        case .nearby: .nearby
        }
      $0.count = Int32(clamping: finding.count)
      $0.evidence = finding.evidence.map { evidence in
        .with {
          $0.callReportID = evidence.call.description
          $0.incidentID = evidence.incident.description
          $0.receiveTime = evidence.receiveTime.timestamp
          $0.distanceM = evidence.distanceMetres ?? -1
        }
      }
      $0.expireTime = finding.expireTime.timestamp
      $0.rule = finding.rule
    }
  }
}
