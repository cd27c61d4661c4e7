// Reads the rules of one partition: the common ones, and its own in their place.

import Classification
import Foundation
import IntelligenceDomain
import Persistence

struct RuleReader {
  let tx: any Transaction
  let partition: String

  func rules() throws -> AssessmentRules {
    // The empty partition sorts first, so that a partition's own row comes last and counts.
    let kinds = try tx.query(
      """
      SELECT keyword, incident_class, level, weight FROM kind_rule
      WHERE partition IN ('', $1) ORDER BY partition, keyword
      """, [partition]
    ).map { row in
      KindRule(
        word: try row.get("keyword"), incidentClass: try row.value("incident_class"),
        level: try row.value("level"), weight: try row.get("weight"))
    }
    let repeats = try tx.query(
      """
      SELECT link, lookback_s, distance_m, life_s FROM repeat_rule
      WHERE partition IN ('', $1) ORDER BY partition DESC, link
      """, [partition]
    ).map { row in
      RepeatRule(
        link: try row.value("link"), lookbackSeconds: try row.get("lookback_s"),
        distanceMetres: try row.get("distance_m"), lifeSeconds: try row.get("life_s"))
    }
    let generic = try tx.query(
      "SELECT address_key FROM generic_address WHERE partition IN ('', $1)", [partition]
    ).map { try $0.get("address_key", as: String.self) }
    return AssessmentRules(
      kinds: KindRules(kinds), repeats: repeats, genericAddresses: Set(generic))
  }
}
