// 专班的一行: open → checked_once → done | differing → done; written off before it is done. Who checks second
// has not checked first, and who settles has done neither.
public import Forms
public import Foundation
public import Identifiers

public enum CampaignRowState: String, Sendable, Codable, CaseIterable {
  case open
  case checkedOnce = "checked_once"
  case differing, done
  case writtenOff = "written_off"
}

public struct CampaignCheck: Sendable, Hashable, Codable {
  /// 1, 2; 3 settles.
  public let ordinal: Int
  public let actor: String
  public let time: Date
  public let answers: [FormAnswer]
  public let reason: String

  public init(ordinal: Int, actor: String, time: Date, answers: [FormAnswer], reason: String = "") {
    self.ordinal = ordinal
    self.actor = actor
    self.time = time
    self.answers = answers
    self.reason = reason
  }
}

public struct CampaignRow: Sendable, Hashable, Codable {
  public let campaignID: CampaignID
  public let key: String
  /// From 1, in the order in which rows came.
  public let position: Int
  /// In its file.
  public let number: Int
  public internal(set) var revision: Int
  /// In the order of the columns, what is personal masked.
  public let values: [String]
  public let orgUnitID: OrgUnitID?
  public internal(set) var state: CampaignRowState
  public internal(set) var checks: [CampaignCheck]
  public internal(set) var writeOff: WriteOff?

  public struct WriteOff: Sendable, Hashable, Codable {
    public let actor: String
    public let time: Date
    public let reason: String

    public init(actor: String, time: Date, reason: String) {
      self.actor = actor
      self.time = time
      self.reason = reason
    }
  }

  public init(
    campaignID: CampaignID, key: String, position: Int, number: Int, revision: Int,
    values: [String], orgUnitID: OrgUnitID?, state: CampaignRowState,
    checks: [CampaignCheck] = [], writeOff: WriteOff? = nil
  ) {
    self.campaignID = campaignID
    self.key = key
    self.position = position
    self.number = number
    self.revision = revision
    self.values = values
    self.orgUnitID = orgUnitID
    self.state = state
    self.checks = checks
    self.writeOff = writeOff
  }

  public var etag: String { String(revision) }

  /// What counts: the third's word, else the first's with whom the second agreed.
  public var result: [FormAnswer] {
    guard state == .done else { return [] }
    return (checks.first { $0.ordinal == 3 } ?? checks.first)?.answers ?? []
  }

  /// What may be shown of the checks: the second is not to know what the first found.
  public var shownChecks: [CampaignCheck] {
    guard state == .checkedOnce else { return checks }
    return checks.map {
      CampaignCheck(ordinal: $0.ordinal, actor: $0.actor, time: $0.time, answers: [])
    }
  }

  /// Codes of the form's fields in which first and second differ.
  public func differences(_ form: Form) -> [String] {
    guard state == .differing || checks.count == 3, checks.count >= 2 else { return [] }
    return form.differences(checks[0].answers, checks[1].answers)
  }

  func check(etag: String) throws {
    guard etag.isEmpty || etag == self.etag else {
      throw CommandError.etagMismatch(current: self.etag)
    }
  }

  /// - Throws: `moveNotAllowed`, `samePerson`.
  mutating func check(
    _ answers: [FormAnswer], by actor: String, at time: Date, in content: CampaignContent
  ) throws {
    switch state {
    case .open:
      checks.append(CampaignCheck(ordinal: 1, actor: actor, time: time, answers: answers))
      state = content.isDoubleCheck ? .checkedOnce : .done
    case .checkedOnce:
      guard checks.allSatisfy({ $0.actor != actor }) else {
        throw CommandError.campaign(.samePerson)
      }
      checks.append(CampaignCheck(ordinal: 2, actor: actor, time: time, answers: answers))
      let isAgreed = content.form.differences(checks[0].answers, answers).isEmpty
      state = isAgreed ? .done : .differing
    case .differing, .done, .writtenOff: throw refused("check")
    }
    revision += 1
  }

  /// - Throws: `moveNotAllowed`, `samePerson`.
  mutating func settle(
    _ answers: [FormAnswer], reason: String, by actor: String, at time: Date
  ) throws {
    guard state == .differing else { throw refused("settle") }
    guard checks.allSatisfy({ $0.actor != actor }) else {
      throw CommandError.campaign(.samePerson)
    }
    checks.append(
      CampaignCheck(ordinal: 3, actor: actor, time: time, answers: answers, reason: reason))
    state = .done
    revision += 1
  }

  /// - Throws: `moveNotAllowed`.
  mutating func writeOff(reason: String, by actor: String, at time: Date) throws {
    guard state != .done, state != .writtenOff else { throw refused("write_off") }
    writeOff = WriteOff(actor: actor, time: time, reason: reason)
    state = .writtenOff
    revision += 1
  }

  private func refused(_ move: String) -> CommandError {
    .moveNotAllowed(subject: key, from: state.rawValue, move: move)
  }
}

extension Form {
  /// Fields in which two answers differ. A text that nobody has to give is a remark: two people never
  /// word one alike.
  func differences(_ first: [FormAnswer], _ second: [FormAnswer]) -> [String] {
    let (first, second) = (Self.byField(first), Self.byField(second))
    return fields.filter { field in
      if field.kind == .text, !field.isRequired { return false }
      return first[field.code] != second[field.code]
    }.map(\.code)
  }

  private static func byField(_ answers: [FormAnswer]) -> [String: FormAnswer.Value] {
    var values: [String: FormAnswer.Value] = [:]
    for answer in answers {
      switch answer.value {
      case .text(let text):
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if !words.isEmpty { values[answer.fieldCode] = .text(words.lowercased()) }
      case .choices(let codes):
        if !codes.isEmpty { values[answer.fieldCode] = .choices(codes.sorted()) }
      case .number, .time, .attachments: values[answer.fieldCode] = answer.value
      }
    }
    return values
  }
}
