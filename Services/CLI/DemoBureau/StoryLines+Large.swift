// The story lines with orders to many, and the texts that people post.
import Classification
import Geography

extension StoryLines {
  /// One directive to the traffic police, four stations and three checkpoints; the cordon moves.
  mutating func burglars() {
    let home = bureau.places.filter { $0.kind == .estate }[7]
    let own = bureau.beats[home.beat].station
    let others = neighbours(of: own).prefix(3)
    var plan = plan(
      .criminal, .level2, "\(home.name)入室盗窃，嫌疑人驾车逃离", .burglars, units: 3, ["vehicle"],
      minutes: 10...13, "case.burglary",
      "报警后 19 分钟在东卡点外合围抓获嫌疑人两名，缴获被盗首饰，作案车辆扣押，移交刑侦。")
    plan.directives = [
      DirectivePlan(
        afterOpeningSeconds: 150, urgency: .urgent, title: "合围堵控：盗窃嫌疑人驾车逃离",
        text: "银灰色面包车，尾号 3K7，两名男子。交警卡口比对，相关派出所封控出口，检查站逢疑必查。",
        recipients: [
          recipient(.seat("traffic-brigade", name: "交警大队"), 40, 1_500, "卡口比对命中两次，已通报轨迹，设卡警力撤回。")
        ] + stations(own, others)
          + [
            recipient(.seat("checkpoint-east", name: "东检查站"), 55, 1_560, "19 分钟时合围拦停嫌疑车辆，抓获两人。"),
            recipient(.seat("checkpoint-south", name: "南检查站"), 80, 1_620, "设卡检查车辆 46 辆，未发现，按令撤收。"),
            RecipientPlan(
              recipient: .seat("checkpoint-west", name: "西检查站"), signSeconds: 70,
              feedbackSeconds: 1_700, feedback: "在北检查站设卡 12 分钟，检查 31 辆，按令撤收。",
              handOver: HandOver(
                seconds: 300, to: .seat("checkpoint-north", name: "北检查站"),
                reason: "轨迹显示嫌疑车转向北，封控圈北移")),
          ])
    ]
    add(
      "burglars", at: clock(14, 20, 0), spot(home), "两个人撬锁进我家，我一喊他们就跑了，上了一辆银灰色面包车！",
      .opens(plan))
    for (index, says) in ["我看到一辆银灰色面包车闯红灯往东去了。", "银色面包车停在加油站后面，两个男的在换牌。"].enumerated() {
      add(
        "burglars-\(index)", at: clock(14, 25, 0) + index * 240,
        spot(
          home.point.offset(northMetres: 500, eastMetres: 900 + Double(index) * 700),
          "\(home.address)以东"),
        says, .attaches(to: "burglars"))
    }
  }

  /// The last of the neighbours is busy with something else, and signs after 34 minutes.
  private func stations(_ own: Int, _ others: ArraySlice<Int>) -> [RecipientPlan] {
    let first = recipient(.station(own), 30, 1_800, "封控小区周边出口四处，走访物证已移交刑侦。")
    return [first]
      + others.enumerated().map { offset, station in
        recipient(
          .station(station), offset == others.count - 1 ? 2_050 : 90 + offset * 60,
          offset == others.count - 1 ? 2_700 : 1_900,
          "已在辖区出口设卡并巡查停车场，未发现目标车辆，按令撤收。")
      }
  }

  private func neighbours(of station: Int) -> [Int] {
    let middle = bureau.stations[station].area.centroid
    return bureau.stations.indices.filter { $0 != station }.sorted {
      bureau.stations[$0].area.centroid.distance(to: middle)
        < bureau.stations[$1].area.centroid.distance(to: middle)
    }
  }

  private func recipient(
    _ recipient: DemoRecipient, _ sign: Int, _ answer: Int, _ feedback: String
  ) -> RecipientPlan {
    RecipientPlan(
      recipient: recipient, signSeconds: sign, feedbackSeconds: answer, feedback: feedback)
  }

  mutating func crowd() {
    let place = bureau.places.filter { $0.kind == .factory }[1]
    var plan = plan(
      .massEvent, .level2, "\(place.name)工人聚集讨薪", .crowd, units: 4, ["vehicle"],
      minutes: 60...75, "mass.talk",
      "会同镇政府、劳动监察现场对话，厂方当场支付七成工资并公示余款日期，人群平和散去。")
    plan.directives = [
      DirectivePlan(
        afterOpeningSeconds: 300, urgency: .priority, title: "聚集现场秩序维护与对话",
        text: "只维护秩序与安全，不采取强制措施；请镇政府、劳动监察到场对话；引导绕行。",
        recipients: [
          recipient(
            .station(bureau.beats[place.beat].station), 240, 5_000, "现场秩序平稳，对话达成支付协议，无人受伤。"),
          recipient(.seat("traffic-brigade", name: "交警大队"), 120, 4_800, "引导绕行 70 分钟，路口通行正常后撤岗。"),
          recipient(.seat("liaison", name: "联动席"), 60, 4_500, "已联系镇政府与劳动监察，40 分钟内均到场。"),
        ])
    ]
    add(
      "crowd", at: clock(15, 30, 0), spot(place), "\(place.name)门口聚集了四五十个工人讨薪，拉横幅堵路了。",
      .opens(plan))
  }

