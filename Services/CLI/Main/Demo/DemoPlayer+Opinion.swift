// 舆情: what people post, which incident it is about, and the bureau's answer.
import DemoBureau
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  func post(_ topic: Int, _ index: Int) async throws {
    let item = day.opinion[topic].items[index]
    let request = Quintet_Publicopinion_V1_SubmitItemRequest.with {
      $0.requestID = "demo/opinion/\(topic)/\(index)"
      $0.source =
        switch item.source {
        case "hotline": .hotline
        case "news": .news
        default: .social
        }
      $0.text = item.text
      $0.publishTime = time.timestamp
      $0.attributes.fields = item.attributes.mapValues { .init(stringValue: $0) }
    }
    let taken = try await suite.ask("SubmitItem") { suite in
      try await suite.opinion.submitItem(
        request, metadata: DemoActor.opinionEditor, options: .item)
    }
    if index == 0 { topics[topic] = taken.topic.id }
    guard let key = day.opinion[topic].tie?.callKey else { return }
    if index == 0 {
      tell(
        key,
        "舆情 posted：「\(taken.topic.title)…」新话题 new topic；在门口丢弃 dropped at the door："
          + taken.droppedAttributes.joined(separator: ", "))
    } else if taken.topic.id == topics[topic] {
      tell(
        key,
        String(
          format: "舆情聚合 gathered：第 %d 条，相似 similar %.2f", taken.topic.itemCount,
          taken.similarity))
    }
  }

  func tie(_ topic: Int) async throws {
    guard let tie = day.opinion[topic].tie, let id = topics[topic] else { return }
    let found = try known(tie.callKey)
    try await suite.waitUntil("publicopinion", hasReadAllOf: "command")
    let request = Quintet_Publicopinion_V1_TieTopicRequest.with {
      $0.requestID = "demo/opinion/\(topic)/tie"
      $0.topicID = id
      $0.incidentID = found.id
      $0.occurTime = time.timestamp
    }
    let tied = try await suite.ask("TieTopic") { suite in
      try await suite.opinion.tieTopic(
        request, metadata: DemoActor.opinionEditor, options: .item
      ).topic
    }
    opinionMoved = true
    tell(
      tie.callKey,
      "话题关联 tied to \(found.number)，共 \(tied.itemCount) 条 texts，黄金四小时起算 four hours run")
  }

  func respond(_ topic: Int) async throws {
    guard let tie = day.opinion[topic].tie, let id = topics[topic] else { return }
    let (base, now) = ("demo/opinion/\(topic)", time.timestamp)
    let written = try await suite.ask("DraftStatement") { suite in
      try await suite.statements.draftStatement(
        .with {
          $0.requestID = "\(base)/draft"
          $0.topicID = id
          $0.text = tie.response
          $0.checkedWith = "辖区派出所值班领导"
          $0.occurTime = now
        }, metadata: DemoActor.opinionEditor, options: .item
      ).statement
    }
    let signed = try await suite.ask("ApproveStatement") { suite in
      try await suite.statements.approveStatement(
        .with {
          $0.requestID = "\(base)/approve"
          $0.statementID = written.id
          $0.etag = written.etag
          $0.occurTime = now
        }, metadata: DemoActor.shiftLeader, options: .item
      ).statement
    }
    _ = try await suite.ask("PublishStatement") { suite in
      try await suite.statements.publishStatement(
        .with {
          $0.requestID = "\(base)/publish"
          $0.statementID = signed.id
          $0.etag = signed.etag
          $0.occurTime = now
        }, metadata: DemoActor.opinionEditor, options: .item)
    }
    opinionMoved = true
    tell(tie.callKey, "通报 stated，两人签发 signed by two：\(tie.response)")
  }
}
