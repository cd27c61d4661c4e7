// A call as the search for repeats knows it: keys, a point and a time, and no word of what was said.

public import Foundation
public import Geography
public import Identifiers

/// One call of an incident.
public struct CallRecord: Sendable, Hashable {
  public let id: CallReportID
  public let incident: IncidentID
  /// Time of receipt and stable part of the id, worked out once: searches sort by it.
  public let position: CallPosition
  /// Keyed hash of the caller's number; nil when unknown.
  public let phoneHash: String?
  /// Nil when there is no address that could tell two places apart.
  public let addressKey: String?
  public let coordinate: Coordinate?
  /// Reported by an officer on duty: whatever is told of repeats and places rests on what citizens
  /// reported, or it would grow where patrols are sent.
  public let isDiscovered: Bool

  public init(
    id: CallReportID, incident: IncidentID, receiveTime: Date, phoneHash: String?,
    addressKey: String?, coordinate: Coordinate?, isDiscovered: Bool = false
  ) {
    self.id = id
    self.incident = incident
    self.position = CallPosition(time: receiveTime, stablePart: id.stablePart)
    self.phoneHash = phoneHash
    self.addressKey = addressKey
    self.coordinate = coordinate
    self.isDiscovered = isDiscovered
  }

  public var receiveTime: Date { position.time }
}

/// What is earlier: by time of receipt, then by the part of the id that no clock decides, so that
/// two runs over the same calls agree.
public struct CallPosition: Sendable, Hashable, Comparable {
  public var time: Date
  public var stablePart: String

  public init(time: Date, stablePart: String) {
    self.time = time
    self.stablePart = stablePart
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.time, left.stablePart) < (right.time, right.stablePart)
  }
}

/// A stretch of calls: from a time on, up to but without a position.
public struct CallWindow: Sendable, Hashable {
  public var from: Date
  public var before: CallPosition

  public init(from: Date, before: CallPosition) {
    self.from = from
    self.before = before
  }

  /// What lies before `position`, no longer ago than `seconds`.
  public init(before position: CallPosition, seconds: Double) {
    self.init(from: position.time.addingTimeInterval(-seconds), before: position)
  }

  public func contains(_ position: CallPosition) -> Bool {
    position.time >= from && position < before
  }

  /// The same stretches without overlaps, so that counts may be added.
  public static func merged(_ windows: [CallWindow]) -> [CallWindow] {
    windows.sorted { ($0.from, $0.before) < ($1.from, $1.before) }
      .reduce(into: []) { merged, window in
        if let last = merged.last, window.from <= last.before.time {
          merged[merged.count - 1].before = max(last.before, window.before)
        } else {
          merged.append(window)
        }
      }
  }
}
