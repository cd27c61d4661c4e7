# P1 舆情应对: an incident is talked about. Texts gather into one topic, a response is due within the golden
# hours, the facts are checked, and a statement with two signatures is published.
import grpc
import pytest
from client import Client, deadlines, kind, opinion, request_id, statements
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.publicopinion.v1 import statement_pb2 as statement

DRAFT, RETURNED, APPROVED, PUBLISHED = (
    statement.StatementState.Value(f"STATEMENT_STATE_{name}")
    for name in ("DRAFT", "RETURNED", "APPROVED", "PUBLISHED"))
SAID = "经核实，双方因停车发生口角，无人受伤，已调解。"


def reason_of(call):
    with pytest.raises(grpc.RpcError) as refused:
        call()
    info = error_details_pb2.ErrorInfo()
    for detail in rpc_status.from_call(refused.value).details:
        if detail.Unpack(info):
            return refused.value.code().name, info.reason
    return refused.value.code().name, None


def test_a_statement_takes_two_persons(fresh_suite):
    suite = fresh_suite
    hall = Client(suite.channel())
    editor = suite.client("person/editor", roles=["opinion-editor"])
    # Somebody with both roles does not sign for herself.
    both = suite.client("person/both", roles=["opinion-editor", "shift-leader"])
    leader = suite.client("person/leader", roles=["shift-leader"])
    officer = suite.client("person/officer", roles=["officer"])

    incident = hall.open_incident(
        (28.02, 120.65), "停车场两人争吵", kind.INCIDENT_CLASS_DISPUTE).incident_id
    for text in ("超市停车场有人打架，围了很多人", "超市停车场有人打架，围了很多人！！"):
        topic = editor(editor.opinion.SubmitItem, opinion.SubmitItemRequest(
            source=opinion.OPINION_SOURCE_SOCIAL, text=text)).topic
    suite.caught_up()

    def draft(who, **fields):
        return who(who.statements.DraftStatement, statements.DraftStatementRequest(
            topic_id=topic.id, **{"text": SAID, "checked_with": "青云派出所李警官", **fields})).statement

    def do(who, method, one, **fields):
        request = getattr(statements, f"{method}Request")(statement_id=one.id, **fields)
        return who(getattr(who.statements, method), request).statement

    assert reason_of(lambda: draft(editor)) == ("FAILED_PRECONDITION", "TOPIC_NOT_TIED")
    editor(editor.opinion.TieTopic, opinion.TieTopicRequest(topic_id=topic.id, incident_id=incident))
    suite.caught_up()

    def clock():
        found = hall(hall.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(incident_id=incident))
        return [deadlines.DeadlineState.Name(one.state) for one in found.deadlines
                if one.subject == topic.id]

    assert clock() == ["DEADLINE_STATE_RUNNING"]
    assert reason_of(lambda: draft(officer)) == ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")
    assert reason_of(lambda: draft(leader))[0] == "PERMISSION_DENIED"
    assert reason_of(lambda: draft(editor, checked_with="")) == ("INVALID_ARGUMENT", "REQUIRED")

    # One statement at a time; the drafter does not sign, and nothing is published unsigned.
    one = draft(both, text="先说一句 @张三", request_id="draft-1")
    assert draft(both, text="先说一句 @张三", request_id="draft-1") == one
    assert one.state == DRAFT and one.text == "先说一句 @某用户" and one.draft.actor == "person/both"
    assert reason_of(lambda: draft(editor)) == ("FAILED_PRECONDITION", "STATEMENT_OPEN")
    assert reason_of(lambda: do(both, "ApproveStatement", one, etag=one.etag)) == (
        "FAILED_PRECONDITION", "SECOND_PERSON_REQUIRED")
    assert reason_of(lambda: do(leader, "ApproveStatement", one)) == ("INVALID_ARGUMENT", "REQUIRED")
    assert reason_of(lambda: do(editor, "PublishStatement", one)) == (
        "FAILED_PRECONDITION", "MOVE_NOT_ALLOWED")

    # Returned with a reason, written again by another; whoever signed what it said before did not sign this.
    assert reason_of(lambda: do(leader, "ReturnStatement", one)) == ("INVALID_ARGUMENT", "REQUIRED")
    back = do(leader, "ReturnStatement", one, reason="缺伤情")
    assert (back.state, back.return_reason) == (RETURNED, "缺伤情")
    again = do(editor, "ReviseStatement", back, text=SAID, checked_with="青云派出所李警官")
    assert again.state == DRAFT and again.draft.actor == "person/editor"
    assert reason_of(lambda: do(leader, "ApproveStatement", again, etag=one.etag)) == (
        "ABORTED", "ETAG_MISMATCH")
    signed = do(leader, "ApproveStatement", again, etag=again.etag)
    assert signed.state == APPROVED and signed.approval.actor == "person/leader"
    changed = do(editor, "ReviseStatement", signed, text=SAID + "谢谢关注。", checked_with="青云派出所李警官")
    assert changed.state == DRAFT and not changed.HasField("approval")
    assert reason_of(lambda: do(editor, "PublishStatement", changed))[1] == "MOVE_NOT_ALLOWED"
    signed = do(leader, "ApproveStatement", changed, etag=changed.etag)
    said = do(editor, "PublishStatement", signed, request_id=request_id())
    assert said.state == PUBLISHED and said.publication.actor == "person/editor"
    assert reason_of(lambda: do(editor, "ReviseStatement", said, text="x", checked_with="y")) == (
        "FAILED_PRECONDITION", "MOVE_NOT_ALLOWED")

    # The topic has its response, the clock is met, and the incident's course tells all of it.
    suite.caught_up()
    shown = editor(editor.opinion.GetTopic, opinion.GetTopicRequest(topic_id=topic.id)).topic
    assert shown.response == SAID + "谢谢关注。" and shown.response_time == said.publication.time
    assert clock() == ["DEADLINE_STATE_MET"]
    steps = [event.type.rsplit(".", 1)[1] for event in hall.timeline(incident)]
    assert steps.count("StatementMoved") == 7 and steps.count("TopicAnswered") == 1
    # A second statement follows the first; lists show what waits.
    more = draft(editor, text="续报：双方已达成调解协议。")
    listed = leader(leader.statements.ListStatements, statements.ListStatementsRequest(only_open=True))
    assert [one.id for one in listed.statements] == [more.id]
    pages, token = [], ""
    while True:
        page = leader(leader.statements.ListStatements, statements.ListStatementsRequest(
            topic_id=topic.id, page_size=1, page_token=token))
        pages += page.statements
        token = page.next_page_token
        if not token:
            break
    assert {one.id for one in pages} == {more.id, said.id} and len(pages) == 2
    suite.stop()
    suite.quintet("verify", "store")
