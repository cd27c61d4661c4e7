// Templates, forms, attachments and selectors over the wire.
import CommandDomain
import Crypto
import EventLog
import Foundation
import GRPCCore
import GRPCProtobuf
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

extension Quintet_Command_V1_PutDirectiveTemplateRequest: Mutation {}
extension Quintet_Command_V1_PutAttachmentPieceRequest: Mutation {}

func searchTemplate() -> Quintet_Command_V1_DirectiveTemplate {
  .with {
    $0.code = "search"
    $0.name = "查缉车辆"
    $0.directiveClass = .priority
    $0.title = "查缉 {plate}"
    $0.text = "发现 {plate} 立即拦停"
    $0.form.fields = [
      .with {
        $0.code = "result"
        $0.label = "结果"
        $0.kind = .chooseOne
        $0.required = true
        $0.options = [.with { $0.code = "caught" }, .with { $0.code = "none" }]
      },
      .with {
        $0.code = "cars"
        $0.label = "查车数"
        $0.kind = .number
        $0.minNumber = 0
      },
      .with {
        $0.code = "photo"
        $0.label = "现场照片"
        $0.kind = .photo
      },
    ]
  }
}

extension Desk {
  @discardableResult
  func putTemplate() async throws -> Quintet_Command_V1_DirectiveTemplate {
    try await templates.putDirectiveTemplate(
      .with {
        $0.requestID = newRequestID()
        $0.template = searchTemplate()
      }
    ).template
  }

  /// A directive from the template, whose seat has begun.
  func begunSearch() async throws -> String {
    let id = try await directives.issueDirective(
      .with {
        $0.requestID = newRequestID()
        $0.content.recipients = [watchedSeat]
        $0.content.template.templateCode = "search"
        $0.content.template.values = [
          .with {
            $0.placeholder = "plate"
            $0.value = "浙C12345"
          }
        ]
      }
    ).directive.id
    func filled<Request: FilledCourseMove>() -> Request {
      var request = Request()
      request.requestID = newRequestID()
      request.directiveID = id
      request.recipient = watchedSeat
      return request
    }
    _ = try await directives.confirmDelivery(filled())
    _ = try await directives.acknowledgeDirective(filled())
    _ = try await directives.startDirective(filled())
    return id
  }
}

@Suite struct RPCFormTests {
  @Test func aTemplateIsKeptListedAndFilled() async throws {
    try await Desk.with { desk in
      let put = try await desk.putTemplate()
      #expect(put.etag == "1" && put.placeholders == ["plate"])
      #expect(put.form.fields[0].options.map(\.label) == ["caught", "none"])
      let read = try await desk.templates.getDirectiveTemplate(.with { $0.templateCode = "search" })
      #expect(read.template == put)
      let listed = try await desk.templates.listDirectiveTemplates(.init())
      #expect(listed.templates == [put] && listed.nextPageToken.isEmpty)
      let id = try await desk.begunSearch()
      let directive = try await desk.directives.getDirective(.with { $0.directiveID = id })
        .directive
      #expect(directive.title == "查缉 浙C12345" && directive.text == "发现 浙C12345 立即拦停")
      #expect(directive.directiveClass == .priority && directive.templateCode == "search")
      #expect(directive.form == put.form)
      let types = try await desk.events().map(\.type)
      #expect(types.contains(Quintet_Command_V1_DirectiveTemplateDefined.protoMessageName))
    }
  }

