# 专班: a list of thousands of checks comes from a file, is split among stations, checked by two people
# each, and closed with no row lost or done twice; the service is killed in the middle.
import csv
import io
import os
import random
import signal
import subprocess
import time

import grpc
import pytest
from client import Client, directive, directives
from conftest import BIN
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import campaign_pb2 as campaign
from quintet.command.v1 import campaign_row_service_pb2 as rows
from quintet.command.v1 import campaign_row_service_pb2_grpc as rows_grpc
from quintet.command.v1 import campaign_service_pb2 as campaigns
from quintet.command.v1 import campaign_service_pb2_grpc as campaigns_grpc
from quintet.type.v1 import form_pb2 as form
from quintet.type.v1 import purpose_pb2 as purpose
from test_c6_peace_war_switch import refused

# `QUINTET_CAMPAIGN_ROWS=53000` for the whole of what the scenario names.
ROWS = int(os.environ.get("QUINTET_CAMPAIGN_ROWS", "4000"))
SOUTH = [(27.90, 120.60), (27.90, 120.70), (28.00, 120.70), (28.00, 120.60)]
NORTH = [(28.00, 120.60), (28.00, 120.70), (28.10, 120.70), (28.10, 120.60)]
ROW_STATE = campaign.CampaignRowState.Value


class Hall(Client):
    def __init__(self, channel):
        super().__init__(channel)
        self.campaigns = campaigns_grpc.CampaignServiceStub(channel)
        self.rows = rows_grpc.CampaignRowServiceStub(channel)

    def create(self, content):
        return self(self.campaigns.CreateCampaign, campaigns.CreateCampaignRequest(
            content=content)).campaign

    def read(self, id):
        return self(self.campaigns.GetCampaign, campaigns.GetCampaignRequest(
            campaign_id=id)).campaign

    def parts(self, id):
        return {one.org_unit_id: one for one in self(
            self.campaigns.ListCampaignParts, campaigns.ListCampaignPartsRequest(
                campaign_id=id)).parts}

    def list(self, id, **fields):
        found, token = [], ""
        while True:
            page = self(self.rows.ListCampaignRows, rows.ListCampaignRowsRequest(
                campaign_id=id, page_size=500, page_token=token, **fields))
            found += page.rows
            token = page.next_page_token
            if not token:
                return found

    def check(self, id, key, found, **fields):
        return self(self.rows.CheckCampaignRow, rows.CheckCampaignRowRequest(
            campaign_id=id, key=key, answers=answers(found), **fields)).row


def answers(found):
    return [form.FormAnswer(field_code="found", choices=form.FormChoices(codes=[found]))]


def text(code, label, required=False):
    return form.FormField(code=code, label=label, kind=form.FORM_FIELD_KIND_TEXT, required=required)


def column(field, use="UNSPECIFIED", key=False):
    return campaign.CampaignColumn(
        field=field, key=key,
        use=campaign.CampaignColumnUse.Value(f"CAMPAIGN_COLUMN_USE_{use}"))


def number(code):
    return form.FormField(code=code, label=code, kind=form.FORM_FIELD_KIND_NUMBER)


def content(**changes):
    fields = {
        "name": "汛期隐患排查", "basis": "防汛应急预案第 12 条", "double_check": True,
        "due_time": Timestamp(seconds=int(time.time()) + 7 * 86_400),
        "directive_class": directive.DIRECTIVE_CLASS_GENERAL,
        "columns": [
            column(text("no", "编号", True), key=True), column(text("site", "地点", True)),
            column(text("owner", "联系人姓名", True), "PERSON_NAME"),
            column(text("tel", "电话"), "PHONE"), column(number("lat"), "LATITUDE"),
            column(number("lon"), "LONGITUDE")],
        "form": form.Form(fields=[
            form.FormField(
                code="found", label="有无隐患", kind=form.FORM_FIELD_KIND_CHOOSE_ONE, required=True,
                options=[form.FormOption(code="yes", label="有"),
                         form.FormOption(code="no", label="无")]),
            text("note", "备注")])}
    fields.update(changes)
    return campaign.CampaignContent(**fields)


