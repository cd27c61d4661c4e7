// Writing calls, samples and deployments.
import Classification
public import DutyDomain
public import Foundation
import Geography
public import Identifiers
import Persistence

extension StoreWriter {
  public func save(_ incident: DemandIncident) throws {
    try tx.execute(
      """
      INSERT INTO demand_incident (
        partition, incident_id, incident_class, latitude, longitude, receive_time, exclusion,
        revision, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition, incident_id) DO UPDATE SET
        incident_class = excluded.incident_class, latitude = excluded.latitude,
        longitude = excluded.longitude, receive_time = excluded.receive_time,
        exclusion = excluded.exclusion, revision = excluded.revision,
        record_time = excluded.record_time
      WHERE excluded.revision > demand_incident.revision
      """,
      [
        partition, incident.id, incident.incidentClass?.rawValue ?? "", incident.point?.latitude,
        incident.point?.longitude, incident.receiveTime, incident.exclusion?.rawValue,
        incident.revision, now,
      ])
  }

  public func save(_ arrival: DemandArrival) throws {
    try tx.execute(
      """
      INSERT INTO demand_arrival (partition, incident_id, order_time, arrive_time, record_time)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (partition, incident_id) DO UPDATE SET
        order_time = CASE WHEN excluded.order_time < demand_arrival.order_time
          THEN excluded.order_time ELSE demand_arrival.order_time END,
        arrive_time = CASE
          WHEN demand_arrival.arrive_time IS NULL THEN excluded.arrive_time
          WHEN excluded.arrive_time < demand_arrival.arrive_time THEN excluded.arrive_time
          ELSE demand_arrival.arrive_time END
      """, [partition, arrival.incidentID, arrival.orderTime, arrival.arriveTime, now])
  }

  public func save(_ call: PastCall) throws {
    try tx.execute(
      """
      INSERT INTO past_call (
        partition, source, reference, incident_class, latitude, longitude, receive_time, exclusion,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition, source, reference) DO UPDATE SET
        incident_class = excluded.incident_class, latitude = excluded.latitude,
        longitude = excluded.longitude, receive_time = excluded.receive_time,
        exclusion = excluded.exclusion, record_time = excluded.record_time
      """,
      [
        partition, call.source, call.reference, call.incidentClass?.rawValue ?? "",
        call.point.latitude, call.point.longitude, call.receiveTime, call.exclusion?.rawValue, now,
      ])
  }

  public func save(_ sample: CoverageSample) throws {
    try tx.execute(
      """
      INSERT INTO coverage_sample (
        partition, hour_time, org_unit_code, area_class, org_unit_id, document, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """,
      [
        partition, sample.hour, sample.orgUnitCode, sample.areaClass, sample.orgUnitID,
        try Document.encode(sample), now,
      ])
  }

  public func save(_ deployment: Deployment) throws {
    try tx.execute(
      """
      INSERT INTO deployment (
        partition, id, org_unit_id, state, start_time, end_time, document, revision, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition, id) DO UPDATE SET
        state = excluded.state, document = excluded.document, revision = excluded.revision,
        record_time = excluded.record_time
      """,
      [
        partition, deployment.id, deployment.orgUnitID, deployment.state.rawValue,
        deployment.start, deployment.end, try Document.encode(deployment), deployment.revision,
        now,
      ])
    try tx.execute(
      "DELETE FROM deployment_unit WHERE partition = $1 AND deployment_id = $2",
      [partition, deployment.id])
    // Whoever is in what is in force sees it; a suggestion is the leader's.
    for unit in Set(deployment.posts.map(\.unitID)).sorted() {
      try tx.execute(
        "INSERT INTO deployment_unit (partition, unit_id, deployment_id) VALUES ($1, $2, $3)",
        [partition, unit, deployment.id])
    }
  }

  public func markCompared(_ id: DeploymentID, at time: Date) throws {
    try tx.execute(
      "UPDATE deployment SET compare_time = $3 WHERE partition = $1 AND id = $2",
      [partition, id, time])
  }
}

// MARK: - Reading

extension StoreWriter {
  public func standingJurisdictions() throws -> [Jurisdiction] {
    try reader.standingJurisdictions()
  }

  public func orgUnits(within id: OrgUnitID) throws -> Set<OrgUnitID> {
    try reader.orgUnits(within: id)
  }

  public func demand(_ query: DemandQuery) throws -> [DemandRecord] { try reader.demand(query) }

  public func deployment(_ id: DeploymentID) throws -> Deployment? { try reader.deployment(id) }

  public func deployments(_ query: DeploymentQuery) throws -> [Deployment] {
    try reader.deployments(query)
  }

  public func deploymentsToCompare(
    endedBy end: Date, recent: Date, comparedBefore before: Date, limit: Int
  ) throws -> [DeploymentID] {
    try reader.deploymentsToCompare(
      endedBy: end, recent: recent, comparedBefore: before, limit: limit)
  }

  public func hasCoverageSample(ofHour hour: Date) throws -> Bool {
    try reader.hasCoverageSample(ofHour: hour)
  }

  public func coverageSamples(
    _ span: Range<Date>, of orgUnits: Set<OrgUnitID>?, after key: CoverageSampleKey?, limit: Int
  ) throws -> [CoverageSample] {
    try reader.coverageSamples(span, of: orgUnits, after: key, limit: limit)
  }

  public func sampledHours(_ span: Range<Date>) throws -> [Date] {
    try reader.sampledHours(span)
  }
}
