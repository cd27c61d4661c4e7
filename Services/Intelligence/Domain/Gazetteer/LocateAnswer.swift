// What is asked when somebody is to be found, and what is answered.

import Foundation
public import Geography

/// What a caller told of where he is, in any words he had.
public struct LocateQuery: Sendable, Hashable {
  public var address: String
  public var description: String
  public var plateNumber: String
  public var deviceCode: String
  /// In the datum told.
  public var point: GivenPoint?
  /// Where it roughly is.
  public var near: Coordinate?
  /// Metres around `near` beyond which nothing is answered; 0 for no limit.
  public var nearRadiusMetres: Double
  /// Outside of which nothing is answered.
  public var area: Polygon?
  public var limit: Int

  public init(
    address: String = "", description: String = "", plateNumber: String = "",
    deviceCode: String = "", point: GivenPoint? = nil, near: Coordinate? = nil,
    nearRadiusMetres: Double = 0, area: Polygon? = nil, limit: Int = 10
  ) {
    self.address = address
    self.description = description
    self.plateNumber = plateNumber
    self.deviceCode = deviceCode
    self.point = point
    self.near = near
    self.nearRadiusMetres = nearRadiusMetres
    self.area = area
    self.limit = limit
  }

  /// Whether nothing was told to look for.
  public var isEmpty: Bool {
    address.isEmpty && description.isEmpty && plateNumber.isEmpty && deviceCode.isEmpty
      && point == nil
  }

  func allows(_ coordinate: Coordinate) -> Bool {
    if let area, !area.contains(coordinate) { return false }
    guard let near, nearRadiusMetres > 0 else { return true }
    return near.distance(to: coordinate) <= nearRadiusMetres
  }

  /// A rectangle outside of which nothing is allowed; nil for none.
  var bounds: Polygon.Bounds? {
    if let area { return area.bounds }
    guard let near, nearRadiusMetres > 0 else { return nil }
    let corners = [(1.0, 1.0), (1, -1), (-1, -1), (-1, 1)].map { north, east in
      // A little wider than the circle: its bow to the pole is not straight in degrees.
      near.offset(
        northMetres: north * nearRadiusMetres * 1.05, eastMetres: east * nearRadiusMetres * 1.05)
    }
    return (try? Polygon(corners: corners))?.bounds
  }

  /// 1 where the hint is, less with every metre from it; 1 everywhere without a hint.
  func nearness(of coordinate: Coordinate) -> Double {
    guard let near else { return 1 }
    let scale = nearRadiusMetres > 0 ? nearRadiusMetres : 2_000
    return 0.5 + 0.5 / (1 + near.distance(to: coordinate) / scale)
  }
}

/// One thing that speaks for a candidate.
public struct LocateEvidence: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    case exact, soundsAlike, similar, misread, interpolated, crossing, relative, distance, hint
  }

  public var kind: Kind
  /// Of the place: name, alias, address, description, number, device_code or point.
  public var field: String
  public var told: String
  public var matched: String
  /// For the kinds that speak of a distance.
  public var distanceMetres: Double

  public init(
    _ kind: Kind, field: String, told: String, matched: String, distanceMetres: Double = 0
  ) {
    self.kind = kind
    self.field = field
    self.told = told
    self.matched = matched
    self.distanceMetres = distanceMetres
  }
}

/// A place where the caller may be.
public struct LocateCandidate: Sendable, Hashable {
  public var coordinate: Coordinate
  public var name: String
  public var uncertaintyMetres: Double
  /// 0 … 1: how much of what was told it explains, times its nearness to the hint. Of several
  /// things told, each takes its part of what the others left unexplained.
  public var confidence: Double
  public var evidence: [LocateEvidence]
  public var place: GazetteerPlace?

  /// Why, for people; Chinese first.
  public var reason: String { LocateWords.reason(evidence) }
}

/// Something that looks wrong in what was told.
public struct LocateNotice: Sendable, Hashable {
  /// The datum in which the point would fit what else was told.
  public var datum: Datum
  public var distanceMetres: Double
  public var otherDistanceMetres: Double
}

public struct LocateAnswer: Sendable, Hashable {
  /// The likeliest first.
  public var candidates: [LocateCandidate]
  public var notices: [LocateNotice]
}

/// The program's own sentences about candidates.
enum LocateWords {
  static func reason(_ evidence: [LocateEvidence]) -> String {
    guard !evidence.isEmpty else { return "" }
    return evidence.map(chinese).joined(separator: "；") + "。"
      + evidence.map(english).joined(separator: "; ") + "."
  }

  private static func metres(_ distance: Double) -> String { String(Int(distance.rounded())) }

  private static func chinese(_ one: LocateEvidence) -> String {
    let field = chineseField(one.field)
    return switch one.kind {
    case .exact: "\(field)“\(one.matched)”相符"
    case .soundsAlike: "\(field)“\(one.matched)”与“\(one.told)”同音或近音"
    case .similar: "\(field)“\(one.matched)”与“\(one.told)”相近"
    case .misread: "编号 \(one.matched) 与所报 \(one.told) 差一个字符"
    case .interpolated: "由\(one.matched)推算“\(one.told)”"
    case .crossing: "\(one.matched)相距最近处（\(metres(one.distanceMetres)) 米）"
    case .relative:
      one.distanceMetres > 0
        ? "按“\(one.told)”移动 \(metres(one.distanceMetres)) 米" : "“\(one.told)”，范围放宽"
    case .distance: "距所报坐标 \(metres(one.distanceMetres)) 米"
    case .hint: "距提示位置 \(metres(one.distanceMetres)) 米"
    }
  }

  private static func english(_ one: LocateEvidence) -> String {
    return switch one.kind {
    case .exact: "\(one.field) matches"
    case .soundsAlike: "\(one.field) sounds like what was said"
    case .similar: "\(one.field) is much like what was said"
    case .misread: "number differs in one character"
    case .interpolated: "worked out between house numbers"
    case .crossing: "where the two roads are \(metres(one.distanceMetres)) m apart"
    case .relative:
      one.distanceMetres > 0
        ? "moved by \(metres(one.distanceMetres)) m" : "somewhere beside it"
    case .distance: "\(metres(one.distanceMetres)) m from the point told"
    case .hint: "\(metres(one.distanceMetres)) m from the hint"
    }
  }

  private static func chineseField(_ field: String) -> String {
    switch field {
    case "name": "名称"
    case "alias": "别名"
    case "address": "地址"
    case "description": "周边描述"
    case "number": "编号"
    case "device_code": "设备"
    default: field
    }
  }
}
