// The story lines of the day: what a visitor is shown in full.
import Classification
import Geography

struct StoryLines {
  let bureau: Bureau
  var generator: SeededGenerator
  private(set) var drafts: [CallDraft] = []
  var topics: [DemoTopic] = []

  init(bureau: Bureau) {
    self.bureau = bureau
    generator = SeededGenerator(seed: bureau.seed, part: "stories")
  }

  mutating func write() {
    accident()
    lateSign()
    weakFeedback()
    refusedDiversion()
    lateArrival()
    reopened()
    familyDispute()
    lostChild()
    pillar()
    merged()
    burglars()
    crowd()
    fire()
    idleTalk()
  }

  // MARK: - One call each

  private mutating func accident() {
    let road = bureau.roads[2].plot(share: 0.46, aside: 3)
    let spot = spot(road.point.coordinate, road.address)
    add(
      "accident", at: clock(8, 5, 10), spot, "两辆车撞了，骑电动车的人倒在地上，腿流血，快叫救护车！",
      .opens(
        plan(
          .traffic, .level3, "\(road.address)交通事故致人受伤", .accident, units: 2, ["traffic"],
          minutes: 25...35, "traffic.injury", "伤者已送医，两车及电动车现场勘查完毕，拖车清障，8 时 50 分恢复通行。")))
    for (index, says) in ["我也在现场，撞车了，一辆白的一辆黑的。", "前面出车祸堵死了，你们派人了吗？"].enumerated() {
      add(
        "accident-\(index)", at: clock(8, 6, 25) + index * 40,
        self.spot(
          road.point.moved(east: 25 - Double(index) * 60, north: 15).coordinate, road.address),
        says, .attaches(to: "accident"))
    }
  }

  private mutating func lateSign() {
    let place = first(.bank)
    var plan = plan(
      .publicOrder, .level4, "\(place.name)有人纠缠客户", .lateSign, units: 1, ["patrol"],
      minutes: 12...18, "order.check", "已将纠缠人员劝离并登记，提醒网点保安加强值守。")
    plan.paces[0].signSeconds = 97
    add(
      "late-sign", at: clock(9, 20, 0), spot(place), "有人在\(place.name)拉着老人不让走，要他转账。", .opens(plan))
  }

  private mutating func weakFeedback() {
    let place = first(.market)
    var plan = plan(
      .dispute, .level4, "\(place.name)摊位纠纷", .weakFeedback, units: 1, ["patrol"],
      minutes: 15...20, "dispute.market",
      "两家摊主因占道起争执，经调解各退半米，市场管理方重新划线，双方签字认可。")
    plan.review.weakFeedback = "已处理"
    plan.review.feedbackSeconds = 420
    plan.review.closeSeconds = 400
    add("weak", at: clock(11, 5, 0), spot(place), "隔壁摊位占我的地方，争吵起来了，在\(place.name)。", .opens(plan))
  }

  private mutating func refusedDiversion() {
    let place = first(.factory)
    var plan = plan(
      .dispute, .level4, "\(place.name)门口货款争执", .refusedDiversion, units: 1, ["vehicle"],
      minutes: 20...30, "dispute.trade", "双方对账后约定分两次付清，堵门货车已驶离，未发生肢体冲突。")
    plan.handling = .divert(to: "镇综治中心", isAccepted: false)
    add("refused", at: clock(12, 30, 0), spot(place), "\(place.name)欠钱不给，我们把车横在门口了。", .opens(plan))
  }

  /// In a beat at the edge, by a car that meets a closed road.
  private mutating func lateArrival() {
    let edge = bureau.villages.first { $0.beat == 0 } ?? bureau.villages[0]
    var plan = plan(
      .criminal, .level3, "\(edge.name)果园被盗", .lateArrival, units: 1, ["vehicle"],
      minutes: 30...40, "case.theft", "已勘查现场并登记损失，调取村口监控，锁定可疑三轮车一辆，立案侦查。")
    plan.paces[0].delaySeconds = 420
    add("late-arrival", at: clock(13, 10, 0), spot(edge), "果园里的果子昨晚被偷了好几筐，人刚从后山跑。", .opens(plan))
  }

  private mutating func reopened() {
    let place = first(.hotel)
    var plan = plan(
      .help, .level4, "\(place.name)旅客行李错拿", .reopened, units: 1, ["patrol"],
      minutes: 12...18, "help.lost", "调阅大堂监控，联系到错拿行李的旅客，约定送回，已告知失主。")
    plan.review.reopenReason = "失主来电：送回的不是本人行李箱，需再次核对"
    add("reopened", at: clock(17, 20, 0), spot(place), "我的行李箱在\(place.name)大堂被人拿错了。", .opens(plan))
  }

  private mutating func lostChild() {
    let park = first(.park)
    var plan = plan(
      .help, .level3, "\(park.name)五岁男孩走失", .lostChild, units: 1, ["patrol"],
      minutes: 14...18, "help.child", "在公园东门小卖部旁找到孩子，核对衣着与姓名后交还母亲，孩子无恙。")
    plan.paces[0] = UnitPace(signSeconds: 6, turnoutSeconds: 8, slowness: 0.9, workSeconds: 960)
    plan.isClassedAtOnce = true
    add(
      "child", at: clock(19, 50, 0), spot(park), "我儿子走失了，五岁，穿红色外套，刚才还在\(park.name)滑梯那里。",
      .opens(plan))
  }