  @Test func everyViolationOfAFormNamesFieldAndRule() async throws {
    try await Desk.with { desk in
      try await desk.putTemplate()
      let id = try await desk.begunSearch()
      let before = try await desk.rows()
      let request = Quintet_Command_V1_SubmitDirectiveFeedbackRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
        $0.text = "已查"
        $0.answers = [
          .with {
            $0.fieldCode = "cars"
            $0.number = -1
          },
          .with {
            $0.fieldCode = "photo"
            $0.attachments.digests = [String(repeating: "0", count: 64)]
          },
        ]
      }
      do {
        _ = try await desk.directives.submitDirectiveFeedback(request)
        Issue.record("it was taken")
      } catch let error as RPCError {
        #expect(Refusal(error) == Refusal(.invalidArgument, "FORM_VIOLATED", "answers[cars]"))
        let violations =
          try error.unpackGoogleRPCStatus()?.details.compactMap(\.badRequest).first?.violations
          ?? []
        #expect(
          violations.map { "\($0.field) \($0.reason)" } == [
            "answers[cars] OUT_OF_RANGE", "answers[photo] ATTACHMENT_UNKNOWN",
            "answers[result] REQUIRED",
          ])
      }
      #expect(try await desk.rows() == before)
    }
  }

  @Test func aPhotoIsUploadedInPiecesAndAnswers() async throws {
    try await Desk.with { desk in
      try await desk.putTemplate()
      try await desk.useRequestID()
      let id = try await desk.begunSearch()
      let size = FeedbackAttachment.pieceBytes + 3
      let photo = Data((0..<size).map { UInt8(truncatingIfNeeded: $0) })
      let digest = SHA256.hash(data: photo).map { String(format: "%02x", $0) }.joined()
      func piece(_ number: Int) -> Quintet_Command_V1_PutAttachmentPieceRequest {
        .with {
          $0.requestID = newRequestID()
          $0.directiveID = id
          $0.recipient = watchedSeat
          $0.digest = digest
          $0.attachmentType = .jpeg
          $0.totalBytes = Int64(photo.count)
          $0.piece = Int32(number)
          $0.data = photo.dropFirst((number - 1) * FeedbackAttachment.pieceBytes)
            .prefix(FeedbackAttachment.pieceBytes)
        }
      }
      let first = try await desk.directives.putAttachmentPiece(piece(1))
      #expect(!first.complete && first.storedPieces == 1 && first.totalPieces == 2)
      try await desk.refuses(
        "PutAttachmentPiece", piece(2),
        Quintet_Command_V1_PutAttachmentPieceRequest.badRequestIDs + [
          Bad("DIRECTIVE_UNKNOWN", "directive_id", .notFound) {
            $0.directiveID = BadValue.unknownDirective
          },
          Bad("REQUIRED", "recipient") { $0.clearRecipient() },
          Bad("RECIPIENT_UNKNOWN", "recipient", .notFound) { $0.recipient.id = "nobody" },
          Bad("DIGEST_INVALID", "digest") { $0.digest = "ABC" },
          Bad("UNSPECIFIED", "attachment_type") { $0.attachmentType = .unspecified },
          Bad("ATTACHMENT_DIFFERS", "total_bytes") { $0.attachmentType = .png },
          Bad("OUT_OF_RANGE", "total_bytes") { $0.totalBytes = 8_388_609 },
          Bad("OUT_OF_RANGE", "piece") { $0.piece = 3 },
          Bad("OUT_OF_RANGE", "piece") { $0.piece = 1 },
          Bad("REQUIRED", "data") { $0.data = Data() },
          Bad("DIGEST_MISMATCH", "digest") { $0.data = Data([1, 1, 1]) },
        ]
      ) { try await desk.directives.putAttachmentPiece($0) }
      var read = Data()
      for number in 1...2 {
        let answer = try await desk.directives.getAttachment(
          .with {
            $0.directiveID = id
            $0.digest = digest
            $0.piece = Int32(number)
          })
        #expect(answer.totalPieces == 2 && answer.attachmentType == .jpeg)
        read += answer.data
      }
      #expect(read == photo)
      let fedBack = try await desk.directives.submitDirectiveFeedback(
        .with {
          $0.requestID = newRequestID()
          $0.directiveID = id
          $0.recipient = watchedSeat
          $0.text = "已查"
          $0.answers = [
            .with {
              $0.fieldCode = "result"
              $0.choices.codes = ["caught"]
            },
            .with {
              $0.fieldCode = "photo"
              $0.attachments.digests = [digest]
            },
          ]
        }
      ).directive
      #expect(fedBack.recipients[0].state == .fedBack && fedBack.recipients[0].answers.count == 2)
    }
  }

  @Test func putDirectiveTemplateRefusesWhatCouldNotBeFilled() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      try await desk.putTemplate()
      let good = Quintet_Command_V1_PutDirectiveTemplateRequest.with {
        $0.requestID = newRequestID()
        $0.etag = "1"
        $0.template = searchTemplate()
      }
      try await desk.refuses(
        "PutDirectiveTemplate", good,
        Quintet_Command_V1_PutDirectiveTemplateRequest.badRequestIDs + [
          Bad("REQUIRED", "template") { $0.clearTemplate() },
          Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "9" },
          Bad("REQUIRED", "template.code") { $0.template.code = "" },
          Bad("CHARACTERS_NOT_ALLOWED", "template.code") { $0.template.code = "查缉" },
          Bad("REQUIRED", "template.name") { $0.template.name = "" },
          Bad("UNSPECIFIED", "template.directive_class") {
            $0.template.directiveClass = .unspecified
          },
          Bad("DISPATCH_CLASS_RESERVED", "template.directive_class") {
            $0.template.directiveClass = .dispatch
          },
          Bad("REQUIRED", "template.title") { $0.template.title = "" },
          Bad("PLACEHOLDER_INVALID", "template.title") { $0.template.title = "{" },
          Bad("PLACEHOLDER_INVALID", "template.text") { $0.template.text = "{车牌}" },
          Bad("REQUIRED", "template.form.fields") { $0.template.form.fields = [] },
          Bad("DUPLICATE", "template.form.fields[1].code") {
            $0.template.form.fields[1].code = "result"
          },
          Bad("UNSPECIFIED", "template.form.fields[0].kind") {
            $0.template.form.fields[0].kind = .unspecified
          },
          Bad("REQUIRED", "template.form.fields[0].options") {
            $0.template.form.fields[0].options = []
          },
          Bad("DUPLICATE", "template.form.fields[0].options[1].code") {
            $0.template.form.fields[0].options[1].code = "caught"
          },
          Bad("OUT_OF_RANGE", "template.form.fields[1].max_number") {
            $0.template.form.fields[1].maxNumber = -1
          },
          Bad("OUT_OF_RANGE", "template.form.fields[2].max_count") {
            $0.template.form.fields[2].maxCount = 51
          },
        ]
      ) { try await desk.templates.putDirectiveTemplate($0) }
    }
  }

  @Test func whatIsWrittenWithATemplateOrASelectorIsChecked() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      try await desk.putTemplate()
      let good = Quintet_Command_V1_IssueDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.content.template.templateCode = "search"
        $0.content.template.values = [
          .with {
            $0.placeholder = "plate"
            $0.value = "浙C1"
          }
        ]
        $0.content.selectors = [.with { $0.seat = "traffic" }, .with { $0.named = watchedSeat }]
      }
      let area = Sample.id("county", OrgUnitTag.self).description
      try await desk.refuses(
        "IssueDirective", good,
        [
          Bad("TEMPLATE_UNKNOWN", "content.template.template_code", .notFound) {
            $0.content.template.templateCode = "none"
          },
          Bad("REQUIRED", "content.template.template_code") {
            $0.content.template.templateCode = ""
          },
          Bad("PLACEHOLDER_MISSING", "content.template.values") {
            $0.content.template.values = []
          },
          Bad("PLACEHOLDER_UNKNOWN", "content.template.values") {
            $0.content.template.values.append(
              .with {
                $0.placeholder = "size"
                $0.value = "大"
              })
          },
          Bad("DUPLICATE", "content.template.values[1].placeholder") {
            $0.content.template.values.append($0.content.template.values[0])
          },
          Bad("REQUIRED", "content.template.values[0].value") {
            $0.content.template.values[0].value = ""
          },
          Bad("REQUIRED", "content.recipients") { $0.content.selectors = [] },
          Bad("REQUIRED", "content.selectors[0].selected") {
            $0.content.selectors[0].selected = nil
          },
          Bad("REQUIRED", "content.selectors[0].seat") { $0.content.selectors[0].seat = "" },
          Bad("ID_INVALID", "content.selectors[0].area.area_id") {
            $0.content.selectors[0].area.areaID = "x"
          },
          Bad("UNSPECIFIED", "content.selectors[0].area.kinds") {
            $0.content.selectors[0].area = .with {
              $0.areaID = area
              $0.kinds = [.unit]
            }
          },
          Bad("SELECTION_EMPTY", "content.selectors[0]") {
            $0.content.selectors[0].area.areaID = area
          },
          Bad("TOO_MANY", "content.selectors") {
            $0.content.selectors = Array(repeating: $0.content.selectors[0], count: 21)
          },
        ]
      ) { try await desk.directives.issueDirective($0) }
    }
  }
}
