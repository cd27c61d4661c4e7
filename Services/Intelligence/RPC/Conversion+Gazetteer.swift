// Places between wire and domain.

import Foundation
import Geography
import Identifiers
import IntelligenceDomain
import QuintetAPI
import SwiftProtobuf
import Wire

extension PlaceKind {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Intelligence_V1_PlaceKind, field: String) throws {
    switch value {
    case .address: self = .address
    case .road: self = .road
    case .intersection: self = .intersection
    case .landmark: self = .landmark
    case .estate: self = .estate
    case .shop: self = .shop
    case .school: self = .school
    case .hospital: self = .hospital
    case .park: self = .park
    case .transport: self = .transport
    case .village: self = .village
    case .office: self = .office
    case .other: self = .other
    case .plate: self = .plate
    case .pillar: self = .pillar
    case .kiosk: self = .kiosk
    case .camera: self = .camera
    case .streetLight: self = .streetLight
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Intelligence_V1_PlaceKind {
  init(_ kind: PlaceKind) {
    self =
      switch kind {
      case .address: .address
      case .road: .road
      case .intersection: .intersection
      case .landmark: .landmark
      case .estate: .estate
      case .shop: .shop
      case .school: .school
      case .hospital: .hospital
      case .park: .park
      case .transport: .transport
      case .village: .village
      case .office: .office
      case .other: .other
      case .plate: .plate
      case .pillar: .pillar
      case .kiosk: .kiosk
      case .camera: .camera
      case .streetLight: .streetLight
      }
  }
}

extension Quintet_Intelligence_V1_Place {
  init(_ place: GazetteerPlace) {
    let content = place.content
    self = .with {
      $0.id = place.id.description
      $0.code = content.code
      $0.kind = .init(content.kind)
      $0.name = content.name
      $0.aliases = content.aliases
      $0.address = content.address
      $0.area = content.area
      $0.description_p = content.description
      $0.deviceCode = content.deviceCode
      $0.point = .init(content.coordinate)
      $0.radiusM = content.radiusMetres
      $0.retired = content.isRetired
      $0.etag = place.etag
      $0.occurTime = place.occurTime.timestamp
      $0.recordTime = place.recordTime.timestamp
    }
  }
}

extension PlaceContent {
  /// Longest name, area and alias, in characters.
  private static let nameLimit = 80
  private static let aliasLimit = 16

  /// - Throws: `Failure` with the field, below `field`.
  init(_ place: Quintet_Intelligence_V1_PlaceContent, field: String) throws {
    let kind = try PlaceKind(place.kind, field: "\(field).kind")
    guard !kind.isPlate else {
      throw Failure.invalid(
        "KIND_NOT_ALLOWED", field: "\(field).kind",
        "定位牌等请用 PutLocationPlate。Plates are put with PutLocationPlate.")
    }
    let aliases = try Check.list(place.aliases, field: "\(field).aliases", 0...Self.aliasLimit)
      .enumerated().map {
        try Check.text(
          $1, field: "\(field).aliases[\($0)]", max: Self.nameLimit, required: true)
      }
    guard place.hasPoint else { throw Failure.required("\(field).point") }
    self.init(
      code: try Check.code(place.code, field: "\(field).code", max: 64, required: true), kind: kind,
      name: try Check.text(place.name, field: "\(field).name", max: Self.nameLimit, required: true),
      aliases: aliases,
      address: try Check.text(place.address, field: "\(field).address", max: 300),
      area: try Check.text(place.area, field: "\(field).area", max: Self.nameLimit),
      description: try Check.text(place.description_p, field: "\(field).description", max: 500),
      coordinate: try Check.givenPoint(place.point, field: "\(field).point").coordinate,
      radiusMetres: try Check.range(place.radiusM, field: "\(field).radius_m", 0...100_000),
      isRetired: place.retired)
  }

  /// - Throws: `Failure` with the field, below `field`.
  init(_ plate: Quintet_Intelligence_V1_LocationPlateContent, field: String) throws {
    let kind = try PlaceKind(plate.kind, field: "\(field).kind")
    guard kind.isPlate else {
      throw Failure.invalid(
        "KIND_NOT_ALLOWED", field: "\(field).kind",
        "此类地点请用 PutPlace。Places of this kind are put with PutPlace.")
    }
    let number = try Check.code(plate.number, field: "\(field).number", max: 64, required: true)
    guard !PlateNumber.key(number).isEmpty else {
      throw Failure.invalid(
        "CHARACTERS_NOT_ALLOWED", field: "\(field).number",
        "编号须含字母或数字。A number has a letter or a digit.")
    }
    guard plate.hasPoint else { throw Failure.required("\(field).point") }
    let name = try Check.text(plate.name, field: "\(field).name", max: Self.nameLimit)
    self.init(
      code: number, kind: kind, name: name.isEmpty ? number + "号" + kind.chineseName : name,
      address: try Check.text(plate.address, field: "\(field).address", max: 300),
      area: try Check.text(plate.area, field: "\(field).area", max: Self.nameLimit),
      description: try Check.text(plate.description_p, field: "\(field).description", max: 500),
      deviceCode: try Check.code(plate.deviceCode, field: "\(field).device_code", max: 64),
      coordinate: try Check.givenPoint(plate.point, field: "\(field).point").coordinate,
      isRetired: plate.retired)
  }

  /// - Throws: `Failure` with the field.
  init(_ entry: Quintet_Intelligence_V1_ImportEntry) throws {
    switch entry.content {
    case .place(let place): try self.init(place, field: "place")
    case .plate(let plate): try self.init(plate, field: "plate")
    case nil: throw Failure.required("content")
    }
  }
}