  private mutating func pillar() {
    let number = 7
    let riverside = bureau.riverside
    let spot = Spot(
      point: riverside.pillars[number - 1], datum: .cgcs2000,
      address: "\(riverside.islandName)报警柱\(number)号",
      description: "\(riverside.riverName)心岛，需乘船", uncertaintyMetres: 2)
    var plan = plan(
      .help, .level2, "\(riverside.islandName)有人落水", .pillar, units: 1, ["water_rescue"],
      minutes: 20...25, "help.rescue", "警艇将落水青年救上岸，意识清醒，移交急救车送医观察，家属已到场。")
    plan.paces[0] = UnitPace(signSeconds: 5, turnoutSeconds: 20, slowness: 0.9, workSeconds: 1_300)
    add(
      "pillar", at: clock(21, 15, 30), spot, "一键报警：有人落水了，在岛的北边！", .opens(plan),
      channel: .pillar, source: "sos-pillar")
  }

  private mutating func merged() {
    let place = first(.bar)
    add(
      "fight", at: clock(22, 8, 0), spot(place), "\(place.name)打架了，七八个人，快来！",
      .opens(
        plan(
          .publicOrder, .level3, "\(place.name)多人打架", nil, units: 2, ["patrol"],
          minutes: 25...35, "order.fight", "已控制参与人员六名带回审查，伤者一名送医，现场秩序恢复。")))
    var second = plan(
      .publicOrder, .level3, "\(place.name)门口斗殴", nil, units: 1, ["patrol"], minutes: 10...12,
      "order.fight", "并入主警情统一处置，不再单独派警。")
    second.handling = .merge(into: "fight", reason: "同一地点同一事件，两名接警员同时受理")
    add("fight-2", at: clock(22, 8, 20), spot(place), "\(place.name)门口有人斗殴，拿着酒瓶。", .opens(second))
  }

  /// The same number and door, in the morning and in the evening.
  private mutating func familyDispute() {
    let home = bureau.places.filter { $0.kind == .estate }[3]
    let spot = Spot(
      point: home.point, datum: .wgs84, address: "\(home.address)（\(home.name)）6幢502室",
      description: "", uncertaintyMetres: 20)
    let phone = "12688005502"
    add(
      "family-1", at: clock(10, 12, 0), spot, "我老公又喝酒打我，孩子在哭，你们来一下。",
      .opens(
        plan(
          .dispute, .level4, "\(home.name)家庭纠纷", .familyDispute, units: 1, ["vehicle"],
          minutes: 20...28, "dispute.family", "现场劝解并开具家庭暴力告诫书，女方与孩子暂回娘家，社区已跟进。")),
      phone: phone)
    var again = plan(
      .dispute, .level3, "\(home.name)家庭纠纷（再次报警）", .familyDispute, units: 2, ["vehicle"],
      minutes: 25...32, "dispute.family", "男方带离醒酒，女方接受伤情检查，已告知人身安全保护令申请途径。")
    again.directives = [
      DirectivePlan(
        afterOpeningSeconds: 420, urgency: .routine, title: "再次报警家庭回访",
        text: "同一号码、同一地址今日两次报警。责任区民警今晚到户，会同妇联、社区评估风险，填写回访记录。",
        recipients: [
          RecipientPlan(
            recipient: .beat(home.beat), signSeconds: 380, feedbackSeconds: 5_400,
            feedback: "已与妇联、网格员上门，女方情绪稳定，约定次日陪同申请保护令，列入每周回访。")
        ])
    ]
    add("family-2", at: clock(20, 30, 0), spot, "他又来了，在砸门，家暴，快来！", .opens(again), phone: phone)
  }
}

extension StoryLines {
  func clock(_ hour: Int, _ minute: Int, _ second: Int) -> Int {
    hour * 3600 + minute * 60 + second
  }

  /// The first place of that kind outside the key places, or the first.
  func first(_ kind: LandmarkKind) -> Landmark {
    let all = bureau.places.filter { $0.kind == kind }
    return all.first { !bureau.isKeyPlace($0.point) } ?? all[0]
  }

  func spot(_ place: Landmark) -> Spot {
    spot(place.point, "\(place.address)（\(place.name)）")
  }

  func spot(_ point: Coordinate, _ address: String) -> Spot {
    Spot(point: point, datum: .wgs84, address: address, description: "", uncertaintyMetres: 50)
  }

  mutating func plan(
    _ incidentClass: IncidentClass, _ level: IncidentLevel, _ title: String, _ story: Story?,
    units: Int, _ capabilities: [String], minutes: ClosedRange<Int>, _ code: String,
    _ feedback: String
  ) -> IncidentPlan {
    IncidentPlan(
      incidentClass: incidentClass, level: level, title: title,
      handling: .units(count: units, capabilities: capabilities),
      paces: (0..<units).map { _ in
        UnitPace(
          signSeconds: generator.integer(4...18), turnoutSeconds: generator.integer(5...20),
          slowness: generator.number(0.8...1.1),
          workSeconds: generator.integer(minutes.lowerBound * 60...minutes.upperBound * 60))
      },
      review: ReviewPace(
        feedbackSeconds: generator.integer(300...900), closeSeconds: generator.integer(200...600),
        disposalCode: code, feedback: feedback),
      isClassedAtOnce: false, story: story)
  }

  mutating func add(
    _ id: String, at second: Int, _ spot: Spot, _ narrative: String, _ ending: CallEnding,
    channel: DemoChannel = .phone, source: String = "", phone: String? = nil
  ) {
    let number = "126\(generator.integer(10_000_000...99_999_999))"
    drafts.append(
      CallDraft(
        id: id, receiveSecond: second, ringSeconds: 4, channel: channel,
        origin: .citizenReported, phone: channel == .pillar ? "" : phone ?? number, spot: spot,
        narrative: narrative, source: source, ending: ending))
  }
}
