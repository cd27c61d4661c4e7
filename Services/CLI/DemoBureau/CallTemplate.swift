// What callers say and officers write: sentences with gaps, by class of incident.
import Classification

/// One kind of call.
struct CallTemplate {
  let title: String
  let level: IncidentLevel
  /// Where it happens; empty for anywhere along the roads.
  let sites: [LandmarkKind]
  /// `{地}` is the place, `{姓}` a surname, `{数}` a number from 2 to 9.
  let says: [String]
  let did: [String]
  let code: String
  let minutes: ClosedRange<Int>
  var capabilities: [String] = ["vehicle"]
  var weight: Double = 1
}

extension CallTemplate {
  static func all(of incidentClass: IncidentClass) -> [CallTemplate] {
    switch incidentClass {
    case .criminal: criminal
    case .publicOrder: publicOrder
    case .traffic: traffic
    case .massEvent: massEvent
    case .disaster: disaster
    case .help: help
    case .dispute: dispute
    case .complaint: complaint
    case .other: other
    }
  }

  private static let criminal: [CallTemplate] = [
    CallTemplate(
      title: "电动车被盗", level: .level4, sites: [.estate, .market, .metro],
      says: ["我停在{地}的电动车被偷了，锁被撬了。", "{地}这里我的电瓶车不见了，应该是被盗了。"],
      did: ["已现场勘查并调取监控，受理为盗窃案，车辆特征已通报巡逻警力。"],
      code: "case.theft", minutes: 15...35, weight: 3),
    CallTemplate(
      title: "电信诈骗", level: .level3, sites: [.estate, .office],
      says: ["我被骗了，刷单转了{数}万块，对方把我拉黑了，我在{地}。", "有人冒充客服，骗我转了{数}千块。我住{地}。"],
      did: ["已协助报案并提交紧急止付，指导保存聊天和转账记录，移交反诈专班。"],
      code: "case.fraud", minutes: 20...45, weight: 3),
    CallTemplate(
      title: "入室盗窃", level: .level3, sites: [.estate, .village],
      says: ["家里被撬锁了，抽屉都翻乱了，在{地}。"],
      did: ["刑侦已勘查现场提取痕迹，走访邻居{数}户，立案侦查。"],
      code: "case.burglary", minutes: 30...70, capabilities: ["vehicle"]),
    CallTemplate(
      title: "店内财物被盗", level: .level4, sites: [.mall, .market],
      says: ["店里刚才有人偷了东西跑了，在{地}。", "抓到一个小偷，在{地}，你们快来。"],
      did: ["已将涉案人员带回所内审查，追回物品并发还店主。"],
      code: "case.theft", minutes: 15...30, weight: 2),
  ]

  private static let publicOrder: [CallTemplate] = [
    CallTemplate(
      title: "打架", level: .level3, sites: [.bar, .hotel, .market],
      says: ["{地}有人打架，{数}个人，还摔瓶子。", "{地}门口打起来了，有人头上流血。"],
      did: ["已分开双方，伤者送医，其余人员带回所内调查，现场秩序恢复。"],
      code: "order.fight", minutes: 20...45, weight: 2),
    CallTemplate(
      title: "噪音扰民", level: .level4, sites: [.estate, .park],
      says: ["{地}楼下大半夜放音响，噪音太大睡不着。", "{地}有人通宵唱歌扰民。"],
      did: ["已劝导当事人关闭音响，对方表示配合，电话回复报警人。"],
      code: "order.noise", minutes: 8...20, weight: 3),
    CallTemplate(
      title: "醉酒滋事", level: .level4, sites: [.bar, .hotel, .metro],
      says: ["{地}有个人喝醉了，躺在门口骂人。"],
      did: ["已联系其家属到场领回，途中由民警看护，未发生意外。"],
      code: "order.drunk", minutes: 15...35, weight: 2),
    CallTemplate(
      title: "可疑人员", level: .level4, sites: [.school, .bank, .estate],
      says: ["有可疑人员在{地}门口转了好久，一直往里面看。"],
      did: ["已盘查核实，系等人的送货员，告知学校和物业，解除疑虑。"],
      code: "order.check", minutes: 8...15),
  ]

