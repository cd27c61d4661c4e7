// Questions of where somebody is, and their answers, between wire and domain.

import Geography
import IntelligenceDomain
import QuintetAPI
import SwiftProtobuf
import Wire

extension LocateQuery {
  /// - Throws: `Failure` with the field.
  init(_ request: Quintet_Intelligence_V1_LocateRequest) throws {
    self.init(
      address: try Check.text(request.address, field: "address", max: 300),
      description: try Check.text(request.description_p, field: "description", max: 500),
      plateNumber: try Check.text(request.plateNumber, field: "plate_number", max: 64),
      deviceCode: try Check.code(request.deviceCode, field: "device_code", max: 64),
      point: request.hasPoint ? try Check.givenPoint(request.point, field: "point") : nil,
      near: request.hasNearPoint
        ? try Check.givenPoint(request.nearPoint, field: "near_point").coordinate : nil,
      nearRadiusMetres: try Check.range(
        request.nearRadiusM, field: "near_radius_m", 0...100_000),
      area: request.hasArea ? try Check.polygon(request.area, field: "area") : nil,
      limit: try Check.count(request.limit, field: "limit", 1...50, standard: 10))
    guard nearRadiusMetres == 0 || near != nil else { throw Failure.required("near_point") }
    guard !isEmpty else {
      throw Failure.invalid(
        "REQUIRED", field: "address",
        "请填写地址、描述、编号、设备或坐标之一。"
          + "One of address, description, plate_number, device_code and point is required.")
    }
  }
}

extension Quintet_Intelligence_V1_LocateResponse {
  init(_ answer: LocateAnswer) {
    self = .with {
      $0.candidates = answer.candidates.map(Quintet_Intelligence_V1_LocateCandidate.init)
      $0.notices = answer.notices.map(Quintet_Intelligence_V1_LocateNotice.init)
    }
  }
}

extension Quintet_Intelligence_V1_LocateCandidate {
  init(_ candidate: LocateCandidate) {
    self = .with {
      $0.point = .init(candidate.coordinate)
      $0.name = candidate.name
      $0.uncertaintyM = candidate.uncertaintyMetres
      $0.confidence = candidate.confidence
      $0.reason = candidate.reason
      $0.evidence = candidate.evidence.map(Quintet_Intelligence_V1_LocateEvidence.init)
      if let place = candidate.place { $0.place = .init(place) }
    }
  }
}

extension Quintet_Intelligence_V1_LocateEvidence {
  init(_ evidence: LocateEvidence) {
    self = .with {
      $0.kind = .init(evidence.kind)
      $0.field = evidence.field
      $0.told = evidence.told
      $0.matched = evidence.matched
      $0.distanceM = evidence.distanceMetres
    }
  }
}

extension Quintet_Intelligence_V1_LocateEvidenceKind {
  init(_ kind: LocateEvidence.Kind) {
    self =
      switch kind {
      case .exact: .exact
      case .soundsAlike: .soundsAlike
      case .similar: .similar
      case .misread: .misread
      case .interpolated: .interpolated
      case .crossing: .crossing
      case .relative: .relative
      case .distance: .distance
      case .hint: .hint
      }
  }
}

extension Quintet_Intelligence_V1_LocateNotice {
  init(_ notice: LocateNotice) {
    let told = Int(notice.distanceMetres.rounded())
    let other = Int(notice.otherDistanceMetres.rounded())
    let name = notice.datum == .gcj02 ? "GCJ-02" : "WGS 84"
    self = .with {
      $0.code = "DATUM_DOUBTFUL"
      $0.message =
        "坐标距所述地点 \(told) 米；若按 \(name) 则为 \(other) 米，请核对坐标基准。"
        + "The point lies \(told) m from the place told, but \(other) m if it is \(name): "
        + "check its datum."
      $0.datum = notice.datum == .gcj02 ? .gcj02 : .wgs84
    }
  }
}
