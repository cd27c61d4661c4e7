BEGIN TRANSACTION;
CREATE TABLE event (
  partition TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  id TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type <> ''),
  subject TEXT NOT NULL,
  incident_id TEXT,
  occur_time INTEGER NOT NULL,
  record_time INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (actor <> ''),
  cause TEXT NOT NULL CHECK (cause <> ''),
  trace TEXT NOT NULL,
  service TEXT NOT NULL,
  payload BLOB NOT NULL,
  PRIMARY KEY (partition, sequence),
  UNIQUE (partition, id)
);
INSERT INTO "event" VALUES('main',1,'evt_01m80jbf3kfmkbgpd2mqctfskk','quintet.publicopinion.v1.TopicOpened','topic_01m80jbf3kfpnvcfbea51mapq1',NULL,1795315580019231,1795315580019231,'person/zhang.wei','request/test-22225-r-24','97bc1a83e721c119b4c7bd86b7a343e7','publicopinion',X'0A730A20746F7069635F30316D38306A6266336B66706E76636662656135316D617071311201311A30E99D92E4BA91E8B7AFE69C89E4BABAE590B5E69EB6EFBC8CE8ADA6E5AF9FE587A0E58886E9929FE5B0B1E588B0E4BA8620012A0B08FCAE89D8061098E29509320B08FCAE89D8061098E29509');
INSERT INTO "event" VALUES('main',2,'evt_01m80jbf42fzw8sf126ctykbqm','quintet.publicopinion.v1.TopicTied','topic_01m80jbf3kfpnvcfbea51mapq1','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315580034809,1795315580034809,'person/zhang.wei','request/test-22225-r-25','aa0e61fbaf5ce6dce48c351f2e3b1846','publicopinion',X'0AA0010A20746F7069635F30316D38306A6266336B66706E76636662656135316D617071311201321A30E99D92E4BA91E8B7AFE69C89E4BABAE590B5E69EB6EFBC8CE8ADA6E5AF9FE587A0E58886E9929FE5B0B1E588B0E4BA8620012A0B08FCAE89D8061098E29509320B08FCAE89D8061098E295093A1E696E635F30316D38306A62646635663077766D347A74707936677139367A420B08FCAE89D80610A8C9CC10');
INSERT INTO "event" VALUES('main',3,'evt_01m80jbf4nevbsbbr5c7zzy0qd','quintet.publicopinion.v1.TopicAnswered','topic_01m80jbf3kfpnvcfbea51mapq1','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315580053766,1795315580053766,'person/zhang.wei','request/test-22225-r-26','99331f1cef0f96abbc494956a38a1045','publicopinion',X'0ACD010A20746F7069635F30316D38306A6266336B66706E76636662656135316D617071311201331A30E99D92E4BA91E8B7AFE69C89E4BABAE590B5E69EB6EFBC8CE8ADA6E5AF9FE587A0E58886E9929FE5B0B1E588B0E4BA8620012A0B08FCAE89D8061098E29509320B08FCAE89D8061098E295093A1E696E635F30316D38306A62646635663077766D347A74707936677139367A420B08FCAE89D80610A8C9CC104A1EE68385E586B5E5B19EE5AE9EEFBC8CE697A0E4BABAE58F97E4BCA4E38082520B08FCAE89D80610F0CED119');
CREATE TABLE event_head (
  partition TEXT NOT NULL PRIMARY KEY,
  n INTEGER NOT NULL CHECK (n >= 0)
) WITHOUT ROWID; INSERT INTO "event_head" VALUES('main',3);
CREATE TABLE gathering_rule (
  partition TEXT NOT NULL PRIMARY KEY,
  threshold REAL NOT NULL CHECK (threshold > 0 AND threshold <= 1),
  window_s INTEGER NOT NULL CHECK (window_s > 0)
) WITHOUT ROWID; INSERT INTO "gathering_rule" VALUES('',0.5,604800);
CREATE TABLE known_incident (
  partition TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  PRIMARY KEY (partition, incident_id)
) WITHOUT ROWID; INSERT INTO "known_incident" VALUES('main','inc_01m80jbddcek3bp9zz28kqb1c7',1795315578284887);
INSERT INTO "known_incident" VALUES('main','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315578341573);
CREATE TABLE opinion_item (
  partition TEXT NOT NULL,
  item_id TEXT NOT NULL,
  topic_id TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('social', 'news', 'hotline', 'letter')),
  text TEXT NOT NULL CHECK (text <> ''),
  publish_time INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, item_id),
  FOREIGN KEY (partition, topic_id) REFERENCES topic (partition, topic_id)
);
INSERT INTO "opinion_item" VALUES('main','item_01m80jbf3kfggvwsx9nqtk0x8q','topic_01m80jbf3kfpnvcfbea51mapq1','social','青云路有人吵架，警察几分钟就到了',1795315580019231,'{}',1795315580019231);
CREATE TABLE parked_event (
  partition TEXT NOT NULL,
  source TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  tries INTEGER NOT NULL,
  error TEXT NOT NULL,
  payload BLOB NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, source, sequence)
);
CREATE TABLE request_ledger (
  partition TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  result TEXT NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, request_id)
) WITHOUT ROWID;
INSERT INTO "request_ledger" VALUES('main','test-22225-r-24','quintet.publicopinion.v1.OpinionService/SubmitItem','b85c082b5cf4fb9692ac7f88c0988567695432efeb98156188e85c5855a25c7c','{"similarity":1,"topic":{"lastTime":817008380.0192313,"revision":1,"itemCount":1,"id":"topic_01m80jbf3kfpnvcfbea51mapq1","title":"青云路有人吵架，警察几分钟就到了","firstTime":817008380.0192313},"item":"item_01m80jbf3kfggvwsx9nqtk0x8q"}',1795315580019231);
INSERT INTO "request_ledger" VALUES('main','test-22225-r-25','quintet.publicopinion.v1.OpinionService/TieTopic','58d9973e25a6b92557e41542cefd7fee4e4c9c029f226cbfcd896a4b12953148','{"lastTime":817008380.0192311,"title":"青云路有人吵架，警察几分钟就到了","incident":"inc_01m80jbdf5f0wvm4ztpy6gq96z","id":"topic_01m80jbf3kfpnvcfbea51mapq1","revision":2,"itemCount":1,"firstTime":817008380.0192311,"tieTime":817008380.0348085}',1795315580034809);
INSERT INTO "request_ledger" VALUES('main','test-22225-r-26','quintet.publicopinion.v1.OpinionService/RecordResponse','43a463f0033c85c81bd8af1c78d39a9caa3729915d1d2c84d578a41be63ffa06','{"tieTime":817008380.0348091,"firstTime":817008380.0192311,"id":"topic_01m80jbf3kfpnvcfbea51mapq1","response":"情况属实，无人受伤。","responseTime":817008380.0537661,"revision":3,"lastTime":817008380.0192311,"itemCount":1,"incident":"inc_01m80jbdf5f0wvm4ztpy6gq96z","title":"青云路有人吵架，警察几分钟就到了"}',1795315580053766);
CREATE TABLE schema_migration (
  name TEXT NOT NULL PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE,
  statements_hash TEXT NOT NULL,
  applied_time INTEGER NOT NULL
); INSERT INTO "schema_migration" VALUES('eventlog-0001-log-and-subscriptions',1,'bc240e964ffd21c',1795315577021598);
INSERT INTO "schema_migration" VALUES('persistence-0001-request-ledger',2,'d47a647b9fd62b74',1795315577026700); INSERT INTO "schema_migration" VALUES('publicopinion-0001-topics',3,'159faacb3333756c',1795315577029850);
CREATE TABLE subscription (
  partition TEXT NOT NULL,
  source TEXT NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  PRIMARY KEY (partition, source)
) WITHOUT ROWID; INSERT INTO "subscription" VALUES('main','command',29);
CREATE TABLE topic (
  partition TEXT NOT NULL,
  topic_id TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision > 0),
  title TEXT NOT NULL,
  item_count INTEGER NOT NULL CHECK (item_count > 0),
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL CHECK (last_time >= first_time),
  incident_id TEXT,
  tie_time INTEGER,
  response TEXT,
  response_time INTEGER,
  sketch BLOB NOT NULL,
  is_resting INTEGER NOT NULL DEFAULT 0 CHECK (is_resting IN (0, 1)),
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, topic_id),
  FOREIGN KEY (partition, incident_id) REFERENCES known_incident (partition, incident_id),
  CHECK ((incident_id IS NULL) = (tie_time IS NULL)),
  CHECK ((response IS NULL) = (response_time IS NULL)),
  CHECK (response IS NULL OR incident_id IS NOT NULL)
);
INSERT INTO "topic" VALUES('main','topic_01m80jbf3kfpnvcfbea51mapq1',3,'青云路有人吵架，警察几分钟就到了',1,1795315580019231,1795315580019231,'inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315580034809,'情况属实，无人受伤。',1795315580053766,X'0902EE0B5245FD007116D1C73D307820444E1D3236FE782C7A959F6E28606743AC3447A066E9135F8BD3C65CC1D7746E1C4FAA4086807A7C39F8665C27FE6D890D24D049965A8897719BF7D1EDFDB7A89D1B90D4B8CFC0A8E6762127CE5F52E85EFFC1CAB5B96EE8',0,1795315580053766);
CREATE TABLE topic_shingle (
  partition TEXT NOT NULL,
  shingle INTEGER NOT NULL,
  topic_id TEXT NOT NULL,
  PRIMARY KEY (partition, shingle, topic_id),
  FOREIGN KEY (partition, topic_id) REFERENCES topic (partition, topic_id)
) WITHOUT ROWID;
INSERT INTO "topic_shingle" VALUES('main',-8543893473044531143,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',-7527667175619812339,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',-6289279156727866511,'topic_01m80jbf3kfpnvcfbea51mapq1');
INSERT INTO "topic_shingle" VALUES('main',-6286796687062066275,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',-1706195969795590426,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',-1698215819030167714,'topic_01m80jbf3kfpnvcfbea51mapq1');
INSERT INTO "topic_shingle" VALUES('main',71289387797578249,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',2339673048322479729,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',3204590643596578372,'topic_01m80jbf3kfpnvcfbea51mapq1');
INSERT INTO "topic_shingle" VALUES('main',4856956449913279866,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',6851076085145613484,'topic_01m80jbf3kfpnvcfbea51mapq1'); INSERT INTO "topic_shingle" VALUES('main',7959223666955703179,'topic_01m80jbf3kfpnvcfbea51mapq1');
INSERT INTO "topic_shingle" VALUES('main',8969622921960640284,'topic_01m80jbf3kfpnvcfbea51mapq1'); CREATE INDEX event_incident ON event (partition, incident_id)
WHERE incident_id IS NOT NULL; CREATE INDEX topic_fed ON topic (partition, last_time, topic_id);
CREATE INDEX topic_searched ON topic (partition, last_time) WHERE is_resting = 0; CREATE INDEX topic_shingle_topic ON topic_shingle (partition, topic_id); CREATE INDEX opinion_item_topic ON opinion_item (partition, topic_id, publish_time, item_id); COMMIT;
