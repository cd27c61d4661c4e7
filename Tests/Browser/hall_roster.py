# A hall with seats, officers and shifts around now, for pages that show who is on.
import datetime
import time

from client import Client, organisation, request_id
from google.protobuf.timestamp_pb2 import Timestamp
from quintet.duty.v1 import roster_service_pb2 as rosters
from quintet.duty.v1 import roster_service_pb2_grpc as rosters_grpc
from quintet.duty.v1 import seat_service_pb2 as seats
from quintet.duty.v1 import seat_service_pb2_grpc as seats_grpc

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
DAY = 86400
HOUR = 60
DIRECTOR, WARNING, DISPATCHER = "hall.duty-director", "hall.warning", "hall.dispatcher"


def stamp(seconds):
    return Timestamp(seconds=int(seconds))


def day(seconds):
    return datetime.datetime.fromtimestamp(seconds, SHANGHAI).date().isoformat()


class HallRoster:
    """Ten officers and three seats: the director's in turns, warning with nobody in it, dispatchers of
    whom one is missing."""

    def __init__(self, suite):
        self.suite = suite
        channel = suite.anonymous_channel()
        self.rosters = rosters_grpc.RosterServiceStub(channel)
        self.seats = seats_grpc.SeatServiceStub(channel)
        self.now = time.time()
        office = Client(suite.channel())
        bureau = office(office.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code="B1", name="测试分局", rank=organisation.ORG_RANK_COUNTY)).org_unit
        for number in range(12):
            self(self.rosters.PutOfficer, rosters.PutOfficerRequest(officer=rosters.Officer(
                number=f"P{number:02}", name=f"民警{number:02}", actor=f"person/p{number:02}",
                org_unit_id=bureau.id, qualifications=["high-privilege"])))
        for code, name, kind, role, manning in (
                (DIRECTOR, "值班主任. Duty director", rosters.SEAT_KIND_DUTY_DIRECTOR, "shift-leader", 1),
                (WARNING, "预警席. Warning", rosters.SEAT_KIND_WARNING, "analyst", 1),
                (DISPATCHER, "派警席. Dispatchers", rosters.SEAT_KIND_DISPATCHER, "dispatcher", 2)):
            self(self.rosters.PutSeat, rosters.PutSeatRequest(seat=rosters.Seat(
                code=code, name=name, kind=kind, role=role, minimum_manning=manning,
                qualifications=["high-privilege"])))
        # Minutes from now, minutes long, who.
        self.publish(DIRECTOR, [(-5 * HOUR, 315, ["P00"]), (15, 6 * HOUR, ["P01"]),
                                (15 + 6 * HOUR, 6 * HOUR, ["P02"]), (15 + 12 * HOUR, 6 * HOUR, ["P03"])])
        self.publish(WARNING, [(-HOUR, 6 * HOUR, ["P05"]), (5 * HOUR, 6 * HOUR, ["P06"])])
        self.publish(DISPATCHER, [(-HOUR, 6 * HOUR, ["P07", "P08"]), (5 * HOUR, 6 * HOUR, ["P09", "P10"])])
        self.member(self.seats.TakeSeat, seats.TakeSeatRequest(seat_code=DIRECTOR), "P00")
        self.member(self.seats.TakeSeat, seats.TakeSeatRequest(seat_code=DISPATCHER), "P07")

    def __call__(self, method, request, who="person/admin", roles=("operator",), **claims):
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = request_id("roster")
        token = self.suite.tokens.sign(self.suite.tokens.claims(who, roles=list(roles), **claims))
        return method(request, timeout=10, metadata=(("authorization", f"Bearer {token}"),))

    def member(self, method, request, number):
        """As an officer who is off duty: no shift in the token, and no area."""
        return self(method, request, f"person/{number.lower()}", ["member"], areas=[],
                    duty_from=None, duty_until=None)

    def leader(self, method, request):
        return self(method, request, "person/leader", ["shift-leader"])

    def publish(self, seat, turns):
        """Each turn on the calendar day on which it begins: of a cycle of three days for each crew, one
        is not rest."""
        midnight = datetime.datetime.fromtimestamp(self.now, SHANGHAI).replace(
            hour=0, minute=0, second=0, microsecond=0).timestamp()
        minute = int(self.now) // 60 * 60
        pattern = rosters.Pattern(code=f"of-{seat[5:]}", name="故事", anchor_date=day(midnight - DAY),
                                  crew_offsets=range(0, 3 * len(turns), 3))
        for number, (begin, length, _) in enumerate(turns):
            start = minute + begin * 60
            which = [day(midnight + n * DAY) for n in (-1, 0, 1)].index(day(start))
            pattern.turns.append(rosters.Turn(
                code=f"t{number}", name=f"t{number}", length_minutes=length,
                start_minute=(start + 8 * 3600) % DAY // 60))
            pattern.days.extend(f"t{number}" if n == which else "-" for n in range(3))
        self(self.rosters.PutPattern, rosters.PutPatternRequest(pattern=pattern))
        crews = [rosters.Crew(name=f"{'一二三四五'[n]}班", officer_numbers=crew)
                 for n, (*_, crew) in enumerate(turns)]
        self.leader(self.rosters.PublishRoster, rosters.PublishRosterRequest(
            plan=rosters.RosterPlan(seat_code=seat, pattern_code=pattern.code, crews=crews,
                                    from_date=day(midnight - DAY), to_date=day(midnight + DAY)),
            occur_time=stamp(self.now - 2 * DAY)))

    def holders(self):
        """Names by seat, as duty has them."""
        views = self.leader(self.seats.ListSeats, seats.ListSeatsRequest()).seats
        return {view.seat.code: [holder.name for holder in view.holders] for view in views}

    def gaps(self):
        return self.leader(self.rosters.ListGaps, rosters.ListGapsRequest(
            start_time=stamp(self.now), end_time=stamp(self.now + 2 * DAY))).shifts

    def shifts(self, seat):
        return self.leader(self.rosters.ListShifts, rosters.ListShiftsRequest(
            start_time=stamp(self.now - DAY), end_time=stamp(self.now + 2 * DAY),
            seat_code=seat, page_size=500)).shifts
