// Campaigns and their rows as callers see them, and as command tells of them.

import CommandDomain
import Forms
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Campaign {
  /// - Parameters:
  ///   - counts: of all that the caller may see; nil where they are not told.
  ///   - now: decides whether it is overdue.
  init(
    _ campaign: Campaign, counts: CampaignCounts? = nil, unassigned: Int = 0, now: Date,
    withColumns: Bool = true
  ) {
    self = .with {
      $0.id = campaign.id.description
      $0.etag = campaign.etag
      $0.content = Quintet_Command_V1_CampaignContent(campaign.content, withColumns: withColumns)
      $0.state = campaign.state == .open ? .open : .closed
      $0.createdBy = campaign.createdBy
      $0.createTime = campaign.createTime.timestamp
      if let time = campaign.closeTime { $0.closeTime = time.timestamp }
      $0.closedBy = campaign.closedBy
      guard let counts else { return }
      $0.counts = Quintet_Command_V1_CampaignCounts(counts)
      $0.unassignedCount = Int32(clamping: unassigned)
      $0.isOverdue = now > campaign.content.dueTime && counts.unfinished > 0
    }
  }
}

extension Quintet_Command_V1_CampaignContent {
  fileprivate init(_ content: CampaignContent, withColumns: Bool) {
    self = .with {
      $0.name = content.name
      $0.basis = content.basis
      $0.incidentID = content.incidentID?.description ?? ""
      $0.doubleCheck = content.isDoubleCheck
      $0.dueTime = content.dueTime.timestamp
      $0.directiveClass = Quintet_Command_V1_DirectiveClass(content.directiveClass)
      guard withColumns else { return }
      $0.columns = content.columns.map { column in
        .with {
          $0.field = Quintet_Type_V1_FormField(column.field)
          $0.use = Quintet_Command_V1_CampaignColumnUse(column.use)
          $0.key = column.isKey
        }
      }
      $0.form = Quintet_Type_V1_Form(content.form)
    }
  }
}

extension Quintet_Command_V1_CampaignColumnUse {
  fileprivate init(_ use: CampaignColumnUse) {
    self =
      switch use {
      case .plain: .unspecified
      case .orgUnit: .orgUnit
      case .latitude: .latitude
      case .longitude: .longitude
      case .address: .address
      case .personName: .personName
      case .phone: .phone
      case .document: .document
      }
  }
}

extension Quintet_Command_V1_CampaignCounts {
  init(_ counts: CampaignCounts) {
    self = .with {
      $0.total = Int32(clamping: counts.total)
      $0.open = Int32(clamping: counts[.open])
      $0.checkedOnce = Int32(clamping: counts[.checkedOnce])
      $0.differing = Int32(clamping: counts[.differing])
      $0.done = Int32(clamping: counts[.done])
      $0.writtenOff = Int32(clamping: counts[.writtenOff])
    }
  }
}

extension Quintet_Command_V1_CampaignPart {
  init(_ part: CampaignPart, dueTime: Date, now: Date) {
    self = .with {
      $0.orgUnitID = part.orgUnitID.description
      $0.orgUnitName = part.orgUnitName
      $0.counts = Quintet_Command_V1_CampaignCounts(part.counts)
      if let time = part.handOutTime { $0.handOutTime = time.timestamp }
      $0.directiveID = part.directiveID?.description ?? ""
      $0.isOverdue = now > dueTime && part.counts.unfinished > 0
    }
  }
}

extension Quintet_Command_V1_CampaignRow {
  init(_ row: CampaignRow, form: Form) {
    self = .with {
      $0.key = row.key
      $0.position = Int32(clamping: row.position)
      $0.number = Int32(clamping: row.number)
      $0.etag = row.etag
      $0.values = row.values
      $0.orgUnitID = row.orgUnitID?.description ?? ""
      $0.state =
        switch row.state {
        case .open: .open
        case .checkedOnce: .checkedOnce
        case .differing: .differing
        case .done: .done
        case .writtenOff: .writtenOff
        }
      $0.checks = row.shownChecks.map { check in
        .with {
          $0.ordinal = Int32(check.ordinal)
          $0.actor = check.actor
          $0.checkTime = check.time.timestamp
          $0.answers = check.answers.map(Quintet_Type_V1_FormAnswer.init)
          $0.reason = check.reason
        }
      }
      $0.differences = row.differences(form)
      $0.result = row.result.map(Quintet_Type_V1_FormAnswer.init)
      $0.writeOffReason = row.writeOff?.reason ?? ""
      $0.writtenOffBy = row.writeOff?.actor ?? ""
    }
  }
}

extension Quintet_Command_V1_CampaignImport {
  init(_ progress: CampaignImport) {
    self = .with {
      $0.fileDigest = progress.fileDigest
      $0.through = Int32(clamping: progress.through)
      $0.storedCount = Int32(clamping: progress.stored)
      $0.knownCount = Int32(clamping: progress.known)
      $0.quarantinedCount = Int32(clamping: progress.quarantined)
    }
  }
}

extension CampaignFact {
  var message: any SwiftProtobuf.Message {
    switch self {
    case .created(let campaign):
      Quintet_Command_V1_CampaignCreated.with {
        $0.campaign = Quintet_Command_V1_Campaign(campaign, now: campaign.createTime)
      }
    case .rowsImported(let campaign, let progress):
      Quintet_Command_V1_CampaignRowsImported.with {
        $0.campaignID = campaign.id.description
        $0.incidentID = campaign.content.incidentID?.description ?? ""
        $0.progress = Quintet_Command_V1_CampaignImport(progress)
      }
    case .partHandedOut(let campaign, let part):
      Quintet_Command_V1_CampaignPartHandedOut.with {
        $0.campaignID = campaign.id.description
        $0.incidentID = campaign.content.incidentID?.description ?? ""
        $0.part = Quintet_Command_V1_CampaignPart(
          part, dueTime: campaign.content.dueTime, now: campaign.createTime)
      }
    case .closed(let campaign, let counts):
      Quintet_Command_V1_CampaignClosed.with {
        $0.campaign = Quintet_Command_V1_Campaign(
          campaign, counts: counts, now: campaign.closeTime ?? campaign.createTime)
      }
    }
  }
}