def table(count):
    """A list with three rows that are no good."""
    chance = random.Random(7)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["编号", "地点", "联系人姓名", "电话", "lat", "lon"])
    for index in range(1, count + 1):
        row = [f"F{index:06}", f"河岸街 {index} 号，“低洼”处", "王小明",
               f"138{chance.randrange(10**8):08}", f"{27.9 + 0.2 * (index % 997) / 997:.5f}",
               "120.65000"]
        if index == 10:
            row[3] = "打不通"
        if index == 20:
            row[1] = "找 13912345678"
        if index == 30:
            row[0] = "F000029"
        writer.writerow(row)
    return out.getvalue()


def kill(suite, name):
    pid = suite.pid(name)
    os.kill(pid, signal.SIGKILL)
    return pid


def test_no_row_is_lost_or_done_twice(fresh_suite, tmp_path):
    suite = fresh_suite
    hall = Hall(suite.channel())
    south = hall.make_station("S1", "青云派出所", SOUTH)
    north = hall.make_station("S2", "北山派出所", NORTH)
    suite.caught_up()
    id = hall.create(content()).id

    # As a spreadsheet here saves it; the client is killed, then the service.
    path = tmp_path / "list.csv"
    path.write_bytes(table(ROWS).encode("gb18030"))
    command = [str(BIN / "quintet"), "import", "campaign", str(path), "--campaign", id, *suite.flags]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while hall.read(id).counts.total == 0:
        assert time.monotonic() < end
    first.kill()
    first.wait()
    second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    begun = hall.read(id).counts.total
    while hall.read(id).counts.total <= begun and second.poll() is None:
        assert time.monotonic() < end
    kill(suite, "command")
    printed, _ = second.communicate(timeout=120)
    # Three rows were set aside.
    assert second.returncode == 1, printed
    for line in ("row 10：tel KIND_MISMATCH", "row 20：site PERSONAL_UNDECLARED",
                 "row 30：no KEY_TAKEN"):
        assert line in printed, printed
    everything = hall.list(id)
    wanted = {f"F{index:06}" for index in range(1, ROWS + 1)} - {"F000010", "F000020", "F000030"}
    assert len(everything) == len(wanted) and {one.key for one in everything} == wanted
    assert [one.position for one in everything] == list(range(1, len(wanted) + 1))

    # The same list again, in another encoding and in one piece: nothing changes.
    path.write_text(table(ROWS))
    again = suite.quintet(
        "import", "campaign", str(path), "--campaign", id, check=False)
    assert f"已有 known {len(wanted)}" in again.stdout, again.stdout + again.stderr
    assert hall.list(id) == everything
    aside = hall(hall.rows.ListQuarantinedRows, rows.ListQuarantinedRowsRequest(campaign_id=id)).rows
    assert sorted((one.number, one.field, one.rule) for one in aside) == sorted(2 * [
        (10, "tel", "KIND_MISMATCH"), (20, "site", "PERSONAL_UNDECLARED"), (30, "no", "KEY_TAKEN")])

    # What is personal is masked, and sealed in the store.
    assert all(one.values[2] == "王**" for one in everything)
    assert everything[0].values[3].startswith("138****")
    for store in suite.data_dir.glob("command.sqlite*"):
        assert "王小明".encode() not in store.read_bytes()

    # Split by the areas that duty has drawn; handed out as directives.
    split = campaigns.SplitCampaignRequest(
        request_id="split-1", campaign_id=id, area=campaigns.SplitByArea())
    done = hall.campaigns.SplitCampaign(split, timeout=60)
    assert (done.assigned_count, done.unassigned_count) == (len(wanted), 0)
    assert hall.campaigns.SplitCampaign(split, timeout=60) == done
    handed = hall(hall.campaigns.HandOutParts, campaigns.HandOutPartsRequest(campaign_id=id)).parts
    assert {one.org_unit_id for one in handed} == {south.id, north.id}
    order = hall(hall.directives.GetDirective, directives.GetDirectiveRequest(
        directive_id=handed[0].directive_id)).directive
    assert order.recipients[0].recipient.id == handed[0].org_unit_id
    assert str(handed[0].counts.total) in order.text

    # A station sees its own part, two people check it apart, a third settles what they differ in.
    def person(name, station, *roles):
        one = Hall(suite.channel(subject=f"person/{name}"))
        one.metadata = (("authorization", "Bearer " + suite.tokens.sign(suite.tokens.claims(
            f"person/{name}", roles=list(roles or ["station"]), areas=[station.id]))),)
        return one

    ann, ben, cho = (person(name, south) for name in ("ann", "ben", "cho"))
    mine = ann.list(id)
    assert len(mine) == hall.parts(id)[south.id].counts.total < len(wanted)
    assert set(ann.parts(id)) == {south.id} and ann.read(id).counts.total == len(mine)
    foreign = next(one.key for one in everything if one.key not in {row.key for row in mine})
    assert refused(lambda: ann.check(id, foreign, "no")) == (
        "PERMISSION_DENIED", "OUTSIDE_AREA", "key")
    same, other, gone = (mine[index].key for index in (0, 1, 2))
    half = ann.check(id, same, "no")
    assert half.state == ROW_STATE("CAMPAIGN_ROW_STATE_CHECKED_ONCE")
    assert refused(lambda: ann.check(id, same, "no")) == ("PERMISSION_DENIED", "SAME_PERSON", "key")
    assert not ben.list(id, key=same)[0].checks[0].answers
    assert ben.check(id, same, "no").state == ROW_STATE("CAMPAIGN_ROW_STATE_DONE")
    ann.check(id, other, "no")
    torn = ben.check(id, other, "yes")
    assert torn.state == ROW_STATE("CAMPAIGN_ROW_STATE_DIFFERING")
    assert list(torn.differences) == ["found"] and len(torn.checks[0].answers) == 1

    def settle(who):
        return who(who.rows.SettleCampaignRow, rows.SettleCampaignRowRequest(
            campaign_id=id, key=other, etag=torn.etag, answers=answers("yes"), reason="现场复查")).row

    assert refused(lambda: settle(ben)) == ("PERMISSION_DENIED", "SAME_PERSON", "key")
    settled = settle(cho)
    assert settled.state == ROW_STATE("CAMPAIGN_ROW_STATE_DONE")
    assert settled.result[0].choices.codes == ["yes"] and settled.checks[2].reason == "现场复查"
    assert refused(lambda: hall(hall.campaigns.CloseCampaign, campaigns.CloseCampaignRequest(
        campaign_id=id))) == ("FAILED_PRECONDITION", "ROWS_OPEN", None)

    # A number is shown whole for a purpose, and that is on record.
    def reveal(who, case, code=purpose.PURPOSE_CODE_RESCUE):
        return who(who.rows.RevealCampaignRow, rows.RevealCampaignRowRequest(
            campaign_id=id, key=same, purpose=purpose.Purpose(code=code, case_id=case))).values

    assert {one.column_code: one.value for one in reveal(ann, id)}["owner"] == "王小明"
    assert refused(lambda: reveal(ann, "")) == ("INVALID_ARGUMENT", "REQUIRED", "purpose.case_id")
    assert refused(lambda: reveal(ann, id, purpose.PURPOSE_CODE_COMPLAINT))[1] == "PURPOSE_NOT_ALLOWED"
    assert refused(lambda: reveal(ann, "inc_01kg8y9s0ze3xtd5gqjrqmx9m1"))[1] == "CASE_NOT_OPEN"

    # The rest is written off in lots, and the whole is closed.
    hall(hall.rows.WriteOffCampaignRows, rows.WriteOffCampaignRowsRequest(
        campaign_id=id, keys=[gone], reason="已拆迁"))
    left = [one.key for one in hall.list(id) if one.state == ROW_STATE("CAMPAIGN_ROW_STATE_OPEN")]
    for start in range(0, len(left), 500):
        hall(hall.rows.WriteOffCampaignRows, rows.WriteOffCampaignRowsRequest(
            campaign_id=id, keys=left[start:start + 500], reason="演练到此为止"))
    closed = hall(hall.campaigns.CloseCampaign, campaigns.CloseCampaignRequest(
        campaign_id=id)).campaign
    assert closed.state == campaign.CAMPAIGN_STATE_CLOSED
    assert (closed.counts.done, closed.counts.written_off) == (2, len(wanted) - 2)
    pieces = hall.rows.ExportCampaignRows(
        rows.ExportCampaignRowsRequest(campaign_id=id), timeout=60)
    exported = list(csv.reader(io.StringIO("".join(piece.csv for piece in pieces).lstrip("\ufeff"))))
    assert len(exported) == len(wanted) + 1
    line = next(line for line in exported if line[1] == other)
    assert "有" in line and "person/cho" in line and "found" in line
    assert refused(lambda: hall.check(id, same, "no"))[1] == "CAMPAIGN_CLOSED"


