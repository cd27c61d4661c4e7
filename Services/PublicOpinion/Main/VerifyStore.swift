// `quintet-publicopinion verify-store`: what its events say of its topics, and which rows are
// command's word.

import ArgumentParser
import Foundation
import PublicOpinionRPC
import PublicOpinionStore
import QuintetAPI
import StoreCheck

struct VerifyStore: AsyncParsableCommand {
  static let configuration = StoreCheck.configuration

  @OptionGroup var options: StoreCheckOptions

  func run() async throws {
    try await StoreCheck(
      service: "publicopinion", migrations: OpinionDatabaseStore.migrations,
      stated: [
        StatedTable(
          "topic", key: "topic_id",
          value: """
            item_count || '/' || coalesce(incident_id, '') || '/' || title || '/' \
            || coalesce(response, '')
            """, anonymised: "title = '\(PublicOpinionSchema.anonymisedTitle)'"),
        StatedTable(
          "statement", key: "statement_id",
          value: "state || '/' || drafter || '/' || coalesce(approver, '') || '/' || text"),
      ],
      claims: Self.claims,
      projections: [
        Projection("known_incident", key: "incident_id", columns: ["occur_time"])
      ]
    ) { database, log in
      let store = OpinionDatabaseStore(database: database, log: log, encode: EventEncoder.encode)
      return OpinionFollowers(store: store, clock: { Date() }).all
    }.run(options)
  }

  @Sendable
  private static func claims(_ message: Any) -> [Claim] {
    switch message {
    case let told as Quintet_Publicopinion_V1_TopicOpened: [claim(told.topic)]
    case let told as Quintet_Publicopinion_V1_TopicFed: [claim(told.topic)]
    case let told as Quintet_Publicopinion_V1_TopicTied: [claim(told.topic)]
    case let told as Quintet_Publicopinion_V1_TopicAnswered: [claim(told.topic)]
    case let told as Quintet_Publicopinion_V1_StatementMoved: [claim(told.statement)]
    default: []
    }
  }

  private static func claim(_ topic: Quintet_Publicopinion_V1_Topic) -> Claim {
    Claim(
      "topic", topic.id, "\(topic.itemCount)/\(topic.incidentID)/\(topic.title)/\(topic.response)")
  }

  private static func claim(_ statement: Quintet_Publicopinion_V1_Statement) -> Claim {
    let state =
      switch statement.state {
      case .draft: "draft"
      case .returned: "returned"
      case .approved: "approved"
      case .published: "published"
      case .unspecified, .UNRECOGNIZED: ""
      }
    return Claim(
      "statement", statement.id,
      "\(state)/\(statement.draft.actor)/\(statement.approval.actor)/\(statement.text)")
  }
}
