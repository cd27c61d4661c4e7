// The periods, as data in every store, and how far each kind was swept.

/// The tables of retention, for a service's own migrations.
public enum RetentionSchema {
  /// A row with an empty partition holds for every partition that has none of its own.
  /// `swept_through`: what ended before it may be gone, and nothing that ended later is.
  public static let tables = [
    """
    CREATE TABLE retention_period (
      partition TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind <> ''),
      days INTEGER NOT NULL,
      least_days INTEGER NOT NULL CHECK (least_days > 0),
      PRIMARY KEY (partition, kind),
      CHECK (days BETWEEN least_days AND 36500)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE retention_sweep (
      partition TEXT NOT NULL,
      kind TEXT NOT NULL,
      swept_through INTEGER NOT NULL,
      PRIMARY KEY (partition, kind)
    ) WITHOUT ROWID
    """,
  ]

  /// The period of a kind for every partition, in days, and the shortest that may be set.
  public static func period(_ kind: String, days: Int, least: Int) -> String {
    """
    INSERT INTO retention_period (partition, kind, days, least_days)
    VALUES ('', '\(kind)', \(days), \(least))
    """
  }
}
