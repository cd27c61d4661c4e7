// Topics and texts between wire and domain.

import Foundation
import Identifiers
import PublicOpinionDomain
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Publicopinion_V1_Topic {
  init(_ topic: Topic) {
    self = .with {
      $0.id = topic.id.description
      $0.etag = topic.etag
      $0.title = topic.title
      $0.itemCount = Int32(clamping: topic.itemCount)
      $0.firstTime = topic.firstTime.timestamp
      $0.lastTime = topic.lastTime.timestamp
      $0.incidentID = topic.incident?.description ?? ""
      if let time = topic.tieTime { $0.tieTime = time.timestamp }
      $0.response = topic.response ?? ""
      if let time = topic.responseTime { $0.responseTime = time.timestamp }
    }
  }
}

extension Quintet_Publicopinion_V1_OpinionItem {
  init(_ item: OpinionItem) {
    self = .with {
      $0.id = item.id.description
      $0.source =
        switch item.source {
        case .social: .social
        case .news: .news
        case .hotline: .hotline
        case .letter: .letter
        }
      $0.text = item.text
      $0.publishTime = item.publishTime.timestamp
      $0.attributes = item.attributes
    }
  }
}

extension Quintet_Publicopinion_V1_Statement {
  init(_ statement: Statement) {
    self = .with {
      $0.id = statement.id.description
      $0.etag = statement.etag
      $0.topicID = statement.topic.description
      $0.incidentID = statement.incident.description
      $0.state = .init(statement.state)
      $0.text = statement.content.text
      $0.checkedWith = statement.content.checkedWith
      $0.draft = .init(statement.draft)
      if let approval = statement.approval { $0.approval = .init(approval) }
      if let publication = statement.publication { $0.publication = .init(publication) }
      $0.returnReason = statement.returnReason
    }
  }
}

extension Quintet_Publicopinion_V1_Signature {
  init(_ signature: Signature) {
    self = .with {
      $0.actor = signature.actor
      $0.time = signature.time.timestamp
    }
  }
}

extension Quintet_Publicopinion_V1_StatementState {
  init(_ state: StatementState) {
    self =
      switch state {
      case .draft: .draft
      case .returned: .returned
      case .approved: .approved
      case .published: .published
      }
  }
}

extension OpinionSource {
  init(_ source: Quintet_Publicopinion_V1_OpinionSource, field: String) throws {
    switch source {
    case .social: self = .social
    case .news: self = .news
    case .hotline: self = .hotline
    case .letter: self = .letter
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension AttributeValue {
  init(_ value: Google_Protobuf_Value) {
    switch value.kind {
    case .stringValue(let text): self = .text(text)
    case .numberValue(let number): self = .number(number)
    case .nullValue, .boolValue, .structValue, .listValue, nil: self = .other
    }
  }
}
