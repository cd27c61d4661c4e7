BEGIN TRANSACTION;
CREATE TABLE assessment (
  partition TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  assessment_id TEXT NOT NULL,
  source TEXT NOT NULL,
  incident_class TEXT CHECK (incident_class IN ('criminal', 'public_order', 'traffic', 'mass_event', 'disaster', 'help', 'dispute', 'complaint', 'other')),
  latitude REAL,
  longitude REAL,
  words TEXT NOT NULL,
  is_located INTEGER NOT NULL CHECK (is_located IN (0, 1)),
  station_id TEXT,
  station_name TEXT,
  beat_id TEXT,
  beat_name TEXT,
  suggested_class TEXT CHECK (suggested_class IN ('criminal', 'public_order', 'traffic', 'mass_event', 'disaster', 'help', 'dispute', 'complaint', 'other')),
  suggested_level INTEGER CHECK (suggested_level BETWEEN 1 AND 4),
  suggested_by TEXT NOT NULL,
  found_repeat INTEGER NOT NULL CHECK (found_repeat IN (0, 1)),
  occur_time INTEGER NOT NULL,
  record_time INTEGER NOT NULL,
  PRIMARY KEY (partition, incident_id),
  UNIQUE (partition, assessment_id)
);
INSERT INTO "assessment" VALUES('main','inc_01m80jbddcek3bp9zz28kqb1c7','ass_01m80jbdeaeycbmwxwbzgrnvat','','dispute',28.02,120.65,'["吵架"]',1,'org_01m80jbd1bfrnbkgkdgk0arhfq','青云派出所',NULL,NULL,'dispute',4,'["吵架"]',0,1795315578284887,1795315578314222);
INSERT INTO "assessment" VALUES('main','inc_01m80jbdf5f0wvm4ztpy6gq96z','ass_01m80jbdfbemsa0ava0zb58dg3','','dispute',28.02,120.65,'[]',1,'org_01m80jbd1bfrnbkgkdgk0arhfq','青云派出所',NULL,NULL,NULL,NULL,'[]',1,1795315578341573,1795315578347512);
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
INSERT INTO "event" VALUES('main',1,'evt_01m80jbdeaek08mct0yqa04zkq','quintet.intelligence.v1.IncidentAssessed','inc_01m80jbddcek3bp9zz28kqb1c7','inc_01m80jbddcek3bp9zz28kqb1c7',1795315578284887,1795315578314222,'service/intelligence','event/evt_01m80jbddcfpxbf6ph3e5k0vwp','ee658a119d4bbb7314aabeccc32c1482','intelligence',X'0A9D010A1E6173735F30316D38306A62646561657963626D777877627A67726E766174121E696E635F30316D38306A62646463656B336270397A7A32386B71623163371A310A1E6F72675F30316D38306A6264316266726E626B676B64676B306172686671120FE99D92E4BA91E6B4BEE587BAE68980220C080710041A06E590B5E69EB6320C08FAAE89D80610D88FEC87013A0C08FAAE89D80610B0CBEA9501');
INSERT INTO "event" VALUES('main',2,'evt_01m80jbdfber1vysne1ng165mn','quintet.intelligence.v1.IncidentAssessed','inc_01m80jbdf5f0wvm4ztpy6gq96z','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315578341573,1795315578347512,'service/intelligence','event/evt_01m80jbdf5epsrsnc3kqr89etj','4d85f88a4e1029fedaae3d24b2cc7841','intelligence',X'0ADA040A1E6173735F30316D38306A62646662656D736130617661307A623538646733121E696E635F30316D38306A62646635663077766D347A74707936677139367A1A310A1E6F72675F30316D38306A6264316266726E626B676B64676B306172686671120FE99D92E4BA91E6B4BEE587BAE689802A9701080110011A4E0A1F63616C6C5F30316D38306A62646371666E397430673039746635396B6D3235121E696E635F30316D38306A62646463656B336270397A7A32386B71623163371A0B08FAAE89D80610F0E5C17D220C08FAFCE3DB061088A0E494012A33393020E5A4A9E58685E5908CE4B880E58FB7E7A08120C2B72073616D65206E756D6265722077697468696E20393020646179732A9801080210011A4E0A1F63616C6C5F30316D38306A62646371666E397430673039746635396B6D3235121E696E635F30316D38306A62646463656B336270397A7A32386B71623163371A0B08FAAE89D80610F0E5C17D220C08FAFCE3DB061088A0E494012A34393020E5A4A9E58685E5908CE4B880E59CB0E59D8020C2B72073616D6520616464726573732077697468696E20393020646179732A9301080310011A4E0A1F63616C6C5F30316D38306A62646371666E397430673039746635396B6D3235121E696E635F30316D38306A62646463656B336270397A7A32386B71623163371A0B08FAAE89D80610F0E5C17D220C08FAFCE3DB061088A0E494012A2F31353020E7B1B320363020E58886E9929FE5868520C2B72077697468696E20313530206D20616E64203630206D696E320C08FAAE89D8061088FBEFA2013A0C08FAAE89D80610C0B9DAA501');
CREATE TABLE event_head (
  partition TEXT NOT NULL PRIMARY KEY,
  n INTEGER NOT NULL CHECK (n >= 0)
) WITHOUT ROWID; INSERT INTO "event_head" VALUES('main',2);
CREATE TABLE generic_address (
  partition TEXT NOT NULL,
  address_key TEXT NOT NULL,
  PRIMARY KEY (partition, address_key)
) WITHOUT ROWID; INSERT INTO "generic_address" VALUES('','no address'); INSERT INTO "generic_address" VALUES('','none given');
INSERT INTO "generic_address" VALUES('','not given'); INSERT INTO "generic_address" VALUES('','unknown'); INSERT INTO "generic_address" VALUES('','unknown address'); INSERT INTO "generic_address" VALUES('','unknown location'); INSERT INTO "generic_address" VALUES('','不知道地址');
INSERT INTO "generic_address" VALUES('','位置不详'); INSERT INTO "generic_address" VALUES('','地址不详'); INSERT INTO "generic_address" VALUES('','地点不详'); INSERT INTO "generic_address" VALUES('','报警人不清楚');
CREATE TABLE heard_clock (
  partition TEXT NOT NULL PRIMARY KEY,
  heard_time INTEGER NOT NULL,
  record_time INTEGER NOT NULL
) WITHOUT ROWID; INSERT INTO "heard_clock" VALUES('main',1795312800000000,1795315578314222);
CREATE TABLE jurisdiction (
  partition TEXT NOT NULL,
  jurisdiction_id TEXT NOT NULL,
  org_unit_id TEXT NOT NULL,
  south REAL NOT NULL,
  north REAL NOT NULL,
  west REAL NOT NULL,
  east REAL NOT NULL,
  corners BLOB NOT NULL,
  PRIMARY KEY (partition, jurisdiction_id),
  FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, org_unit_id)
);
INSERT INTO "jurisdiction" VALUES('main','jur_01m80jbd24ehs8drwga79096n6','org_01m80jbd1bfrnbkgkdgk0arhfq',27.98,28.08,120.6,120.7,X'7B14AE47E1FA3B406666666666265E407B14AE47E1FA3B40CDCCCCCCCC2C5E4014AE47E17A143C40CDCCCCCCCC2C5E4014AE47E17A143C406666666666265E40');
CREATE TABLE kind_rule (
  partition TEXT NOT NULL,
  keyword TEXT NOT NULL CHECK (keyword <> ''),
  incident_class TEXT NOT NULL CHECK (incident_class IN ('criminal', 'public_order', 'traffic', 'mass_event', 'disaster', 'help', 'dispute', 'complaint', 'other')),
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 10),
  PRIMARY KEY (partition, keyword)
) WITHOUT ROWID;
INSERT INTO "kind_rule" VALUES('','abdominal pains','help',4,3); INSERT INTO "kind_rule" VALUES('','alarms','disaster',4,3); INSERT INTO "kind_rule" VALUES('','allergic reaction','help',3,4); INSERT INTO "kind_rule" VALUES('','altered mental status','help',3,4);
INSERT INTO "kind_rule" VALUES('','ambulance','help',4,1); INSERT INTO "kind_rule" VALUES('','amputation','help',2,5); INSERT INTO "kind_rule" VALUES('','animal bite','help',3,4); INSERT INTO "kind_rule" VALUES('','appliance fire','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','argument','dispute',4,4); INSERT INTO "kind_rule" VALUES('','armed','criminal',2,5); INSERT INTO "kind_rule" VALUES('','arson','criminal',2,5); INSERT INTO "kind_rule" VALUES('','assault','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','assault victim','criminal',2,5); INSERT INTO "kind_rule" VALUES('','back pains/injury','help',4,3); INSERT INTO "kind_rule" VALUES('','building collapse','disaster',1,6); INSERT INTO "kind_rule" VALUES('','building fire','disaster',2,5);
INSERT INTO "kind_rule" VALUES('','burglary','criminal',3,4); INSERT INTO "kind_rule" VALUES('','burn victim','help',3,4); INSERT INTO "kind_rule" VALUES('','car accident','traffic',3,4); INSERT INTO "kind_rule" VALUES('','car crash','traffic',3,4);
INSERT INTO "kind_rule" VALUES('','carbon monoxide','disaster',3,4); INSERT INTO "kind_rule" VALUES('','carbon monoxide detector','disaster',3,4); INSERT INTO "kind_rule" VALUES('','cardiac arrest','help',2,5); INSERT INTO "kind_rule" VALUES('','cardiac emergency','help',2,5);
INSERT INTO "kind_rule" VALUES('','choking','help',2,5); INSERT INTO "kind_rule" VALUES('','citizen assist','help',4,3); INSERT INTO "kind_rule" VALUES('','collision','traffic',3,4); INSERT INTO "kind_rule" VALUES('','complaint about police','complaint',4,6);
INSERT INTO "kind_rule" VALUES('','complaint against officer','complaint',4,6); INSERT INTO "kind_rule" VALUES('','confined space','disaster',2,5); INSERT INTO "kind_rule" VALUES('','crowd','mass_event',3,4); INSERT INTO "kind_rule" VALUES('','cva/stroke','help',2,5);
INSERT INTO "kind_rule" VALUES('','debris/fluids on highway','traffic',4,3); INSERT INTO "kind_rule" VALUES('','dehydration','help',3,4); INSERT INTO "kind_rule" VALUES('','demonstration','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','diabetic emergency','help',3,4);
INSERT INTO "kind_rule" VALUES('','disabled vehicle','traffic',4,3); INSERT INTO "kind_rule" VALUES('','dispute','dispute',4,4); INSERT INTO "kind_rule" VALUES('','disturbance','public_order',3,4); INSERT INTO "kind_rule" VALUES('','dizziness','help',4,3);
INSERT INTO "kind_rule" VALUES('','domestic violence','dispute',3,5); INSERT INTO "kind_rule" VALUES('','drowning','help',2,5); INSERT INTO "kind_rule" VALUES('','drunk','public_order',4,3); INSERT INTO "kind_rule" VALUES('','electrical fire outside','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','electrical hazard','disaster',3,4); INSERT INTO "kind_rule" VALUES('','electrocution','disaster',2,5); INSERT INTO "kind_rule" VALUES('','elevator / escalator rescue','help',3,4); INSERT INTO "kind_rule" VALUES('','ems','help',4,1);
INSERT INTO "kind_rule" VALUES('','ems special service','help',4,3); INSERT INTO "kind_rule" VALUES('','explosion','disaster',1,6); INSERT INTO "kind_rule" VALUES('','eye injury','help',3,4); INSERT INTO "kind_rule" VALUES('','fall victim','help',3,4);
INSERT INTO "kind_rule" VALUES('','fever','help',4,3); INSERT INTO "kind_rule" VALUES('','fight','public_order',3,4); INSERT INTO "kind_rule" VALUES('','fighting','public_order',3,4); INSERT INTO "kind_rule" VALUES('','fire','disaster',3,1);
INSERT INTO "kind_rule" VALUES('','fire alarm','disaster',4,3); INSERT INTO "kind_rule" VALUES('','fire investigation','disaster',3,4); INSERT INTO "kind_rule" VALUES('','fire police needed','disaster',4,3); INSERT INTO "kind_rule" VALUES('','fire special service','disaster',4,3);
INSERT INTO "kind_rule" VALUES('','flood','disaster',3,4); INSERT INTO "kind_rule" VALUES('','fracture','help',3,4); INSERT INTO "kind_rule" VALUES('','fraud','criminal',3,4); INSERT INTO "kind_rule" VALUES('','fuel spill','disaster',3,4); INSERT INTO "kind_rule" VALUES('','gas leak','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','gas-odor/leak','disaster',3,4); INSERT INTO "kind_rule" VALUES('','general weakness','help',4,3); INSERT INTO "kind_rule" VALUES('','gunshot','criminal',1,6); INSERT INTO "kind_rule" VALUES('','hazardous materials incident','disaster',2,5);
INSERT INTO "kind_rule" VALUES('','hazardous road conditions','traffic',4,3); INSERT INTO "kind_rule" VALUES('','hazmat','disaster',2,5); INSERT INTO "kind_rule" VALUES('','head injury','help',3,4); INSERT INTO "kind_rule" VALUES('','hemorrhaging','help',2,5);
INSERT INTO "kind_rule" VALUES('','hit and run','traffic',2,5); INSERT INTO "kind_rule" VALUES('','homicide','criminal',1,6); INSERT INTO "kind_rule" VALUES('','hostage','criminal',1,6); INSERT INTO "kind_rule" VALUES('','illegal parking','traffic',4,3);
INSERT INTO "kind_rule" VALUES('','industrial accidents','disaster',2,5); INSERT INTO "kind_rule" VALUES('','inquiry','other',4,1); INSERT INTO "kind_rule" VALUES('','kidnapping','criminal',1,6); INSERT INTO "kind_rule" VALUES('','lacerations','help',3,4);
INSERT INTO "kind_rule" VALUES('','lost property','help',4,3); INSERT INTO "kind_rule" VALUES('','maternity','help',3,4); INSERT INTO "kind_rule" VALUES('','medical','help',4,1); INSERT INTO "kind_rule" VALUES('','medical alert alarm','help',3,4);
INSERT INTO "kind_rule" VALUES('','medical incident','help',3,4); INSERT INTO "kind_rule" VALUES('','missing child','help',3,4); INSERT INTO "kind_rule" VALUES('','missing person','help',3,4); INSERT INTO "kind_rule" VALUES('','nausea/vomiting','help',4,3);
INSERT INTO "kind_rule" VALUES('','neighbor complaint','dispute',4,4); INSERT INTO "kind_rule" VALUES('','noise','public_order',4,3); INSERT INTO "kind_rule" VALUES('','odor','disaster',4,3); INSERT INTO "kind_rule" VALUES('','outside fire','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','overdose','help',2,5); INSERT INTO "kind_rule" VALUES('','poisoning','help',2,5); INSERT INTO "kind_rule" VALUES('','police misconduct','complaint',4,6); INSERT INTO "kind_rule" VALUES('','protest','mass_event',3,4);
INSERT INTO "kind_rule" VALUES('','quarrel','dispute',4,4); INSERT INTO "kind_rule" VALUES('','rape','criminal',2,5); INSERT INTO "kind_rule" VALUES('','refund','dispute',4,4); INSERT INTO "kind_rule" VALUES('','rescue - elevator','help',3,4);
INSERT INTO "kind_rule" VALUES('','rescue - general','disaster',2,5); INSERT INTO "kind_rule" VALUES('','rescue - technical','disaster',2,5); INSERT INTO "kind_rule" VALUES('','respiratory emergency','help',2,5); INSERT INTO "kind_rule" VALUES('','riot','mass_event',2,5);
INSERT INTO "kind_rule" VALUES('','road obstruction','traffic',4,3); INSERT INTO "kind_rule" VALUES('','robbery','criminal',2,5); INSERT INTO "kind_rule" VALUES('','rollover','traffic',2,5); INSERT INTO "kind_rule" VALUES('','scam','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','seizures','help',3,4); INSERT INTO "kind_rule" VALUES('','service call','help',4,3); INSERT INTO "kind_rule" VALUES('','shooting','criminal',1,6); INSERT INTO "kind_rule" VALUES('','shoplifting','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','smoke','disaster',3,1); INSERT INTO "kind_rule" VALUES('','smoke investigation','disaster',3,4); INSERT INTO "kind_rule" VALUES('','stabbing','criminal',2,5); INSERT INTO "kind_rule" VALUES('','stampede','mass_event',2,5);
INSERT INTO "kind_rule" VALUES('','stolen','criminal',3,4); INSERT INTO "kind_rule" VALUES('','strike action','mass_event',3,4); INSERT INTO "kind_rule" VALUES('','structure collapse','disaster',1,6); INSERT INTO "kind_rule" VALUES('','structure fire','disaster',2,5);
INSERT INTO "kind_rule" VALUES('','subject in pain','help',4,3); INSERT INTO "kind_rule" VALUES('','suicide','help',2,5); INSERT INTO "kind_rule" VALUES('','suspicious person','public_order',4,3); INSERT INTO "kind_rule" VALUES('','syncopal episode','help',3,4);
INSERT INTO "kind_rule" VALUES('','theft','criminal',3,4); INSERT INTO "kind_rule" VALUES('','traffic','traffic',4,1); INSERT INTO "kind_rule" VALUES('','traffic collision','traffic',3,4); INSERT INTO "kind_rule" VALUES('','traffic jam','traffic',4,3);
INSERT INTO "kind_rule" VALUES('','train crash','traffic',2,5); INSERT INTO "kind_rule" VALUES('','transferred call','other',4,1); INSERT INTO "kind_rule" VALUES('','trash/dumpster fire','disaster',3,4); INSERT INTO "kind_rule" VALUES('','trespassing','public_order',4,3);
INSERT INTO "kind_rule" VALUES('','unconscious subject','help',2,5); INSERT INTO "kind_rule" VALUES('','unknown medical emergency','help',3,4); INSERT INTO "kind_rule" VALUES('','unknown type fire','disaster',2,5); INSERT INTO "kind_rule" VALUES('','unpaid wages','dispute',4,4);
INSERT INTO "kind_rule" VALUES('','unresponsive subject','help',2,5); INSERT INTO "kind_rule" VALUES('','vandalism','public_order',3,4); INSERT INTO "kind_rule" VALUES('','vehicle accident','traffic',3,4); INSERT INTO "kind_rule" VALUES('','vehicle fire','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','vehicle leaking fuel','traffic',4,3); INSERT INTO "kind_rule" VALUES('','warrant service','public_order',4,3); INSERT INTO "kind_rule" VALUES('','water rescue','disaster',2,5); INSERT INTO "kind_rule" VALUES('','woods/field fire','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','wrong number','other',4,1); INSERT INTO "kind_rule" VALUES('','丢失','help',4,3); INSERT INTO "kind_rule" VALUES('','举报民警','complaint',4,6); INSERT INTO "kind_rule" VALUES('','乱停车','traffic',4,3); INSERT INTO "kind_rule" VALUES('','争吵','dispute',4,4);
INSERT INTO "kind_rule" VALUES('','争执','dispute',4,4); INSERT INTO "kind_rule" VALUES('','交通','traffic',4,1); INSERT INTO "kind_rule" VALUES('','交通事故','traffic',3,4); INSERT INTO "kind_rule" VALUES('','人质','criminal',1,6); INSERT INTO "kind_rule" VALUES('','倒塌','disaster',2,5);
INSERT INTO "kind_rule" VALUES('','偷了','criminal',3,4); INSERT INTO "kind_rule" VALUES('','偷走','criminal',3,4); INSERT INTO "kind_rule" VALUES('','入室','criminal',3,4); INSERT INTO "kind_rule" VALUES('','内涝','disaster',3,4); INSERT INTO "kind_rule" VALUES('','冒充','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','冒烟','disaster',3,4); INSERT INTO "kind_rule" VALUES('','出警不及时','complaint',4,6); INSERT INTO "kind_rule" VALUES('','出警慢','complaint',4,6); INSERT INTO "kind_rule" VALUES('','刮擦','traffic',4,3); INSERT INTO "kind_rule" VALUES('','刷单','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','剐蹭','traffic',4,3); INSERT INTO "kind_rule" VALUES('','劫持','criminal',1,6); INSERT INTO "kind_rule" VALUES('','劳资','dispute',4,4); INSERT INTO "kind_rule" VALUES('','勒索','criminal',3,4); INSERT INTO "kind_rule" VALUES('','卖淫','public_order',3,4);
INSERT INTO "kind_rule" VALUES('','占用车道','traffic',4,3); INSERT INTO "kind_rule" VALUES('','危化品','disaster',2,5); INSERT INTO "kind_rule" VALUES('','受伤','help',3,4); INSERT INTO "kind_rule" VALUES('','可疑人员','public_order',4,3); INSERT INTO "kind_rule" VALUES('','台风','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','吵架','dispute',4,4); INSERT INTO "kind_rule" VALUES('','吸毒','criminal',3,4); INSERT INTO "kind_rule" VALUES('','呼吸困难','help',2,5); INSERT INTO "kind_rule" VALUES('','命案','criminal',1,6); INSERT INTO "kind_rule" VALUES('','咨询','other',4,1);
INSERT INTO "kind_rule" VALUES('','噪声','public_order',4,3); INSERT INTO "kind_rule" VALUES('','噪音','public_order',4,3); INSERT INTO "kind_rule" VALUES('','围堵','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','地震','disaster',3,4); INSERT INTO "kind_rule" VALUES('','坍塌','disaster',2,5);
INSERT INTO "kind_rule" VALUES('','坠楼','help',2,5); INSERT INTO "kind_rule" VALUES('','堵路','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','堵车','traffic',4,3); INSERT INTO "kind_rule" VALUES('','大面积坍塌','disaster',1,6); INSERT INTO "kind_rule" VALUES('','天然气泄漏','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','夫妻矛盾','dispute',4,4); INSERT INTO "kind_rule" VALUES('','失去意识','help',2,5); INSERT INTO "kind_rule" VALUES('','失火','disaster',2,5); INSERT INTO "kind_rule" VALUES('','失踪','help',3,4); INSERT INTO "kind_rule" VALUES('','嫖娼','public_order',3,4);
INSERT INTO "kind_rule" VALUES('','家庭暴力','dispute',3,5); INSERT INTO "kind_rule" VALUES('','家庭矛盾','dispute',4,4); INSERT INTO "kind_rule" VALUES('','家暴','dispute',3,5); INSERT INTO "kind_rule" VALUES('','寻人','help',4,3); INSERT INTO "kind_rule" VALUES('','寻衅','public_order',3,4);
INSERT INTO "kind_rule" VALUES('','小偷','criminal',3,4); INSERT INTO "kind_rule" VALUES('','山体滑坡','disaster',2,5); INSERT INTO "kind_rule" VALUES('','帮忙','help',4,3); INSERT INTO "kind_rule" VALUES('','开锁','help',4,3); INSERT INTO "kind_rule" VALUES('','强奸','criminal',2,5);
INSERT INTO "kind_rule" VALUES('','心脏骤停','help',2,5); INSERT INTO "kind_rule" VALUES('','急救','help',3,4); INSERT INTO "kind_rule" VALUES('','打人','public_order',3,4); INSERT INTO "kind_rule" VALUES('','打架','public_order',3,4); INSERT INTO "kind_rule" VALUES('','扰民','public_order',4,3);
INSERT INTO "kind_rule" VALUES('','找不到家','help',4,3); INSERT INTO "kind_rule" VALUES('','投诉民警','complaint',4,6); INSERT INTO "kind_rule" VALUES('','投诉派出所','complaint',4,6); INSERT INTO "kind_rule" VALUES('','投诉警察','complaint',4,6); INSERT INTO "kind_rule" VALUES('','抢劫','criminal',2,5);
INSERT INTO "kind_rule" VALUES('','抢夺','criminal',2,5); INSERT INTO "kind_rule" VALUES('','押金','dispute',4,4); INSERT INTO "kind_rule" VALUES('','拉横幅','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','拐卖','criminal',2,5); INSERT INTO "kind_rule" VALUES('','拖欠工资','dispute',4,4);
INSERT INTO "kind_rule" VALUES('','拥堵','traffic',4,3); INSERT INTO "kind_rule" VALUES('','持刀','criminal',2,5); INSERT INTO "kind_rule" VALUES('','持枪','criminal',1,6); INSERT INTO "kind_rule" VALUES('','捅人','criminal',1,6); INSERT INTO "kind_rule" VALUES('','损坏财物','public_order',4,3);
INSERT INTO "kind_rule" VALUES('','捡到','help',4,3); INSERT INTO "kind_rule" VALUES('','摔倒','help',3,4); INSERT INTO "kind_rule" VALUES('','撞人','traffic',3,4); INSERT INTO "kind_rule" VALUES('','撞车','traffic',3,4); INSERT INTO "kind_rule" VALUES('','撬锁','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','故障车','traffic',4,3); INSERT INTO "kind_rule" VALUES('','救护车','help',3,4); INSERT INTO "kind_rule" VALUES('','敲诈','criminal',3,4); INSERT INTO "kind_rule" VALUES('','斗殴','public_order',3,4); INSERT INTO "kind_rule" VALUES('','昏迷','help',2,5);
INSERT INTO "kind_rule" VALUES('','晕倒','help',3,4); INSERT INTO "kind_rule" VALUES('','杀人','criminal',1,6); INSERT INTO "kind_rule" VALUES('','枪击','criminal',1,6); INSERT INTO "kind_rule" VALUES('','欠款不还','dispute',4,4); INSERT INTO "kind_rule" VALUES('','欠钱','dispute',4,4);
INSERT INTO "kind_rule" VALUES('','殴打','public_order',3,4); INSERT INTO "kind_rule" VALUES('','毒品','criminal',3,4); INSERT INTO "kind_rule" VALUES('','民警不作为','complaint',4,6); INSERT INTO "kind_rule" VALUES('','民警态度','complaint',4,6); INSERT INTO "kind_rule" VALUES('','求助','help',4,3);
INSERT INTO "kind_rule" VALUES('','求救','help',3,4); INSERT INTO "kind_rule" VALUES('','泄漏','disaster',3,4); INSERT INTO "kind_rule" VALUES('','泥石流','disaster',2,5); INSERT INTO "kind_rule" VALUES('','洪水','disaster',3,4); INSERT INTO "kind_rule" VALUES('','消费争议','dispute',4,4);
INSERT INTO "kind_rule" VALUES('','游行','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','溺水','help',2,5); INSERT INTO "kind_rule" VALUES('','滋事','public_order',3,4); INSERT INTO "kind_rule" VALUES('','漏电','disaster',3,4); INSERT INTO "kind_rule" VALUES('','火灾','disaster',2,5);
INSERT INTO "kind_rule" VALUES('','火警','disaster',2,5); INSERT INTO "kind_rule" VALUES('','烟感报警','disaster',4,3); INSERT INTO "kind_rule" VALUES('','煤气泄漏','disaster',3,4); INSERT INTO "kind_rule" VALUES('','燃放','public_order',4,3); INSERT INTO "kind_rule" VALUES('','燃气泄漏','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','爆炸','disaster',1,6); INSERT INTO "kind_rule" VALUES('','猥亵','criminal',2,5); INSERT INTO "kind_rule" VALUES('','电梯困人','help',3,4); INSERT INTO "kind_rule" VALUES('','盗窃','criminal',3,4); INSERT INTO "kind_rule" VALUES('','相撞','traffic',3,4);
INSERT INTO "kind_rule" VALUES('','着火','disaster',2,5); INSERT INTO "kind_rule" VALUES('','砍人','criminal',1,6); INSERT INTO "kind_rule" VALUES('','碰擦','traffic',4,3); INSERT INTO "kind_rule" VALUES('','租房','dispute',4,4); INSERT INTO "kind_rule" VALUES('','积水','disaster',3,4);
INSERT INTO "kind_rule" VALUES('','纠纷','dispute',4,4); INSERT INTO "kind_rule" VALUES('','纵火','criminal',2,5); INSERT INTO "kind_rule" VALUES('','绑架','criminal',1,6); INSERT INTO "kind_rule" VALUES('','罢工','mass_event',3,4); INSERT INTO "kind_rule" VALUES('','群体性','mass_event',2,5);
INSERT INTO "kind_rule" VALUES('','翻车','traffic',2,5); INSERT INTO "kind_rule" VALUES('','聚众','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','聚集','mass_event',3,4); INSERT INTO "kind_rule" VALUES('','肇事逃逸','traffic',2,5); INSERT INTO "kind_rule" VALUES('','自杀','help',2,5);
INSERT INTO "kind_rule" VALUES('','落水','help',2,5); INSERT INTO "kind_rule" VALUES('','被困','help',3,4); INSERT INTO "kind_rule" VALUES('','被盗','criminal',3,4); INSERT INTO "kind_rule" VALUES('','被车撞','traffic',3,4); INSERT INTO "kind_rule" VALUES('','被骗','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','触电','disaster',3,4); INSERT INTO "kind_rule" VALUES('','警察不作为','complaint',4,6); INSERT INTO "kind_rule" VALUES('','警察态度','complaint',4,6); INSERT INTO "kind_rule" VALUES('','讨薪','mass_event',3,4); INSERT INTO "kind_rule" VALUES('','诈骗','criminal',3,4);
INSERT INTO "kind_rule" VALUES('','误报火警','disaster',4,3); INSERT INTO "kind_rule" VALUES('','误拨','other',4,1); INSERT INTO "kind_rule" VALUES('','贩毒','criminal',2,5); INSERT INTO "kind_rule" VALUES('','赌博','public_order',3,4); INSERT INTO "kind_rule" VALUES('','走失','help',3,4);
INSERT INTO "kind_rule" VALUES('','起火','disaster',2,5); INSERT INTO "kind_rule" VALUES('','跳楼','help',2,5); INSERT INTO "kind_rule" VALUES('','踩踏','mass_event',2,5); INSERT INTO "kind_rule" VALUES('','车祸','traffic',3,4); INSERT INTO "kind_rule" VALUES('','车辆抛锚','traffic',4,3);
INSERT INTO "kind_rule" VALUES('','轻生','help',2,5); INSERT INTO "kind_rule" VALUES('','违停','traffic',4,3); INSERT INTO "kind_rule" VALUES('','连环相撞','traffic',2,5); INSERT INTO "kind_rule" VALUES('','迷路','help',3,4); INSERT INTO "kind_rule" VALUES('','追尾','traffic',3,4);
INSERT INTO "kind_rule" VALUES('','退款','dispute',4,4); INSERT INTO "kind_rule" VALUES('','送回家','help',4,3); INSERT INTO "kind_rule" VALUES('','遗失','help',4,3); INSERT INTO "kind_rule" VALUES('','邻里矛盾','dispute',4,4); INSERT INTO "kind_rule" VALUES('','酒醉','public_order',4,3);
INSERT INTO "kind_rule" VALUES('','酒驾','traffic',3,4); INSERT INTO "kind_rule" VALUES('','醉酒','public_order',4,3); INSERT INTO "kind_rule" VALUES('','醉驾','traffic',3,4); INSERT INTO "kind_rule" VALUES('','闹事','public_order',3,4); INSERT INTO "kind_rule" VALUES('','集体上访','mass_event',3,4);
INSERT INTO "kind_rule" VALUES('','集体维权','mass_event',3,4); INSERT INTO "kind_rule" VALUES('','骚扰电话','other',4,1); INSERT INTO "kind_rule" VALUES('','高空抛物','public_order',4,3);
CREATE TABLE known_call (
  partition TEXT NOT NULL,
  call_report_id TEXT NOT NULL,
  call_stable TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  receive_time INTEGER NOT NULL,
  phone_hash TEXT,
  address_key TEXT,
  latitude REAL,
  longitude REAL,
  cell INTEGER,
  is_complaint INTEGER NOT NULL CHECK (is_complaint IN (0, 1)),
  PRIMARY KEY (partition, call_report_id),
  FOREIGN KEY (partition, incident_id) REFERENCES assessment (partition, incident_id)
);
INSERT INTO "known_call" VALUES('main','call_01m80jbdcqfn9t0g09tf59km25','fn9t0g09tf59km25','inc_01m80jbddcek3bp9zz28kqb1c7',1795315578263222,'5e2d9d3cb21fb4cd12842e4b2bd0869db5f1f40ead7e02c21a798a19b15c2f53','青云路 8 号 302 室',28.02,120.65,59010150325,0);
INSERT INTO "known_call" VALUES('main','call_01m80jbde8e919xw0vf3ghz3tv','e919xw0vf3ghz3tv','inc_01m80jbdf5f0wvm4ztpy6gq96z',1795315578312021,'5e2d9d3cb21fb4cd12842e4b2bd0869db5f1f40ead7e02c21a798a19b15c2f53','青云路 8 号 302 室',28.02,120.65,59010150325,0);
CREATE TABLE org_unit (
  partition TEXT NOT NULL,
  org_unit_id TEXT NOT NULL,
  name TEXT NOT NULL,
  org_rank TEXT NOT NULL CHECK (org_rank IN ('city', 'county', 'station', 'beat')),
  parent_id TEXT,
  PRIMARY KEY (partition, org_unit_id)
) WITHOUT ROWID;
INSERT INTO "org_unit" VALUES('main','org_01m80jbd0me1wt72e4kc9g56c7','测试分局','county',NULL); INSERT INTO "org_unit" VALUES('main','org_01m80jbd1bfrnbkgkdgk0arhfq','青云派出所','station','org_01m80jbd0me1wt72e4kc9g56c7');
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
CREATE TABLE repeat_finding (
  partition TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  link TEXT NOT NULL CHECK (link IN ('same_phone', 'same_address', 'nearby')),
  call_count INTEGER NOT NULL CHECK (call_count > 0),
  evidence TEXT NOT NULL,
  rule TEXT NOT NULL,
  expire_time INTEGER NOT NULL,
  PRIMARY KEY (partition, incident_id, link),
  FOREIGN KEY (partition, incident_id) REFERENCES assessment (partition, incident_id)
) WITHOUT ROWID;
INSERT INTO "repeat_finding" VALUES('main','inc_01m80jbdf5f0wvm4ztpy6gq96z','nearby',1,'[{"call":"call_01m80jbdcqfn9t0g09tf59km25","distanceMetres":0,"incident":"inc_01m80jbddcek3bp9zz28kqb1c7","receiveTime":1795315578263222}]','150 米 60 分钟内 · within 150 m and 60 min',1803091578312021);
INSERT INTO "repeat_finding" VALUES('main','inc_01m80jbdf5f0wvm4ztpy6gq96z','same_address',1,'[{"call":"call_01m80jbdcqfn9t0g09tf59km25","distanceMetres":0,"incident":"inc_01m80jbddcek3bp9zz28kqb1c7","receiveTime":1795315578263222}]','90 天内同一地址 · same address within 90 days',1803091578312021);
INSERT INTO "repeat_finding" VALUES('main','inc_01m80jbdf5f0wvm4ztpy6gq96z','same_phone',1,'[{"call":"call_01m80jbdcqfn9t0g09tf59km25","distanceMetres":0,"incident":"inc_01m80jbddcek3bp9zz28kqb1c7","receiveTime":1795315578263222}]','90 天内同一号码 · same number within 90 days',1803091578312021);
CREATE TABLE repeat_rule (
  partition TEXT NOT NULL,
  link TEXT NOT NULL CHECK (link IN ('same_phone', 'same_address', 'nearby')),
  lookback_s INTEGER NOT NULL CHECK (lookback_s BETWEEN 60 AND 7776000),
  distance_m INTEGER NOT NULL CHECK (distance_m BETWEEN 0 AND 1000),
  life_s INTEGER NOT NULL CHECK (life_s BETWEEN 60 AND 7776000),
  PRIMARY KEY (partition, link)
) WITHOUT ROWID;
INSERT INTO "repeat_rule" VALUES('','nearby',3600,150,7776000); INSERT INTO "repeat_rule" VALUES('','same_address',7776000,0,7776000); INSERT INTO "repeat_rule" VALUES('','same_phone',7776000,0,7776000);
CREATE TABLE schema_migration (
  name TEXT NOT NULL PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE,
  statements_hash TEXT NOT NULL,
  applied_time INTEGER NOT NULL
); INSERT INTO "schema_migration" VALUES('eventlog-0001-log-and-subscriptions',1,'bc240e964ffd21c',1795315577036630);
INSERT INTO "schema_migration" VALUES('intelligence-0001-assessments',2,'d9e00d41e0761b80',1795315577049165); INSERT INTO "schema_migration" VALUES('intelligence-0002-rules',3,'950c652777c4f481',1795315577054943);
CREATE TABLE subscription (
  partition TEXT NOT NULL,
  source TEXT NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  PRIMARY KEY (partition, source)
) WITHOUT ROWID; INSERT INTO "subscription" VALUES('main','command',29); INSERT INTO "subscription" VALUES('main','duty',5);
CREATE INDEX event_incident ON event (partition, incident_id)
WHERE incident_id IS NOT NULL; CREATE INDEX jurisdiction_box
ON jurisdiction (partition, south, north, west, east, jurisdiction_id); CREATE INDEX assessment_time ON assessment (partition, occur_time, assessment_id);
CREATE INDEX assessment_repeat ON assessment (partition, occur_time, assessment_id)
WHERE found_repeat = 1; CREATE INDEX assessment_source ON assessment (partition, source, found_repeat); CREATE INDEX repeat_finding_expire ON repeat_finding (partition, expire_time);
CREATE INDEX known_call_phone
ON known_call (partition, phone_hash, receive_time, call_stable, incident_id, is_complaint)
WHERE phone_hash IS NOT NULL AND is_complaint = 0;
CREATE INDEX known_call_address
ON known_call (partition, address_key, receive_time, call_stable, incident_id)
WHERE address_key IS NOT NULL; CREATE INDEX known_call_cell ON known_call (partition, cell, receive_time)
WHERE cell IS NOT NULL;
CREATE INDEX known_call_incident ON known_call (partition, incident_id, receive_time); CREATE INDEX known_call_hour ON known_call (partition, (receive_time / 3600000000)); COMMIT;
