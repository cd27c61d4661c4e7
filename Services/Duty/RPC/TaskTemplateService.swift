// Requests about the catalogue of standard work, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.TaskTemplateService`; the proto says what each RPC does and refuses.
public struct TaskTemplateService: Quintet_Duty_V1_TaskTemplateService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putTaskTemplate(
    request: Quintet_Duty_V1_PutTaskTemplateRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutTaskTemplateResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasTemplate else { throw Failure.required("template") }
    let template = try TaskTemplate(request.template)
    let version = try TaskCheck.optionalRevision(request.etag, field: "etag")
    let put = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try TaskCatalogue().put(template, replacing: version, at: now, in: $0)
    }
    CallContext.current.notes["subject"] = put.code
    return .with { $0.template = Quintet_Duty_V1_TaskTemplate(put) }
  }

  public func getTaskTemplate(
    request: Quintet_Duty_V1_GetTaskTemplateRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetTaskTemplateResponse {
    let code = try RosterCheck.code(request.code, field: "code")
    let version = try RosterCheck.number(
      request.version, field: "version", 0...Int(Int32.max))
    let template = try await store.read(within: CallContext.current.reach) {
      try $0.taskTemplate(code: code, version: version == 0 ? nil : version)
    }
    guard let template else { throw TaskError.templateUnknown(code, field: "code") }
    return .with { $0.template = Quintet_Duty_V1_TaskTemplate(template) }
  }

  public func listTaskTemplates(
    request: Quintet_Duty_V1_ListTaskTemplatesRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListTaskTemplatesResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...200, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)?[0]
    let templates = try await store.read(within: CallContext.current.reach) {
      try $0.taskTemplates(after: after, limit: size + 1)
    }
    let page = AnswerSize.fitting(
      templates.prefix(size).map { Quintet_Duty_V1_TaskTemplate($0) })
    return .with {
      $0.templates = page
      if templates.count > page.count, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.code])
      }
    }
  }
}