  private static let traffic: [CallTemplate] = [
    CallTemplate(
      title: "车辆刮擦", level: .level4, sites: [],
      says: ["在{地}两车刮擦，没人受伤，把路堵了一半。", "我的车在{地}被后面的车碰擦了，对方不肯挪车。"],
      did: ["已拍照固定证据，引导双方快处快赔并撤离现场，交通恢复。"],
      code: "traffic.minor", minutes: 10...25, weight: 5),
    CallTemplate(
      title: "追尾事故", level: .level3, sites: [],
      says: ["{地}三车追尾，有人说脖子疼，要救护车。"],
      did: ["伤者由急救中心送医，事故现场勘查完毕，拖车清障后恢复通行。"],
      code: "traffic.injury", minutes: 25...50, capabilities: ["traffic"]),
    CallTemplate(
      title: "违停堵路", level: .level4, sites: [.school, .market, .hospital],
      says: ["{地}门口违停一长排，车出不来。", "有车停在{地}的消防通道上，打不通电话。"],
      did: ["已联系车主挪车{数}辆，对未到场的依规拍照，通道已畅通。"],
      code: "traffic.parking", minutes: 10...20, weight: 3),
    CallTemplate(
      title: "故障车占道", level: .level4, sites: [],
      says: ["{地}有故障车停在快车道上，很危险。"],
      did: ["已在后方摆放警示标志，协助推移至路边等待拖车，通行恢复。"],
      code: "traffic.breakdown", minutes: 10...25, capabilities: ["traffic"]),
    CallTemplate(
      title: "疑似酒驾", level: .level3, sites: [.hotel, .bar],
      says: ["有个人喝了酒开车从{地}出来，车歪歪扭扭的。"],
      did: ["已在前方路口拦停，呼气检测后移交事故中队依法处理。"],
      code: "traffic.drunk", minutes: 20...45, capabilities: ["traffic"]),
  ]

  private static let massEvent: [CallTemplate] = [
    CallTemplate(
      title: "商铺业主聚集", level: .level3, sites: [.mall],
      says: ["{地}门口聚集了{数}0多个业主，说要退租金。"],
      did: ["会同街道和商场到场对话，约定三日内答复，人群已自行散去。"],
      code: "mass.talk", minutes: 40...80)
  ]

  private static let disaster: [CallTemplate] = [
    CallTemplate(
      title: "垃圾桶着火", level: .level4, sites: [.estate, .park],
      says: ["{地}垃圾桶着火了，烟很大。"],
      did: ["民警用灭火器扑灭明火，消防到场复检无复燃，无人受伤。"],
      code: "disaster.fire", minutes: 10...25),
    CallTemplate(
      title: "燃气泄漏", level: .level3, sites: [.estate],
      says: ["{地}楼道里煤气味很重，怀疑燃气泄漏。"],
      did: ["已疏散同单元居民，燃气公司关阀检修，检测合格后居民返回。"],
      code: "disaster.gas", minutes: 25...50),
    CallTemplate(
      title: "路面积水", level: .level4, sites: [],
      says: ["{地}水管爆了，路面积水，车都过不去。"],
      did: ["已设置绕行标志，水务到场抢修，积水退去后撤除管制。"],
      code: "disaster.water", minutes: 25...60, capabilities: ["traffic"]),
  ]

  private static let help: [CallTemplate] = [
    CallTemplate(
      title: "老人走失", level: .level3, sites: [.estate, .village],
      says: ["我爸{数}点出门到现在没回来，他记性不好，家在{地}。"],
      did: ["通过沿线走访找到老人并送回家中，建议家属佩戴定位手环。"],
      code: "help.found", minutes: 20...60),
    CallTemplate(
      title: "开锁求助", level: .level4, sites: [.estate],
      says: ["孩子一个人反锁在家里了，在{地}，帮帮忙。", "我在{地}，钥匙锁屋里了，锅还在灶上。"],
      did: ["联系备案开锁人员打开房门，确认人员安全，关闭燃气。"],
      code: "help.unlock", minutes: 10...25, weight: 2),
    CallTemplate(
      title: "路人摔倒受伤", level: .level3, sites: [.park, .metro, .market],
      says: ["{地}有个老人摔倒了，起不来，叫了救护车还没到。"],
      did: ["现场看护并引导救护车到位，伤者意识清醒已送医，联系上家属。"],
      code: "help.medical", minutes: 10...25, capabilities: [], weight: 2),
    CallTemplate(
      title: "物品遗失", level: .level4, sites: [.railwayStation, .busStation, .metro],
      says: ["我的包丢失在{地}了，里面有证件。", "在{地}捡到一个手机，想交给警察。"],
      did: ["已登记物品特征并调阅监控，联系到对方，当面核对后交还。"],
      code: "help.lost", minutes: 10...25, capabilities: [], weight: 3),
    CallTemplate(
      title: "电梯被困", level: .level3, sites: [.office, .estate],
      says: ["我们{数}个人被困在{地}电梯里，里面很闷。"],
      did: ["维保人员到场打开轿厢，被困人员全部安全脱困，电梯停用检修。"],
      code: "help.elevator", minutes: 15...30),
    CallTemplate(
      title: "儿童迷路", level: .level4, sites: [.park, .mall],
      says: ["在{地}看到一个小孩迷路了，一直哭，说不清家在哪。"],
      did: ["安抚儿童并通过广播找到家长，核实身份后交还，已做提醒。"],
      code: "help.child", minutes: 10...20, capabilities: []),
    CallTemplate(
      title: "轻生苗头", level: .level2, sites: [.estate],
      says: ["我朋友发消息说不想活了，要跳楼，他住{地}。"],
      did: ["到场后稳住情绪，家属与社区干部陪同就医，已列入社区关怀。"],
      code: "help.crisis", minutes: 40...80, capabilities: ["vehicle"], weight: 0.12),
  ]

