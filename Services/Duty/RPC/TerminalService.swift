// Requests about terminals, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.TerminalService`; the proto says what each RPC does and refuses.
public struct TerminalService: Quintet_Duty_V1_TerminalService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putTerminal(
    request: Quintet_Duty_V1_PutTerminalRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutTerminalResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try PutTerminal(request)
    let view = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try TerminalKeeping().put(command, in: $0, now: now)
    }
    CallContext.current.notes["subject"] = view.terminal.id.description
    return .with { $0.terminal = Quintet_Duty_V1_Terminal(view) }
  }

  public func getTerminal(
    request: Quintet_Duty_V1_GetTerminalRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetTerminalResponse {
    let code = try Check.text(request.code, field: "code", max: 64, required: true)
    let found = try await store.read(within: CallContext.current.reach) {
      try $0.terminal(code: code)
    }
    guard let found else { throw DutyError.terminalUnknown(code) }
    return .with { $0.terminal = Quintet_Duty_V1_Terminal(found) }
  }

  public func listTerminals(
    request: Quintet_Duty_V1_ListTerminalsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListTerminalsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)
    let terminals = try await store.read(within: CallContext.current.reach) {
      try $0.terminals(after: after?[0], limit: size + 1)
    }
    let page = terminals.prefix(size)
    return .with {
      $0.terminals = page.map(Quintet_Duty_V1_Terminal.init)
      if terminals.count > size, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.terminal.code])
      }
    }
  }
}
