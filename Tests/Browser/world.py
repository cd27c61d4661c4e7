# A small bureau with something in it for every page.
from client import (
    Client, directive, directives, kind, opinion, organisation, review, wgs84)
from google.protobuf.timestamp_pb2 import Timestamp
from quintet.intelligence.v1 import gazetteer_service_pb2 as gazetteer
from quintet.intelligence.v1 import gazetteer_service_pb2_grpc as gazetteer_grpc

CORNERS = [(27.98, 120.60), (27.98, 120.70), (28.08, 120.70), (28.08, 120.60)]
OTHER = [(27.98, 120.70), (27.98, 120.80), (28.08, 120.80), (28.08, 120.70)]
SCENE = (28.02, 120.65)
PLATE = "JX-0042"


class World:
    """Two stations, a beat, units, a numbered plate."""

    def __init__(self, suite):
        self.suite = suite
        self.client = call = Client(suite.channel())
        self.station = call.make_station("S1", "青云派出所", CORNERS)
        self.other = call.make_station("S2", "东湖派出所", OTHER)
        self.beat = call(call.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code="S1-1", name="青云社区责任区", rank=organisation.ORG_RANK_BEAT,
            parent_id=self.station.id)).org_unit
        self.near = call.make_unit("青巡 1", (28.021, 120.651), self.station.id)
        self.far = call.make_unit("青巡 2", (28.05, 120.69), self.station.id)
        places = gazetteer_grpc.GazetteerServiceStub(suite.channel())
        call(places.PutLocationPlate, gazetteer.PutLocationPlateRequest(
            plate=gazetteer.LocationPlateContent(
                number=PLATE, kind=gazetteer.PLACE_KIND_PLATE, name="江心屿灯塔旁",
                address="江心屿 42 号牌", point=wgs84(*SCENE))))
        suite.caught_up()

    def incident(self, narrative, level=kind.INCIDENT_LEVEL_4,
                 incident_class=kind.INCIDENT_CLASS_DISPUTE, at=SCENE, **fields):
        opened = self.client.open_incident(at, narrative, incident_class, level, **fields)
        return opened.incident_id

    def close(self, incident_id):
        """The rest of its course, so that it is in nobody's way."""
        call = self.client
        call(call.review.RequestFeedback, review.RequestFeedbackRequest(incident_id=incident_id))

    def topic(self, texts):
        """`texts` of (seconds ago, text); answers the topic's id."""
        call = self.client
        stamp = Timestamp()
        stamp.GetCurrentTime()
        topic_id = ""
        for ago, text in texts:
            at = Timestamp(seconds=stamp.seconds - ago)
            topic_id = call(call.opinion.SubmitItem, opinion.SubmitItemRequest(
                source=opinion.OPINION_SOURCE_SOCIAL, text=text, publish_time=at)).topic.id
        return topic_id

    def directive(self, title, text, incident_id="", to=None):
        call = self.client
        content = directives.DirectiveContent(
            directive_class=directive.DIRECTIVE_CLASS_URGENT, incident_id=incident_id, title=title,
            text=text, recipients=[directive.Recipient(
                kind=directive.RECIPIENT_KIND_STATION, id=(to or self.station).id)])
        return call(call.directives.IssueDirective, directives.IssueDirectiveRequest(
            content=content)).directive