def test_bad_input_names_field_and_rule(suite):
    hall = Hall(suite.channel())

    def create(**changes):
        return refused(lambda: hall.create(content(**changes)))

    bad = "INVALID_ARGUMENT"
    for label in ("民族", "宗教信仰", "政治面貌", "健康状况"):
        assert create(columns=[column(text("c", label))]) == (
            bad, "COLUMN_NOT_ALLOWED", "content.columns[0].field.label"), label
    assert create(columns=[column(text("c", "联系电话"))]) == (
        bad, "PERSONAL_UNDECLARED", "content.columns[0].use")
    assert create(columns=[column(text("c", "纬度"), "LATITUDE")]) == (
        bad, "KIND_NOT_ALLOWED", "content.columns[0].field.kind")
    assert create(columns=[column(text("a", "甲"), key=True), column(text("b", "乙"), key=True)]) == (
        bad, "DUPLICATE", "content.columns[1].key")
    assert create(columns=[]) == (bad, "REQUIRED", "content.columns")
    assert create(basis="") == (bad, "REQUIRED", "content.basis")
    assert create(due_time=Timestamp(seconds=1)) == (bad, "OUT_OF_RANGE", "content.due_time")
    assert create(directive_class=directive.DIRECTIVE_CLASS_DISPATCH) == (
        bad, "DISPATCH_CLASS_RESERVED", "content.directive_class")

    id = hall.create(content()).id

    def send(*parts, header=None):
        head = {"request_id": f"bad-{time.monotonic_ns()}", "campaign_id": id,
                "file_digest": "a" * 64, "columns": ["no", "地点", "owner", "tel", "lat", "lon"],
                "datum": 1, **(header or {})}
        message = rows.ImportCampaignRowsRequest
        return hall.rows.ImportCampaignRows(iter(
            [message(header=rows.CampaignImportHeader(**head))]
            + [message(batch=rows.CampaignImportBatch(rows=part)) for part in parts]), timeout=10)

    def row(number, *values):
        return rows.CampaignImportRow(number=number, values=values)

    assert refused(lambda: send(header={"columns": ["no", "what"]})) == (
        bad, "COLUMN_UNKNOWN", "header.columns[1]")
    assert refused(lambda: send(header={"columns": ["no", "no"]})) == (
        bad, "DUPLICATE", "header.columns[1]")
    assert refused(lambda: send(header={"columns": ["no"]})) == (
        bad, "COLUMN_MISSING", "header.columns")
    assert refused(lambda: send(header={"datum": 0})) == (bad, "DATUM_REQUIRED", "header.datum")
    assert refused(lambda: send(header={"file_digest": "x"})) == (
        bad, "DIGEST_INVALID", "header.file_digest")
    assert refused(lambda: send([row(2, "a"), row(2, "b")])) == (
        bad, "NUMBER_ORDER", "batch.rows[1].number")
    assert refused(lambda: send([])) == (bad, "REQUIRED", "batch.rows")
    assert send([row(1, "a", "某处", "王", "", "", ""), row(2, "b")]).progress.stored_count == 1
    assert refused(lambda: hall.check(id, "a", "no")) == (
        "FAILED_PRECONDITION", "PART_NOT_HANDED_OUT", None)
    assert refused(lambda: hall(hall.campaigns.SplitCampaign, campaigns.SplitCampaignRequest(
        campaign_id=id, column=campaigns.SplitByColumn()))) == (bad, "COLUMN_MISSING", "method")
    assert refused(lambda: hall(hall.campaigns.SplitCampaign, campaigns.SplitCampaignRequest(
        campaign_id=id))) == (bad, "REQUIRED", "method")
