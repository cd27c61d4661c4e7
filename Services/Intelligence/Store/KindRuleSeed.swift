// The words that the first version of the suite knows. Shipped as a migration: a further version
// adds words by a migration of its own, a bureau by rows of its own partition.

enum KindRuleSeed {
  private struct Group {
    let incidentClass: String
    let level: Int
    let weight: Int
    /// Folded, separated by `|`.
    let words: String
  }

  static let statement: String = {
    let rows = groups.flatMap { group in
      group.words.split(separator: "|").map { word in
        "('', '\(word)', '\(group.incidentClass)', \(group.level), \(group.weight))"
      }
    }
    return """
      INSERT INTO kind_rule (partition, keyword, incident_class, level, weight) VALUES
        \(rows.joined(separator: ",\n  "))
      """
  }()

  private static let groups: [Group] = [
    // 刑事
    Group(
      incidentClass: "criminal", level: 1, weight: 6,
      words: "杀人|命案|枪击|持枪|绑架|劫持|人质|砍人|捅人|shooting|gunshot|hostage|kidnapping|homicide"),
    Group(
      incidentClass: "criminal", level: 2, weight: 5,
      words: "抢劫|抢夺|持刀|强奸|猥亵|拐卖|贩毒|纵火|stabbing|robbery|armed|rape|arson|assault victim"),
    Group(
      incidentClass: "criminal", level: 3, weight: 4,
      words: "盗窃|被盗|小偷|偷走|偷了|入室|撬锁|诈骗|被骗|刷单|冒充|敲诈|勒索|吸毒|毒品"
        + "|theft|stolen|burglary|fraud|scam|assault|shoplifting"),
    // 治安
    Group(
      incidentClass: "public_order", level: 3, weight: 4,
      words: "打架|斗殴|殴打|打人|寻衅|滋事|闹事|赌博|卖淫|嫖娼|fight|fighting|vandalism|disturbance"),
    Group(
      incidentClass: "public_order", level: 4, weight: 3,
      words: "扰民|噪音|噪声|醉酒|酒醉|高空抛物|损坏财物|燃放|可疑人员|noise|drunk|trespassing"
        + "|suspicious person|warrant service"),
    // 交通
    Group(
      incidentClass: "traffic", level: 2, weight: 5,
      words: "肇事逃逸|连环相撞|翻车|train crash|hit and run|rollover"),
    Group(
      incidentClass: "traffic", level: 3, weight: 4,
      words: "车祸|交通事故|追尾|相撞|撞人|撞车|被车撞|酒驾|醉驾|vehicle accident|traffic collision"
        + "|car accident|car crash|collision"),
    Group(
      incidentClass: "traffic", level: 4, weight: 3,
      words: "刮擦|剐蹭|碰擦|违停|乱停车|堵车|拥堵|车辆抛锚|故障车|占用车道|disabled vehicle"
        + "|road obstruction|hazardous road conditions|vehicle leaking fuel"
        + "|debris/fluids on highway|traffic jam|illegal parking"),
    Group(incidentClass: "traffic", level: 4, weight: 1, words: "traffic|交通"),
    // 群体性
    Group(
      incidentClass: "mass_event", level: 2, weight: 5,
      words: "聚众|群体性|游行|堵路|围堵|踩踏|拉横幅|riot|stampede|demonstration"),
    Group(
      incidentClass: "mass_event", level: 3, weight: 4,
      words: "聚集|罢工|讨薪|集体上访|集体维权|crowd|protest|strike action"),
    // 灾害事故
    Group(
      incidentClass: "disaster", level: 1, weight: 6,
      words: "爆炸|大面积坍塌|explosion|structure collapse|building collapse"),
    Group(
      incidentClass: "disaster", level: 2, weight: 5,
      words: "火灾|着火|起火|失火|火警|坍塌|倒塌|山体滑坡|泥石流|危化品|building fire|structure fire"
        + "|hazardous materials incident|hazmat|water rescue|confined space|industrial accidents"
        + "|rescue - technical|rescue - general|electrocution|unknown type fire"),
    Group(
      incidentClass: "disaster", level: 3, weight: 4,
      words: "冒烟|煤气泄漏|燃气泄漏|天然气泄漏|泄漏|触电|漏电|内涝|积水|洪水|台风|地震|vehicle fire"
        + "|outside fire|appliance fire|electrical fire outside|electrical hazard|gas-odor/leak"
        + "|gas leak|woods/field fire|trash/dumpster fire|carbon monoxide|carbon monoxide detector"
        + "|smoke investigation|fire investigation|fuel spill|flood"),
    Group(
      incidentClass: "disaster", level: 4, weight: 3,
      words: "fire alarm|alarms|fire special service|fire police needed|odor|误报火警|烟感报警"),
    Group(incidentClass: "disaster", level: 3, weight: 1, words: "fire|smoke"),
    // 求助
    Group(
      incidentClass: "help", level: 2, weight: 5,
      words: "跳楼|轻生|自杀|溺水|落水|坠楼|昏迷|呼吸困难|心脏骤停|失去意识|cardiac emergency|cardiac arrest"
        + "|respiratory emergency|unconscious subject|unresponsive subject|cva/stroke|overdose"
        + "|poisoning|choking|hemorrhaging|amputation|drowning|suicide"),
    Group(
      incidentClass: "help", level: 3, weight: 4,
      words: "走失|失踪|迷路|被困|电梯困人|晕倒|摔倒|受伤|救护车|求救|急救|head injury|fall victim"
        + "|seizures|diabetic emergency|altered mental status|syncopal episode|allergic reaction"
        + "|burn victim|fracture|lacerations|maternity|dehydration|medical incident|missing child"
        + "|missing person|rescue - elevator|elevator / escalator rescue|medical alert alarm"
        + "|unknown medical emergency|animal bite|eye injury"),
    Group(
      incidentClass: "help", level: 4, weight: 3,
      words: "求助|寻人|开锁|找不到家|遗失|丢失|捡到|送回家|帮忙|subject in pain|abdominal pains"
        + "|general weakness|back pains/injury|nausea/vomiting|dizziness|fever|ems special service"
        + "|citizen assist|service call|lost property"),
    Group(incidentClass: "help", level: 4, weight: 1, words: "ems|medical|ambulance"),
    // 纠纷
    Group(
      incidentClass: "dispute", level: 3, weight: 5,
      words: "家庭暴力|家暴|domestic violence"),
    Group(
      incidentClass: "dispute", level: 4, weight: 4,
      words: "纠纷|吵架|争吵|争执|邻里矛盾|家庭矛盾|夫妻矛盾|欠款不还|欠钱|拖欠工资|劳资|退款|消费争议|租房|押金"
        + "|dispute|argument|quarrel|neighbor complaint|unpaid wages|refund"),
    // 投诉监督
    Group(
      incidentClass: "complaint", level: 4, weight: 6,
      words: "投诉民警|投诉警察|投诉派出所|举报民警|民警态度|警察态度|出警慢|出警不及时|民警不作为|警察不作为"
        + "|complaint about police|police misconduct|complaint against officer"),
    // 其他
    Group(
      incidentClass: "other", level: 4, weight: 1,
      words: "咨询|骚扰电话|误拨|transferred call|inquiry|wrong number"),
  ]
}