  mutating func fire() {
    let market = bureau.places.filter { $0.kind == .market }[2]
    var plan = plan(
      .disaster, .level2, "\(market.name)仓库火灾", .fire, units: 4, ["vehicle"],
      minutes: 70...90, "disaster.fire",
      "明火 17 时 35 分扑灭，疏散商户和住户 130 余人，无人员伤亡，起火原因由消防调查。")
    plan.directives = [
      DirectivePlan(
        afterOpeningSeconds: 120, urgency: .urgent, title: "火场外围封控与疏散",
        text: "封控周边 300 米，保障消防通道，疏散下风向商户与住户，核对人数。",
        recipients: [
          recipient(
            .station(bureau.beats[market.beat].station), 100, 4_200, "封控到位，逐户敲门疏散并核对人数，无遗漏。"),
          recipient(.seat("traffic-brigade", name: "交警大队"), 45, 4_000, "消防通道保持畅通，绕行引导 80 分钟后撤除。"),
          recipient(.seat("fire-liaison", name: "消防联络席"), 30, 3_900, "消防 6 车到场，火情通报每 10 分钟一次。"),
        ])
    ]
    add("fire", at: clock(16, 40, 0), spot(market), "\(market.name)仓库着火了，烟很大，里面还有人！", .opens(plan))
    let more = ["\(market.name)起火了！", "看到很大的黑烟，\(market.name)方向。", "市场着火，消防车进不来。", "楼上都是烟，我们下不去。"]
    for (index, says) in more.enumerated() {
      add(
        "fire-\(index)", at: clock(16, 41, 10) + index * 35,
        spot(
          market.point.offset(
            northMetres: generator.number(-90...90), eastMetres: generator.number(-90...90)),
          market.address),
        says, .attaches(to: "fire"))
    }
    topics.append(fireTopic(market.name))
  }

  private func fireTopic(_ market: String) -> DemoTopic {
    let texts = [
      "\(market)着火了，黑烟冲天，消防车来了好几辆，附近的人注意安全",
      "\(market)着火了，黑烟冲天，消防车来了好几辆，附近的朋友注意安全！",
      "转：\(market)着火了，黑烟冲天，消防车来了好几辆，附近的人注意安全",
      "@青澜热线 \(market)着火了，黑烟冲天，消防车来了好几辆，大家注意安全",
      "\(market)着火了，黑烟冲天，来了好几辆消防车，附近的人注意安全，绕行",
      "刚刚 \(market)着火了，黑烟冲天，消防车来了好几辆，附近的人注意安全",
      "\(market)着火了，黑烟冲天，消防车来了好几辆，附近的人都注意安全，有没有人受伤？",
    ]
    return DemoTopic(
      items: texts.enumerated().map { index, text in
        DemoTopic.Item(
          second: clock(16, 47, 0) + index * 190, source: index == 6 ? "hotline" : "social",
          text: text,
          attributes: [
            "platform": index % 2 == 0 ? "短视频" : "微博客", "region": "青澜",
            "author": "路人\(index + 1)号", "account_id": "u90\(index)17",
          ])
      },
      tie: DemoTopic.Tie(
        callKey: "fire", second: clock(17, 8, 0), responseSecond: clock(18, 5, 0),
        response: "【青澜公安通报】今日 16 时 40 分许，\(market)一仓库起火，明火已于 17 时 35 分扑灭，"
          + "疏散 130 余人，无人员伤亡，起火原因正在调查。请勿聚集围观，过往车辆绕行。"))
  }

  /// Talk that is no incident's: topics that stay untied.
  mutating func idleTalk() {
    let road = bureau.roads[8].name
    let texts = ["\(road)晚高峰又堵死了，红绿灯能不能调一下", "\(road)晚高峰又堵死了，红绿灯时间能不能调一下啊"]
    topics.append(
      DemoTopic(
        items: texts.enumerated().map { index, text in
          DemoTopic.Item(
            second: clock(18, 20, 0) + index * 900, source: "social", text: text,
            attributes: ["platform": "论坛", "author": "晚归人\(index)"])
        }, tie: nil))
    topics.append(
      DemoTopic(
        items: [
          DemoTopic.Item(
            second: clock(20, 10, 0), source: "news", text: "今晚公园灯光秀开始，市民有序观看，交警在路口值守。",
            attributes: ["platform": "新闻客户端", "like_count": "212"])
        ], tie: nil))
  }
}
