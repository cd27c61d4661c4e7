// Events of neighbours, as each service reads them: from the payload to the store.
import CommandRPC
import CommandStore
import CommandSubscriptions
import DutyRPC
import DutyStore
import DutySubscriptions
import EventLog
import Foundation
import GatewayConnect
import Identifiers
import IntelligenceRPC
import IntelligenceStore
import IntelligenceSubscriptions
import Persistence
import PublicOpinionRPC
import PublicOpinionStore
import PublicOpinionSubscriptions
import QuintetAPI
import SupervisionRPC
import SupervisionStore
import SupervisionSubscriptions
import SwiftProtobuf

enum Events {
  private typealias Event = Quintet_Events_V1_Event

  static func decode(_ bytes: [UInt8]) -> Bool {
    let input = Headed(bytes)
    let words = input.head.split(separator: " ")
    guard words.count == 2, let reader = readers[String(words[0])] else { return false }
    let isBinary = words[1].hasPrefix("!")
    let type = String(isBinary ? words[1].dropFirst() : words[1])
    guard let payload = payload(input.body, of: type, isBinary: isBinary) else { return false }
    let event = Event.with {
      $0.partition = "main"
      $0.sequence = 1
      $0.id = "evt_01kg8y9s0ze3xtd5gqjrqmx9m1"
      $0.type = type
      $0.subject = "subject"
      $0.occurTime = .init(date: moment)
      $0.recordTime = .init(date: moment)
      $0.payload = .with { $0.value = payload }
    }
    try? reader(event)
    return true
  }

  private static func payload(_ body: [UInt8], of type: String, isBinary: Bool) -> Data? {
    if isBinary { return Data(body) }
    guard let message = QuintetMessages.type(named: type) else { return nil }
    return (try? Format.json.decode(body, as: message)).map { Data($0) }
  }

  private static let readers: [String: @Sendable (Event) throws -> Void] = [
    "command": { event in
      try command.perform(in: EmptyTransaction(), provenance: provenance, now: moment) { writer in
        try CommandSubscriptions.FromIntelligence().apply(event, in: writer)
        try CommandSubscriptions.FromDuty().apply(event, in: writer, now: moment)
        try FromNeighbour.publicOpinion.apply(event, in: writer)
        try FromSupervision().apply(event, in: writer)
      }
    },
    "duty": { event in
      let writer = try duty.writer(in: EmptyTransaction(), provenance: provenance, now: moment)
      try DutySubscriptions.FromCommand().apply(event, in: writer)
      try writer.flush()
    },
    "intelligence": { event in
      let writer = intelligence.writer(in: EmptyTransaction(), provenance: provenance, now: moment)
      try IntelligenceSubscriptions.FromDuty().apply(event, writer)
      try IntelligenceSubscriptions.FromCommand().apply(event, writer)
      try writer.flush()
    },
    "publicopinion": { event in
      let writer = opinion.writer(in: EmptyTransaction(), provenance: provenance, now: moment)
      try PublicOpinionSubscriptions.FromCommand().apply(event, writer)
      try writer.flush()
    },
    "supervision": { event in
      try supervision.apply(in: EmptyTransaction(), provenance: provenance, now: moment) { writer in
        try SupervisionSubscriptions.FromDuty.apply(event, writer)
        try SupervisionSubscriptions.FromCommand.apply(event, writer)
        try SupervisionSubscriptions.FromPublicOpinion.apply(event, writer)
      }
    },
  ]

  private static let provenance = Provenance(actor: "service/fuzz", cause: "event/1", trace: "")

  private static let command = CommandDatabaseStore(
    database: EmptyDatabase(), log: log("command"), encode: CommandRPC.EventEncoder.encode)
  private static let duty = DutyDatabaseStore(
    database: EmptyDatabase(), log: log("duty"), encode: DutyRPC.EventEncoder.encode)
  private static let intelligence = IntelligenceDatabaseStore(
    database: EmptyDatabase(), log: log("intelligence"),
    encode: IntelligenceRPC.EventEncoder.encode)
  private static let opinion = OpinionDatabaseStore(
    database: EmptyDatabase(), log: log("publicopinion"),
    encode: PublicOpinionRPC.EventEncoder.encode)
  private static let supervision = SupervisionDatabaseStore(
    database: EmptyDatabase(), log: log("supervision"),
    encode: SupervisionRPC.EventEncoder.encode, report: { _ in })
}
