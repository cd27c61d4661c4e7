// Whoever is refused costs a durable record, and can be refused as often as he likes. So an origin has
// a budget; what goes beyond is counted, and the count is recorded.
import Foundation
import Synchronization

final class RefusalBudget: Sendable {
  /// Refusals of one origin in one second that are recorded one by one.
  static let perSecond = 20
  /// Origins that are told apart; all others share one budget.
  static let originLimit = 1024
  static let otherOrigins = "other"

  private struct Account {
    var second: Int64 = .min
    var taken = 0
    var counted = 0
  }

  private let accounts = Mutex<[String: Account]>([:])

  /// - Returns: false when the refusal is only counted.
  func take(_ origin: String, at now: Date) -> Bool {
    let second = Int64(now.timeIntervalSince1970)
    return accounts.withLock { accounts in
      if accounts[origin] == nil, accounts.count >= Self.originLimit {
        accounts = accounts.filter { $0.value.second == second || $0.value.counted > 0 }
      }
      let isKnown = accounts[origin] != nil || accounts.count < Self.originLimit
      let key = isKnown ? origin : Self.otherOrigins
      var account = accounts[key] ?? Account()
      if account.second != second { (account.second, account.taken) = (second, 0) }
      let isRecorded = account.taken < Self.perSecond
      if isRecorded { account.taken += 1 } else { account.counted += 1 }
      accounts[key] = account
      return isRecorded
    }
  }

  /// What was only counted, by origin; from here on it counts from nothing.
  func takeCounted() -> [String: Int] {
    accounts.withLock { accounts in
      let counted = accounts.mapValues(\.counted).filter { $0.value > 0 }
      for origin in counted.keys { accounts[origin]?.counted = 0 }
      return counted
    }
  }

  func giveBack(_ counted: [String: Int]) {
    accounts.withLock { accounts in
      for (origin, count) in counted { accounts[origin, default: Account()].counted += count }
    }
  }
}