  private static let dispute: [CallTemplate] = [
    CallTemplate(
      title: "消费纠纷", level: .level4, sites: [.mall, .market, .hotel],
      says: ["在{地}买的东西是坏的，老板不肯退款，吵起来了。", "{地}结账多收了{数}百块，老板还骂人。"],
      did: ["现场调解，商家退还差价，消费者表示满意，并告知投诉渠道。"],
      code: "dispute.consumer", minutes: 12...30, weight: 3),
    CallTemplate(
      title: "邻里纠纷", level: .level4, sites: [.estate, .village],
      says: ["邻居把东西堆在楼道，说了几次不听，现在吵架了，在{地}。", "{地}两家为了车位争吵，快打起来了。"],
      did: ["会同社区网格员调解，双方约定清理时间并签字，情绪平稳。"],
      code: "dispute.neighbour", minutes: 15...40, weight: 3),
    CallTemplate(
      title: "劳资纠纷", level: .level4, sites: [.factory],
      says: ["{地}的厂里拖欠工资{数}个月，老板说没钱。"],
      did: ["联系劳动监察到场，厂方写下支付计划，约定本周内发放。"],
      code: "dispute.labour", minutes: 25...50),
    CallTemplate(
      title: "租房押金纠纷", level: .level4, sites: [.estate],
      says: ["房东不退押金，还把我东西扔出来了，在{地}。"],
      did: ["查看合同后调解，房东当场退还押金，物品归还并签收。"],
      code: "dispute.rent", minutes: 15...35),
    CallTemplate(
      title: "家庭矛盾", level: .level4, sites: [.estate, .village],
      says: ["我跟老公吵架，他把门锁了不让我进，在{地}。"],
      did: ["劝解后双方平静，告知求助渠道，已通知社区妇联跟进。"],
      code: "dispute.family", minutes: 15...40, weight: 2),
  ]

  private static let complaint: [CallTemplate] = [
    CallTemplate(
      title: "反映出警慢", level: .level4, sites: [.estate],
      says: ["我昨天报警等了好久才来人，我要反映出警慢的问题，我住{地}。"],
      did: ["督察已回访当事人并核对派警记录，说明情况并致歉，当事人认可。"],
      code: "complaint.service", minutes: 20...40),
    CallTemplate(
      title: "反映民警态度", level: .level4, sites: [.office],
      says: ["我要反映窗口民警态度不好，昨天在{地}旁边办证。"],
      did: ["督察已调取录像核查，对当事窗口提醒，结果已告知反映人。"],
      code: "complaint.service", minutes: 20...40),
  ]

  private static let other: [CallTemplate] = [
    CallTemplate(
      title: "群众咨询到场核实", level: .level4, sites: [.estate, .bank],
      says: ["有人上门说是查水表的，我不敢开门，想咨询一下，在{地}。"],
      did: ["到场核实为供水公司工作人员，已向住户说明核验方法。"],
      code: "other.check", minutes: 8...15),
    CallTemplate(
      title: "流浪犬", level: .level4, sites: [.park, .school],
      says: ["{地}有一条大狗没人牵，追着孩子跑。"],
      did: ["与犬管中队配合捕获犬只，移送收容点，现场无人被咬伤。"],
      code: "other.dog", minutes: 12...30),
    CallTemplate(
      title: "协助救护", level: .level4, sites: [],
      says: ["救护车在{地}过不去，请交警帮忙带一下路。"],
      did: ["骑警开道护送救护车至医院，全程畅通，患者已入抢救室。"],
      code: "other.escort", minutes: 8...15, capabilities: ["vehicle"]),
  ]
}
