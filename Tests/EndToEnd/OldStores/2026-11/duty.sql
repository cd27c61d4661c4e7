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
INSERT INTO "event" VALUES('main',1,'evt_01m80jbd0mfmmaaynnqafwhwy7','quintet.duty.v1.OrgUnitDefined','org_01m80jbd0me1wt72e4kc9g56c7',NULL,1795315577876903,1795315577876903,'person/zhang.wei','request/test-22225-r-0','f1d2d85ce5d6ac2186e2ffec973b0fb2','duty',X'0A340A1E6F72675F30316D38306A6264306D65317774373265346B63396735366337120242311A0CE6B58BE8AF95E58886E5B1802002');
INSERT INTO "event" VALUES('main',2,'evt_01m80jbd1bf9q9ypwtfb9z356h','quintet.duty.v1.OrgUnitDefined','org_01m80jbd1bfrnbkgkdgk0arhfq',NULL,1795315577899237,1795315577899237,'person/zhang.wei','request/test-22225-r-1','3ecfb474687cda3905fe2073238a0049','duty',X'0A570A1E6F72675F30316D38306A6264316266726E626B676B64676B306172686671120253311A0FE99D92E4BA91E6B4BEE587BAE6898020032A1E6F72675F30316D38306A6264306D65317774373265346B63396735366337');
INSERT INTO "event" VALUES('main',3,'evt_01m80jbd24e6xtwkj5bgakw5f6','quintet.duty.v1.JurisdictionDefined','jur_01m80jbd24ehs8drwga79096n6',NULL,1795315577924159,1795315577924159,'person/zhang.wei','request/test-22225-r-2','60cbe4702e79c223a964006e95e8f8f2','duty',X'0AAF010A1E6A75725F30316D38306A6264323465687338647277676137393039366E36121E6F72675F30316D38306A6264316266726E626B676B64676B3061726866711A0FE99D92E4BA91E6B4BEE587BAE689802003280232580A14097B14AE47E1FA3B40116666666666265E4018010A14097B14AE47E1FA3B4011CDCCCCCCCC2C5E4018010A140914AE47E17A143C4011CDCCCCCCCC2C5E4018010A140914AE47E17A143C40116666666666265E401801');
INSERT INTO "event" VALUES('main',4,'evt_01m80jbd2ve1trv5pb6q9wm2e4','quintet.duty.v1.UnitDefined','unit_01m80jbd2ve2mv598tx3ahqw9q',NULL,1795315577947261,1795315577947261,'person/zhang.wei','request/test-22225-r-3','686423dd791ff1e5957beb95a981a851','duty',X'0A570A1F756E69745F30316D38306A6264327665326D763539387478336168717739711201311A06E8BF9120303120012A1E6F72675F30316D38306A6264316266726E626B676B64676B306172686671320574617365723801');
INSERT INTO "event" VALUES('main',5,'evt_01m80jbdyhf6jrecm03pqy3b0c','quintet.duty.v1.RecommendationMade','inc_01m80jbdf5f0wvm4ztpy6gq96z','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315578833474,1795315578833474,'service/command','request/command/test-22225-r-9','e70ee934e00e3b31d8d7fe7231324084','duty',X'0A1E696E635F30316D38306A62646635663077766D347A74707936677139367A1289020A140985EB51B81E053C40119A99999999295E401801120C08FAAE89D80610D09BB78D031AAB010A1F756E69745F30316D38306A6264327665326D763539387478336168717739711206E8BF91203031210000000000004E4029000000003097EB3F32140985EB51B81E053C40119A99999999295E4018013A58E79BB4E7BABF203020E7B1B3EFBC8CE9A284E8AEA120363020E7A792EFBC8CE5AE9AE4BD8D203120E7A792E5898DE3808230206D20617761792C2061626F757420363020732C20706F736974696F6E20312073206F6C642E2A3573747261696768745F6C696E6520666163746F723D312E34302073706565645F6D70733D382E3330207475726E6F75745F733D3630');
CREATE TABLE event_head (
  partition TEXT NOT NULL PRIMARY KEY,
  n INTEGER NOT NULL CHECK (n >= 0)
) WITHOUT ROWID; INSERT INTO "event_head" VALUES('main',5);
CREATE TABLE jurisdiction (
  partition TEXT NOT NULL,
  id TEXT NOT NULL,
  org_unit_id TEXT NOT NULL,
  area_class TEXT NOT NULL CHECK (area_class IN ('key_place', 'centre', 'other')),
  area TEXT NOT NULL,
  corner_count INTEGER NOT NULL CHECK (corner_count >= 3),
  south REAL NOT NULL,
  west REAL NOT NULL,
  north REAL NOT NULL,
  east REAL NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, id),
  UNIQUE (partition, org_unit_id, area_class),
  CHECK (south <= north AND west <= east),
  FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
);
INSERT INTO "jurisdiction" VALUES('main','jur_01m80jbd24ehs8drwga79096n6','org_01m80jbd1bfrnbkgkdgk0arhfq','centre','{"corners":[{"latitude":27.98,"longitude":120.6},{"latitude":27.98,"longitude":120.7},{"latitude":28.08,"longitude":120.7},{"latitude":28.08,"longitude":120.6}]}',4,27.98,120.6,28.08,120.7,1795315577924159);
CREATE TABLE org_unit (
  partition TEXT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL CHECK (code <> ''),
  name TEXT NOT NULL CHECK (name <> ''),
  rank TEXT NOT NULL CHECK (rank IN ('city', 'county', 'station', 'beat')),
  parent_id TEXT,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, id),
  UNIQUE (partition, code),
  FOREIGN KEY (partition, parent_id) REFERENCES org_unit (partition, id)
) WITHOUT ROWID;
INSERT INTO "org_unit" VALUES('main','org_01m80jbd0me1wt72e4kc9g56c7','B1','测试分局','county',NULL,1795315577876903); INSERT INTO "org_unit" VALUES('main','org_01m80jbd1bfrnbkgkdgk0arhfq','S1','青云派出所','station','org_01m80jbd0me1wt72e4kc9g56c7',1795315577899237);
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
CREATE TABLE recommendation (
  partition TEXT NOT NULL,
  id TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  as_of_time INTEGER NOT NULL,
  document TEXT NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, id)
);
INSERT INTO "recommendation" VALUES('main','rec_01m80jbdyhfvwvthth5m9jhktp','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315578833474,'{"asOf":1795315578833474,"estimator":"straight_line factor=1.40 speed_mps=8.30 turnout_s=60","passedOver":[],"point":{"latitude":28.02,"longitude":120.65},"units":[{"callSign":"近 01","fixAge":0.8622055053710938,"metres":0,"point":{"latitude":28.02,"longitude":120.65},"reason":"直线 0 米，预计 60 秒，定位 1 秒前。0 m away, about 60 s, position 1 s old.","travelTime":60,"unitID":"unit_01m80jbd2ve2mv598tx3ahqw9q"}]}',1795315578833474);
CREATE TABLE request_ledger (
  partition TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  result TEXT NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, request_id)
) WITHOUT ROWID;
INSERT INTO "request_ledger" VALUES('main','command/test-22225-r-9','quintet.duty.v1.UnitService/RecommendUnits','166d015adb3eb9d20b4ecc758267e0cc7b59d1f134b13b6ad5424f1babf55617','{"asOf":817008378.8334734,"passedOver":[],"estimator":"straight_line factor=1.40 speed_mps=8.30 turnout_s=60","point":{"longitude":120.65,"latitude":28.02},"units":[{"metres":0,"callSign":"近 01","point":{"latitude":28.02,"longitude":120.65},"unitID":"unit_01m80jbd2ve2mv598tx3ahqw9q","fixAge":0.8622055053710938,"reason":"直线 0 米，预计 60 秒，定位 1 秒前。0 m away, about 60 s, position 1 s old.","travelTime":60}]}',1795315578833474);
INSERT INTO "request_ledger" VALUES('main','test-22225-r-0','quintet.duty.v1.OrganisationService/PutOrgUnit','de3dc74fa52c64d0f3e90dbf4564636421b66f6a8f2d6b87ca3db29fcdb605ca','{"name":"测试分局","code":"B1","rank":"county","id":"org_01m80jbd0me1wt72e4kc9g56c7"}',1795315577876903);
INSERT INTO "request_ledger" VALUES('main','test-22225-r-1','quintet.duty.v1.OrganisationService/PutOrgUnit','6fb1d87968554b22cfa29dbc3a1728efad7f63c13d41f6a3bcbcd74b65f1f73f','{"rank":"station","name":"青云派出所","id":"org_01m80jbd1bfrnbkgkdgk0arhfq","code":"S1","parentID":"org_01m80jbd0me1wt72e4kc9g56c7"}',1795315577899237);
INSERT INTO "request_ledger" VALUES('main','test-22225-r-2','quintet.duty.v1.OrganisationService/PutJurisdiction','1d35d74ba604ddc6ef5efdb5f2158eb2f1ef1221cd7979cc62adf471783e89d5','{"areaClass":"centre","area":{"corners":[{"longitude":120.6,"latitude":27.98},{"longitude":120.7,"latitude":27.98},{"longitude":120.7,"latitude":28.08},{"longitude":120.6,"latitude":28.08}]},"id":"jur_01m80jbd24ehs8drwga79096n6","orgUnit":{"id":"org_01m80jbd1bfrnbkgkdgk0arhfq","code":"S1","name":"青云派出所","rank":"station","parentID":"org_01m80jbd0me1wt72e4kc9g56c7"}}',1795315577924159);
INSERT INTO "request_ledger" VALUES('main','test-22225-r-3','quintet.duty.v1.UnitService/PutUnit','3bafdbd0f76c6c9afe9530a06bce81dea74a85aa75ff4c6a12c89899ff841d5b','{"unit":{"kind":"car","revision":1,"callSign":"近 01","orgUnitID":"org_01m80jbd1bfrnbkgkdgk0arhfq","availability":"available","id":"unit_01m80jbd2ve2mv598tx3ahqw9q","capabilities":["taser"]},"commitments":[]}',1795315577947261);
CREATE TABLE roster_head (
  partition TEXT NOT NULL PRIMARY KEY,
  sequence INTEGER NOT NULL CHECK (sequence > 0)
) WITHOUT ROWID; INSERT INTO "roster_head" VALUES('main',7);
CREATE TABLE schema_migration (
  name TEXT NOT NULL PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE,
  statements_hash TEXT NOT NULL,
  applied_time INTEGER NOT NULL
); INSERT INTO "schema_migration" VALUES('eventlog-0001-log-and-subscriptions',1,'bc240e964ffd21c',1795315576744173);
INSERT INTO "schema_migration" VALUES('persistence-0001-request-ledger',2,'d47a647b9fd62b74',1795315576749225); INSERT INTO "schema_migration" VALUES('duty-0001-organisation',3,'e1653686ffea9c34',1795315576752772);
INSERT INTO "schema_migration" VALUES('duty-0002-units',4,'9e406f9c2dec8504',1795315576753947); INSERT INTO "schema_migration" VALUES('duty-0003-recommendations',5,'5dda543627520f11',1795315576759513);
CREATE TABLE subscription (
  partition TEXT NOT NULL,
  source TEXT NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  PRIMARY KEY (partition, source)
) WITHOUT ROWID; INSERT INTO "subscription" VALUES('main','command',29);
CREATE TABLE travel_model (
  partition TEXT NOT NULL PRIMARY KEY,
  detour_factor REAL NOT NULL CHECK (detour_factor BETWEEN 1 AND 5),
  speed_mps REAL NOT NULL CHECK (speed_mps BETWEEN 0.5 AND 100),
  turnout_s REAL NOT NULL CHECK (turnout_s BETWEEN 0 AND 600),
  sequence INTEGER NOT NULL,
  record_time INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE unit (
  partition TEXT NOT NULL,
  id TEXT NOT NULL,
  call_sign TEXT NOT NULL CHECK (call_sign <> ''),
  kind TEXT NOT NULL CHECK (kind IN (
    'car', 'motorcycle', 'foot', 'drone', 'helicopter', 'boat', 'volunteer', 'partner')),
  org_unit_id TEXT,
  capabilities TEXT NOT NULL,
  availability TEXT NOT NULL CHECK (availability IN (
    'available', 'conditionally_available', 'not_available')),
  condition TEXT CHECK (condition IN (
    'staging', 'delayed', 'off_duty', 'out_of_service')),
  status_time INTEGER,
  revision INTEGER NOT NULL CHECK (revision > 0),
  sequence INTEGER NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, id),
  UNIQUE (partition, call_sign),
  FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
) WITHOUT ROWID;
INSERT INTO "unit" VALUES('main','unit_01m80jbd2ve2mv598tx3ahqw9q','近 01','car','org_01m80jbd1bfrnbkgkdgk0arhfq','["taser"]','available',NULL,NULL,1,1,1795315577947261);
CREATE TABLE unit_commitment (
  partition TEXT NOT NULL,
  assignment_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'assigned', 'dispatched', 'acknowledged', 'en_route', 'on_scene', 'ended')),
  sequence INTEGER NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, assignment_id)
) WITHOUT ROWID;
INSERT INTO "unit_commitment" VALUES('main','asg_01m80jbe0hetw8w0yv9arbn9jc','unit_01m80jbd2ve2mv598tx3ahqw9q','inc_01m80jbdf5f0wvm4ztpy6gq96z','ended',7,1795315579138850);
CREATE TABLE unit_position (
  partition TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  latitude REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
  longitude REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
  fix_time INTEGER NOT NULL,
  speed_mps REAL NOT NULL CHECK (speed_mps BETWEEN 0 AND 350),
  heading_deg REAL NOT NULL CHECK (heading_deg BETWEEN 0 AND 360),
  sequence INTEGER NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, unit_id),
  FOREIGN KEY (partition, unit_id) REFERENCES unit (partition, id)
) WITHOUT ROWID;
INSERT INTO "unit_position" VALUES('main','unit_01m80jbd2ve2mv598tx3ahqw9q',28.02,120.65,1795315577971268,0.0,0.0,2,1795315578019984); CREATE INDEX event_incident ON event (partition, incident_id)
WHERE incident_id IS NOT NULL; CREATE INDEX org_unit_parent ON org_unit (partition, parent_id);
CREATE INDEX jurisdiction_bounds ON jurisdiction (partition, south, north, west, east); CREATE INDEX unit_sequence ON unit (partition, sequence); CREATE INDEX unit_position_sequence ON unit_position (partition, sequence);
CREATE INDEX unit_commitment_open ON unit_commitment (partition, unit_id)
WHERE state <> 'ended'; CREATE INDEX unit_commitment_sequence ON unit_commitment (partition, sequence); CREATE INDEX recommendation_incident ON recommendation (partition, incident_id); COMMIT;
