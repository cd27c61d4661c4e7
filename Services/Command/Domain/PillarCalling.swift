// 求助报警柱: a press is a call at once. Nobody may have spoken yet, so it is taken as an active call,
// which a call-taker ends like any other.
import Classification
public import Foundation
public import Geography
import Identifiers

/// Somebody pressed the button of a pillar.
public struct PillarPress: Sendable, Hashable {
  /// Of the pillar, such as `pillar-017`.
  public var terminalCode: String
  /// With the code it names the press.
  public var sequence: Int64
  /// Where the pillar stands.
  public var place: Place
  /// The number on its plate; may be empty.
  public var plateCode: String
  public var occurTime: Date

  public init(
    terminalCode: String, sequence: Int64, place: Place, plateCode: String, occurTime: Date
  ) {
    self.terminalCode = terminalCode
    self.sequence = sequence
    self.place = place
    self.plateCode = plateCode
    self.occurTime = occurTime
  }
}

public struct PillarCalling: Sendable {
  /// The reporting system of calls from pillars; their number there is `<code>/<sequence>`.
  public static let source = "pillar"

  public init() {}

  /// Takes the call, or counts the press to the active call of the same pillar. A press that is
  /// known changes nothing.
  public func press(_ press: PillarPress, in writer: any CommandWriter, now: Date) throws {
    let reference = "\(press.terminalCode)/\(press.sequence)"
    guard try writer.callReport(source: Self.source, externalReference: reference) == nil else {
      return
    }
    if let active = try writer.activePillarCall(of: press.terminalCode) {
      return try writer.countPress(to: active)
    }
    let content = CallReportContent(
      channel: .pillar, origin: .citizenReported, place: Self.place(press),
      narrative: Self.narrative(press), occurTime: press.occurTime, receiveTime: now,
      source: Self.source, externalReference: reference)
    var report = CallReport(
      id: writer.mint(CallReportTag.self), content: content, recordTime: now)
    report.pressCount = 1
    try writer.insert(report)
    writer.record(.callReportAnswered(report), incident: nil, occurTime: now)
  }

  /// The plate's number belongs to how one finds there.
  private static func place(_ press: PillarPress) -> Place {
    guard !press.plateCode.isEmpty else { return press.place }
    var place = press.place
    let plate = "点位牌 \(press.plateCode)"
    place.description =
      place.description.isEmpty ? plate : String("\(plate)；\(place.description)".prefix(500))
    return place
  }

  private static func narrative(_ press: PillarPress) -> String {
    "求助报警柱 \(press.terminalCode) 一键报警"
      + (press.plateCode.isEmpty ? "" : "，点位牌 \(press.plateCode)")
  }
}
