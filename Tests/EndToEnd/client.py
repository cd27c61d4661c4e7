# A partner's view of the suite: the generated stubs on one channel, and the calls that a story needs.
import itertools
import os

from google.protobuf.timestamp_pb2 import Timestamp
from quintet.command.v1 import assignment_pb2 as assignment
from quintet.command.v1 import call_report_service_pb2 as calls
from quintet.command.v1 import call_report_service_pb2_grpc as calls_grpc
from quintet.command.v1 import directive_pb2 as directive
from quintet.command.v1 import directive_service_pb2 as directives
from quintet.command.v1 import directive_service_pb2_grpc as directives_grpc
from quintet.command.v1 import dispatch_service_pb2 as dispatch
from quintet.command.v1 import dispatch_service_pb2_grpc as dispatch_grpc
from quintet.command.v1 import incident_service_pb2 as incidents
from quintet.command.v1 import incident_service_pb2_grpc as incidents_grpc
from quintet.command.v1 import review_service_pb2 as review
from quintet.command.v1 import review_service_pb2_grpc as review_grpc
from quintet.duty.v1 import organisation_service_pb2 as organisation
from quintet.duty.v1 import organisation_service_pb2_grpc as organisation_grpc
from quintet.duty.v1 import unit_service_pb2 as units
from quintet.duty.v1 import unit_service_pb2_grpc as units_grpc
from quintet.intelligence.v1 import assessment_service_pb2 as assessments
from quintet.intelligence.v1 import assessment_service_pb2_grpc as assessments_grpc
from quintet.publicopinion.v1 import opinion_service_pb2 as opinion
from quintet.publicopinion.v1 import opinion_service_pb2_grpc as opinion_grpc
from quintet.publicopinion.v1 import statement_service_pb2 as statements
from quintet.publicopinion.v1 import statement_service_pb2_grpc as statements_grpc
from quintet.supervision.v1 import deadline_service_pb2 as deadlines
from quintet.supervision.v1 import deadline_service_pb2_grpc as deadlines_grpc
from quintet.supervision.v1 import evaluation_service_pb2 as evaluations
from quintet.supervision.v1 import evaluation_service_pb2_grpc as evaluations_grpc
from quintet.type.v1 import incident_kind_pb2 as kind
from quintet.type.v1 import location_pb2 as location

TIMEOUT = 10
_counter = itertools.count()


def request_id(what="r"):
    return f"test-{os.getpid()}-{what}-{next(_counter)}"


def now():
    stamp = Timestamp()
    stamp.GetCurrentTime()
    return stamp


def wgs84(latitude, longitude):
    return location.GeoPoint(
        latitude=latitude, longitude=longitude, datum=location.DATUM_WGS84)


class Client:
    """Stubs of all services on one channel."""

    def __init__(self, channel):
        self.metadata = ()
        self.calls = calls_grpc.CallReportServiceStub(channel)
        self.incidents = incidents_grpc.IncidentServiceStub(channel)
        self.review = review_grpc.ReviewServiceStub(channel)
        self.dispatch = dispatch_grpc.DispatchServiceStub(channel)
        self.directives = directives_grpc.DirectiveServiceStub(channel)
        self.organisation = organisation_grpc.OrganisationServiceStub(channel)
        self.units = units_grpc.UnitServiceStub(channel)
        self.assessments = assessments_grpc.AssessmentServiceStub(channel)
        self.opinion = opinion_grpc.OpinionServiceStub(channel)
        self.statements = statements_grpc.StatementServiceStub(channel)
        self.deadlines = deadlines_grpc.DeadlineServiceStub(channel)
        self.evaluations = evaluations_grpc.EvaluationServiceStub(channel)

    def __call__(self, method, request):
        """A unary call with a deadline; a mutation without a request id is given one."""
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = request_id()
        return method(request, timeout=TIMEOUT, metadata=self.metadata)

    # The steps of a story.

    def make_station(self, code, name, corners, area_class=organisation.AREA_CLASS_CENTRE):
        bureau = self(self.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code="B1", name="测试分局", rank=organisation.ORG_RANK_COUNTY)).org_unit
        station = self(self.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code=code, name=name, rank=organisation.ORG_RANK_STATION,
            parent_id=bureau.id)).org_unit
        self(self.organisation.PutJurisdiction, organisation.PutJurisdictionRequest(
            org_unit_id=station.id, area_class=area_class,
            area=location.GeoPolygon(corners=[wgs84(*corner) for corner in corners])))
        return station

    def make_unit(self, call_sign, at, station_id="", capabilities=()):
        unit = self(self.units.PutUnit, units.PutUnitRequest(
            call_sign=call_sign, kind=units.UNIT_KIND_CAR, org_unit_id=station_id,
            capabilities=capabilities)).unit
        self.report_position(unit.id, at)
        return unit

    def report_position(self, unit_id, at):
        answer = self.units.ReportPositions(iter([units.ReportPositionsRequest(
            unit_id=unit_id, position=units.UnitPosition(point=wgs84(*at), fix_time=now()))]),
            timeout=TIMEOUT, metadata=self.metadata)
        assert answer.accepted_count == 1, answer

    def content(self, at, narrative, **fields):
        fields.setdefault("address", "测试路 18 号")
        return calls.CallReportContent(
            channel=fields.pop("channel", calls.CALL_CHANNEL_PHONE),
            origin=kind.INCIDENT_ORIGIN_CITIZEN_REPORTED,
            location=location.Location(
                point=at if isinstance(at, location.GeoPoint) else wgs84(*at),
                address=fields.pop("address")),
            narrative=narrative, **fields)

    def open_incident(self, at, narrative, incident_class, level=kind.INCIDENT_LEVEL_4, **fields):
        report = self(self.calls.AnswerCall, calls.AnswerCallRequest(
            content=self.content(at, narrative, **fields))).call_report
        return self(self.calls.OpenIncident, calls.OpenIncidentRequest(
            call_report_id=report.id, etag=report.etag, incident_class=incident_class,
            level=level))

    def incident(self, incident_id):
        return self(self.incidents.GetIncident, incidents.GetIncidentRequest(
            incident_id=incident_id)).incident

    def timeline(self, incident_id):
        return list(self(self.incidents.GetTimeline, incidents.GetTimelineRequest(
            incident_id=incident_id)).events)

    def step(self, assignment_id, step, **fields):
        return self(self.dispatch.AdvanceAssignment, dispatch.AdvanceAssignmentRequest(
            assignment_id=assignment_id, step=step, **fields)).assignment

    def run_assignment(self, assignment_id):
        for step in (assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, assignment.ASSIGNMENT_STEP_DEPART,
                     assignment.ASSIGNMENT_STEP_ARRIVE, assignment.ASSIGNMENT_STEP_CLEAR):
            made = self.step(assignment_id, step)
        return made

    def publish(self, topic_id, text, second):
        """A statement by this client, signed by `second`, who is somebody else."""
        drafted = self(self.statements.DraftStatement, statements.DraftStatementRequest(
            topic_id=topic_id, text=text, checked_with="青云派出所值班领导")).statement
        second(second.statements.ApproveStatement, statements.ApproveStatementRequest(
            statement_id=drafted.id, etag=drafted.etag))
        return self(self.statements.PublishStatement, statements.PublishStatementRequest(
            statement_id=drafted.id)).statement
