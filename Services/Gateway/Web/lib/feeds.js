// What the three watches say, made into the shapes that the pages use: an incident as IncidentService
// answers it, a unit as UnitService does, a deadline as DeadlineService does. Field names of the wire stand
// here alone. Zero values and empty lists are absent in JSON.

const DEGREE = 100_000;

/** An incident, or a card of WatchIncidents,
  which has a summary and counts in place of the rest. */
export function incidentOf(told) {
  return {
    ...told,
    title: told.title ?? told.summary ?? "",
    receiveTime: told.receiveTime ?? told.createTime,
    assignments: told.assignments ?? [],
    advice: told.advice ?? (told.stationId ? { stationId: told.stationId,
      stationName: told.stationName } : undefined),
  };
}

/** A unit as UnitService answers it. */
export function unitOf(told) {
  const { point, headingDeg, fixTime } = told.position ?? {};
  return {
    ...told,
    incidentIds: told.incidentIds ?? [],
    at: point && { latitude: point.latitude ?? 0, longitude: point.longitude ?? 0 },
    heading: headingDeg ?? 0,
    fixTime: fixTime ? Date.parse(fixTime) : undefined,
  };
}

/** Where an incident is, in WGS 84; undefined while only an address is known. */
export function placeOf(incident) {
  const at = incident.location?.wgs84Point ?? incident.location?.point;
  return at ? { latitude: at.latitude ?? 0, longitude: at.longitude ?? 0 } : undefined;
}

/**
 * A snapshot comes in several messages, of which the last says so: what it did not name is gone.
 * Answers a function that takes each message and keeps `held` (a Map by id) so.
 */
export function keeper(held, listed, read) {
  let named;
  return (message) => {
    if (message.isSnapshot) named ??= new Set();
    for (const told of message[listed] ?? []) {
      held.set(told.id, read(told));
      named?.add(told.id);
    }
    for (const id of message.removedIds ?? []) held.delete(id);
    if (!message.isSnapshotEnd) return;
    if (named) for (const id of [...held.keys()]) if (!named.has(id)) held.delete(id);
    named = undefined;
  };
}

const placed = (lat, lon) => ({ latitude: (lat ?? 0) / DEGREE, longitude: (lon ?? 0) / DEGREE });

/** Units have a number in their stream; moves name that and nothing else. */
export function unitKeeper(held) {
  let named;
  let byNumber = new Map();
  const mark = (told) => {
    const before = held.get(told.id);
    const unit = { ...told, incidentIds: told.incidentIds ?? [], heading: before?.heading ?? 0 };
    if (told.fix) {
      unit.at = placed(told.lat, told.lon);
      unit.fixTime = told.fix * 1_000;
    }
    if ((told.heading ?? 0) >= 0) unit.heading = told.heading ?? 0;
    held.set(told.id, unit);
    byNumber.set(told.n, unit);
    named?.add(told.id);
  };
  const move = ({ n = [], lat = [], lon = [], heading = [], age = [] },
    asOf) => n.forEach((number, index) => {
    const unit = byNumber.get(number);
    if (!unit) return;
    unit.at = placed(lat[index], lon[index]);
    unit.fixTime = (asOf - (age[index] ?? 0)) * 1_000;
    if (heading[index] >= 0) unit.heading = heading[index];
  });
  return (message) => {
    if (message.isSnapshot && !named) {
      named = new Set();
      byNumber = new Map();
    }
    (message.units ?? []).forEach(mark);
    if (message.moves) move(message.moves, message.asOf ?? 0);
    for (const number of message.removed ?? []) {
      held.delete(byNumber.get(number)?.id);
      byNumber.delete(number);
    }
    if (!message.isSnapshotEnd) return;
    if (named) for (const id of [...held.keys()]) if (!named.has(id)) held.delete(id);
    named = undefined;
  };
}
