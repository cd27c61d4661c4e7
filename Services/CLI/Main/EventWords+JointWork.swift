// Words for the states of support requests and series.
import QuintetAPI

extension EventWords {
  static func name(_ state: Quintet_Command_V1_SupportPartState) -> String {
    switch state {
    case .offered: "待接 offered"
    case .taken: "已接 taken"
    case .answered: "已答复 answered"
    case .givenBack: "退回 given back"
    case .released: "不再需要 released"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ state: Quintet_Command_V1_SeriesState) -> String {
    switch state {
    case .proposed: "提出 proposed"
    case .confirmed: "确认 confirmed"
    case .rejected: "否定 rejected"
    case .dissolved: "解除 dissolved"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }
}
