// The tables of look-ups and of what is unusual about them.
import Persistence
import Retention

extension SupervisionSchema {
  private static let concerns = """
    'many_persons', 'own_family_name', 'outside_area', 'outside_shift', 'refused'
    """

  static let lookUps = Migration(
    "supervision-0006-look-ups",
    [
      """
      CREATE TABLE look_up (
        partition TEXT NOT NULL,
        service TEXT NOT NULL,
        entry_index INTEGER NOT NULL,
        actor TEXT NOT NULL CHECK (actor <> ''),
        areas TEXT NOT NULL,
        method TEXT NOT NULL,
        purpose TEXT NOT NULL,
        case_id TEXT NOT NULL,
        person_key TEXT NOT NULL,
        result_code TEXT NOT NULL,
        result_reason TEXT NOT NULL,
        is_many_persons INTEGER NOT NULL CHECK (is_many_persons IN (0, 1)),
        is_own_family_name INTEGER NOT NULL CHECK (is_own_family_name IN (0, 1)),
        is_outside_area INTEGER NOT NULL CHECK (is_outside_area IN (0, 1)),
        is_outside_shift INTEGER NOT NULL CHECK (is_outside_shift IN (0, 1)),
        is_refused INTEGER NOT NULL CHECK (is_refused IN (0, 1)),
        occur_time INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, service, entry_index)
      )
      """,
      "CREATE INDEX look_up_actor ON look_up (partition, actor, occur_time)",
      """
      CREATE TABLE look_up_rule (
        partition TEXT NOT NULL,
        concern TEXT NOT NULL CHECK (concern IN (\(concerns))),
        threshold INTEGER NOT NULL CHECK (threshold BETWEEN 1 AND 1000),
        window_s INTEGER NOT NULL CHECK (window_s BETWEEN 60 AND 2592000),
        PRIMARY KEY (partition, concern)
      )
      """,
      """
      CREATE TABLE look_up_finding (
        partition TEXT NOT NULL,
        finding_id TEXT NOT NULL,
        actor TEXT NOT NULL CHECK (actor <> ''),
        areas TEXT NOT NULL,
        concern TEXT NOT NULL CHECK (concern IN (\(concerns))),
        threshold INTEGER NOT NULL,
        window_s INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'explained', 'passed_on')),
        look_up_count INTEGER NOT NULL CHECK (look_up_count > 0),
        person_count INTEGER NOT NULL CHECK (person_count >= 0),
        first_time INTEGER NOT NULL,
        last_time INTEGER NOT NULL CHECK (last_time >= first_time),
        answer TEXT,
        answered_by TEXT,
        answer_time INTEGER,
        revision INTEGER NOT NULL CHECK (revision > 0),
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, finding_id),
        CHECK ((state = 'open') = (answer_time IS NULL)),
        CHECK (answered_by <> actor)
      )
      """,
      """
      CREATE UNIQUE INDEX look_up_finding_open ON look_up_finding (partition, actor, concern)
      WHERE state = 'open'
      """,
      """
      CREATE INDEX look_up_finding_answered ON look_up_finding (partition, actor, concern, last_time)
      """,
      // Whose affair a finding is: that of whoever is responsible for the actor's areas.
      """
      CREATE TABLE look_up_finding_area (
        partition TEXT NOT NULL,
        finding_id TEXT NOT NULL,
        area TEXT NOT NULL,
        PRIMARY KEY (partition, finding_id, area),
        FOREIGN KEY (partition, finding_id) REFERENCES look_up_finding (partition, finding_id)
      )
      """,
      RetentionSchema.period("look_up", days: 365, least: 90),
      RetentionSchema.period("look_up_finding", days: 1825, least: 365),
    ])
}
