// 指令模板: quintet.command.v1.DirectiveTemplateService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct DirectiveTemplates: Quintet_Command_V1_DirectiveTemplateService.SimpleServiceProtocol {
  let room: CommandRoom

  func putDirectiveTemplate(
    request: Quintet_Command_V1_PutDirectiveTemplateRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PutDirectiveTemplateResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let etag = try Check.etag(request.etag)
    guard request.hasTemplate else { throw Failure.required("template") }
    let template = try Check.template(request.template)
    let kept = try await room.write(
      key, now: now, fields: ["content.directive_class": "template.directive_class"]
    ) {
      try TemplateKeeping().put(template, etag: etag, in: $0, now: now)
    }
    return .with { $0.template = Quintet_Command_V1_DirectiveTemplate(kept) }
  }

  func getDirectiveTemplate(
    request: Quintet_Command_V1_GetDirectiveTemplateRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetDirectiveTemplateResponse {
    let code = try Check.code(
      request.templateCode, field: "template_code", max: 64, required: true)
    let template = try await room.read { reader in
      guard let template = try reader.template(code) else {
        throw CommandError.directives(.templateUnknown(code))
      }
      return template
    }
    return .with { $0.template = Quintet_Command_V1_DirectiveTemplate(template) }
  }

  func listDirectiveTemplates(
    request: Quintet_Command_V1_ListDirectiveTemplatesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListDirectiveTemplatesResponse {
    let page = try CodePage(size: request.pageSize, token: request.pageToken, most: 500)
    let found = try await room.read {
      try $0.templates(after: page.after, limit: page.size + 1)
    }
    return .with {
      $0.templates = found.prefix(page.size).map(Quintet_Command_V1_DirectiveTemplate.init)
      $0.nextPageToken = page.token(after: found.map(\.code))
    }
  }
}

/// A page of things that are listed by their codes.
struct CodePage: Sendable {
  let size: Int
  /// Empty for the first page.
  let after: String

  /// - Throws: `Failure` OUT_OF_RANGE, PAGE_TOKEN_INVALID.
  init(size: Int32, token: String, most: Int) throws {
    self.size = try Check.count(size, field: "page_size", 1...most, standard: 50)
    self.after = try PageToken.decode(token, count: 1)?[0] ?? ""
  }

  /// - Parameter found: codes of what was found when one more than a page was asked for.
  func token(after found: [String]) -> String {
    found.count > size ? PageToken.encode([found[size - 1]]) : ""
  }
}
