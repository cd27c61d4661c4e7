// What must not exist in any message, table or method, as data: words of names, why, and where one of
// them means something else.

/// A guardrail of the domain as far as names can break it.
struct Ban: Sendable {
  /// Its number in Docs/guardrails.md.
  let guardrail: Int
  let why: String
  /// Whole words of names: `risk_score` has two, `IncidentClass` has two.
  let words: Set<String>
  /// What the comments of Proto/ must not speak of, unless it is to say that there is none.
  let chinese: [String]

  static let all = [
    Ban(
      guardrail: 1, why: "no score of a person: models look at incidents, places and times",
      words: [
        "score", "scores", "scoring", "credit", "creditworthiness", "rating", "reputation", "risk",
        "risks", "suspicion", "suspect", "dangerousness", "trustworthiness", "propensity",
        "threat", "profile", "profiling", "recidivism",
      ], chinese: ["信用分", "积分", "评分", "打分", "征信", "风险人员", "高危人员", "重点人员", "画像"]),
    Ban(
      guardrail: 2, why: "no ethnicity, religion, political view, or health beyond the scene",
      words: [
        "ethnic", "ethnicity", "nation", "nationality", "race", "racial", "tribe", "religion",
        "religious", "faith", "belief", "beliefs", "church", "mosque", "political", "politics",
        "party", "ideology", "health", "disease", "diagnosis", "medical", "hiv", "disability",
        "mental", "psychiatric", "pregnancy", "sexual", "orientation", "genetic",
      ], chinese: ["民族", "宗教", "信仰", "政治面貌", "党派", "病史", "健康状况", "精神病", "残疾"]),
    Ban(
      guardrail: 3, why: "complaints and petitions never feed an alert about who made them",
      words: [
        "petition", "petitions", "petitioner", "petitioners", "complaint", "complaints",
        "complainant", "complainants", "grievance",
      ], chinese: ["上访", "信访人", "缠访", "投诉人"]),
    Ban(
      guardrail: 4, why: "public opinion has no authors",
      words: [
        "author", "authors", "user", "users", "username", "account", "accounts", "nickname",
        "nick", "screenname", "avatar", "uid", "poster", "follower", "followers", "influencer",
      ], chinese: ["作者", "昵称", "账号", "发帖人", "网民身份", "粉丝"]),
    Ban(
      guardrail: 4, why: "nothing that the public wrote is removed or blocked",
      words: [
        "remove", "removal", "takedown", "block", "blocked", "blocking", "blocklist", "censor",
        "censorship", "suppress", "suppression", "delete", "deletion", "ban", "banned", "mute",
        "moderate", "moderation", "hide", "shadowban",
      ], chinese: ["删帖", "封号", "屏蔽", "禁言", "封禁", "管控言论"]),
    Ban(
      guardrail: 6, why: "no face matching, nor any other matching of bodies",
      words: [
        "face", "faces", "facial", "biometric", "biometrics", "fingerprint", "fingerprints", "iris",
        "gait", "voiceprint", "dna", "embedding", "embeddings",
      ], chinese: ["人脸", "指纹", "虹膜", "声纹", "步态"]),
    Ban(
      guardrail: 6,
      why: "whoever is sought is a lookout, with its safeguards, and on no other list",
      words: ["watchlist", "blacklist", "wanted", "tracking", "surveillance", "tail"],
      chinese: ["黑名单", "管控名单"]),
  ]
}

/// A name that contains a banned word, or a comment that contains a phrase, and must.
struct Allowed: Sendable {
  let name: String
  let reason: String

  static let all = [
    Allowed(
      name: "quintet.type.v1.IncidentClass.INCIDENT_CLASS_COMPLAINT",
      reason: "a class of incident: complaints are served"),
    Allowed(
      name: "quintet.type.v1.PurposeCode.PURPOSE_CODE_COMPLAINT",
      reason: "to answer the complaint; every other purpose leaves complaints out"),
    Allowed(
      name: "intelligence.known_call.is_complaint",
      reason: "keeps the call out of every search by number or home"),
    Allowed(
      name: "quintet.type.v1.DispatchPlanLine.wanted_count",
      reason: "how many units a plan asks for"),
    Allowed(
      name: "quintet.duty.v1.WhatIfIncident.wanted_time",
      reason: "when units were needed at a recorded incident"),
    Allowed(
      name: "quintet.duty.v1.WhatIfResult.wanted_units_count",
      reason: "how many units the played day asked for"),
    Allowed(
      name: "command.request_ledger.fingerprint", reason: "a hash of a request, to know a repeat"),
    Allowed(
      name: "duty.request_ledger.fingerprint", reason: "a hash of a request, to know a repeat"),
    Allowed(
      name: "intelligence.request_ledger.fingerprint",
      reason: "a hash of a request, to know a repeat"),
    Allowed(
      name: "publicopinion.request_ledger.fingerprint",
      reason: "a hash of a request, to know a repeat"),
    Allowed(
      name: "supervision.request_ledger.fingerprint",
      reason: "a hash of a request, to know a repeat"),
    Allowed(
      name: "quintet.operations.v1.RetentionAction.RETENTION_ACTION_DELETE",
      reason: "what becomes of the bureau's own records past their period"),
  ]
}

/// What a thing must have beside it, if there is such a thing.
struct Demand: Sendable {
  let guardrail: Int
  let why: String
  /// Words of a message's or table's name, or of one of its fields.
  let of: Set<String>
  /// One of each set must be a word of, or the whole, name of a field beside it.
  let fields: [Set<String>]
  /// Whether `of` speaks of fields, not of the message.
  let concernsFields: Bool

  static let all = [
    Demand(
      guardrail: 6, why: "a lookout has a legal basis, a case, a second person and an expiry",
      of: ["lookout", "lookouts"],
      fields: [
        ["legal_basis"], ["case_number", "case_id"], ["approver", "approved_by", "approve_actor"],
        ["expire_time"],
      ], concernsFields: false),
    Demand(
      guardrail: 9, why: "a rate stands beside what it is a rate of, and what was left out",
      of: [
        "rate", "ratio", "percent", "percentage", "average", "mean", "share", "quota", "ranking",
      ],
      fields: [["denominator", "denominator_count", "total_count"], ["excluded_count"]],
      concernsFields: true),
    Demand(
      guardrail: 9,
      why: "a scorecard tells what it counted, what it left out, and can be contested",
      of: ["scorecard", "scorecards"],
      fields: [
        ["denominator", "denominator_count", "total_count"], ["excluded_count"],
        ["contest_time", "contest", "contested"],
      ], concernsFields: false),
  ]
}
