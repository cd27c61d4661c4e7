# Stores of earlier versions as text, so that today's programs can be tried on them. Whenever a schema
# is released, keep what it makes:
#
#     .tools/python/bin/python Tests/EndToEnd/old_stores.py NAME
#
# plays a short story through the suite that is built, and writes OldStores/NAME/<service>.sql.
import pathlib
import shutil
import sqlite3
import sys
import tempfile

from conftest import SERVICES, start_suite

FOLDER = pathlib.Path(__file__).resolve().parent / "OldStores"
SCENE = (28.02, 120.65)
CORNERS = [(27.98, 120.60), (27.98, 120.70), (28.08, 120.70), (28.08, 120.60)]


def names():
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def load(name, data_dir):
    """Makes the files of old stores from their text."""
    data_dir.mkdir(parents=True)
    for text in (FOLDER / name).glob("*.sql"):
        store = sqlite3.connect(data_dir / f"{text.stem}.sqlite")
        store.executescript(text.read_text())
        store.close()


def keep(name, data_dir):
    """Writes the stores of a suite that is stopped as text."""
    target = FOLDER / name
    target.mkdir(parents=True)
    for service in SERVICES:
        store = sqlite3.connect(f"file:{data_dir}/{service}.sqlite?mode=ro", uri=True)
        (target / f"{service}.sql").write_text("\n".join(_packed(store.iterdump())) + "\n")
        store.close()


def _packed(statements):
    """Several short statements on a line."""
    line = ""
    for statement in statements:
        if line and len(line) + len(statement) > 300:
            yield line
            line = ""
        line = f"{line} {statement}".strip()
    yield line


def play(suite):
    """One incident from the call to its end, so that nearly every table holds something."""
    from client import (
        Client, directive, directives, dispatch, incidents, kind, opinion, review)

    call = Client(suite.channel())
    station = call.make_station("S1", "青云派出所", CORNERS)
    unit = call.make_unit("近 01", SCENE, station.id, ["taser"])
    suite.caught_up()
    words = dict(phone="13800005678", address="青云路 8 号 302 室")
    call.open_incident(SCENE, "夫妻吵架", kind.INCIDENT_CLASS_DISPUTE, **words)
    incident = call.open_incident(
        SCENE, "又吵起来了", kind.INCIDENT_CLASS_DISPUTE, **words).incident_id
    suite.caught_up()
    call(call.incidents.QueueIncident, incidents.QueueIncidentRequest(incident_id=incident))
    advice = call(call.dispatch.RecommendUnits, dispatch.RecommendUnitsRequest(
        incident_id=incident, limit=1))
    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=incident, unit_ids=[unit.id], recommendation_id=advice.recommendation_id))
    recipient = directive.Recipient(kind=directive.RECIPIENT_KIND_STATION, id=station.id)
    order = call(call.directives.IssueDirective, directives.IssueDirectiveRequest(
        content=directives.DirectiveContent(
            directive_class=directive.DIRECTIVE_CLASS_URGENT, incident_id=incident,
            title="落实化解", text="三日内上门回访", recipients=[recipient]))).directive
    for method, request, more in (
        (call.directives.ConfirmDelivery, directives.ConfirmDeliveryRequest, {}),
        (call.directives.AcknowledgeDirective, directives.AcknowledgeDirectiveRequest, {}),
        (call.directives.StartDirective, directives.StartDirectiveRequest, {}),
        (call.directives.SubmitDirectiveFeedback, directives.SubmitDirectiveFeedbackRequest,
         {"text": "已约双方周三到所里调解，刀具已收缴"}),
        (call.directives.AcceptDirectiveFeedback, directives.AcceptDirectiveFeedbackRequest, {}),
    ):
        call(method, request(directive_id=order.id, recipient=recipient, **more))
    call.run_assignment(sent.assignments[0].id)
    for text in ("已处理", "到场后控制当事人，双方带回所内调解，情绪稳定"):
        call(call.review.SubmitIncidentFeedback, review.SubmitIncidentFeedbackRequest(
            incident_id=incident, text=text))
        suite.caught_up()
        # Supervision returns what says nothing, a moment later.
        while text == "已处理" and not call.incident(incident).feedback.return_count:
            pass
    call(call.review.CloseIncident, review.CloseIncidentRequest(incident_id=incident))
    topic = call(call.opinion.SubmitItem, opinion.SubmitItemRequest(
        source=opinion.OPINION_SOURCE_SOCIAL, text="青云路有人吵架，警察几分钟就到了")).topic
    call(call.opinion.TieTopic, opinion.TieTopicRequest(topic_id=topic.id, incident_id=incident))
    call.publish(topic.id, "情况属实，无人受伤。", suite.client("person/leader"))
    suite.caught_up()


if __name__ == "__main__":
    folder = pathlib.Path(tempfile.mkdtemp(prefix="q-"))
    try:
        suite = start_suite(folder)
        try:
            play(suite)
        finally:
            suite.stop()
        keep(sys.argv[1], suite.data_dir)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
