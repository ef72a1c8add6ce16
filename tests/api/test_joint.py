"""Joint inspections 联合抽查 (clause W3) over HTTP: one draw, one team of several agencies, one visit."""

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import Response

from app.deps import House
from app.domain.errors import Malformed
from app.services.access import create_key
from tests.api.amendment_desk import AmendmentDesk, codes
from tests.api.field_desk import JPEG
from tests.api.journey import PLAN, Journey, entity_rows, inspector_rows
from tests.conftest import REGION, Clock

JOINT: dict[str, Any] = {
    "lead_agency": "psb",
    "items": {"psb": ["psb.venues"], "fire": ["fire.units"]},
}
SLOTS = [["agency:psb", "role:lead"], ["agency:fire"]]
SIGNED = {"signed": True, "signer": "现场负责人"}


def problem(answer: Response) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.fixture
def county(journey: Journey) -> Journey:
    """Nine venues, four policemen who know nothing of fire, four fire officers who know nothing of venues."""
    journey.load("entities", entity_rows(9))
    psb = [{**row, "regimes": "entertainment"} for row in inspector_rows(4)]
    fire = [
        {**row, "regimes": "fire_unit", "certificate_no": f"XF{n}"}
        for n, row in enumerate(inspector_rows(4, agency="fire"))
    ]
    assert journey.load("inspectors", [*psb, *fire])["result"]["created"] == 8
    return journey


def key_of(journey: Journey, house: House, role: str, agency: str) -> str:
    """The name of a caller of an agency."""
    name = f"{role}-{agency}"
    with house.database.unit_of_work() as session:
        journey.keys[name], _ = create_key(
            session,
            new_id=house.new_id(),
            role=role,
            region=REGION,
            name=name,
            now=house.clock(),
            agency=agency,
        )
    return name


def test_a_plan_says_who_leads_and_what_each_agency_inspects(county: Journey) -> None:
    """The lead agency is data; every fault is told with the field."""

    def draft(**changes: Any) -> Response:
        return county.call("planner", "POST", "/v1/draw-plans", json={**PLAN, "slots": SLOTS, **changes})

    def wrong(answer: Response) -> list[str]:
        return [one["pointer"] for one in answer.json()["errors"]]

    unknown = draft(joint={"lead_agency": "psb", "items": {"psb": ["psb.venues"], "fire": ["fire.old"]}})
    assert (unknown.status_code, wrong(unknown)) == (422, ["/joint/items/fire/0"])
    led = draft(joint={**JOINT, "lead_agency": "fire"})
    assert (led.status_code, wrong(led)) == (409, ["/joint/lead_agency", "/slots/0"])
    alone = draft(joint=JOINT, slots=[["agency:psb", "role:lead"], ["agency:psb"]])
    assert (alone.status_code, wrong(alone)) == (409, ["/slots"])
    by_default = draft(joint=JOINT, slots=None).json()
    assert [slot[0] for slot in by_default["slots"]] == [
        "agency:psb",
        "agency:psb",
        "agency:fire",
        "agency:fire",
    ]
    made = draft(joint=JOINT).json()
    assert made["joint"] == JOINT
    assert made["slots"] == [
        ["agency:psb", "regime:entertainment", "role:lead"],
        ["agency:fire", "regime:fire_unit"],
    ]
    found = county.call("planner", "GET", f"/v1/draw-plans/{made['id']}/preflight").json()
    assert found["errors"] == []
    # Without the joint plan no fire officer would qualify for venues.
    single = draft().json()
    lacking = county.call("planner", "GET", f"/v1/draw-plans/{single['id']}/preflight").json()["errors"]
    assert "too-few-inspectors" in {one["code"] for one in lacking}


@dataclass
class Desk:
    """A joint visit, the policeman who leads and the fire officer who goes along."""

    journey: Journey
    house: House
    visit: dict[str, Any]
    police: str
    fire: str

    @property
    def path(self) -> str:
        """Of the visit."""
        return f"/v1/visits/{self.visit['id']}"

    def entries(self, who: str) -> list[str]:
        """Ids of the entries that somebody sees."""
        return [entry["id"] for entry in self.journey.call(who, "GET", self.path).json()["checklist"]]

    def save(self, who: str, ref: str, revision: int, **members: Any) -> Response:
        """A draft as an officer sends it."""
        body = {"client_ref": ref, "revision": revision, "answers": [], "codes": [], **members}
        return self.journey.call(who, "PUT", f"{self.path}/record", json=body)

    def answered(self, who: str) -> list[str]:
        """The entries whose answers somebody sees."""
        found = self.journey.call(who, "GET", f"{self.path}/record").json()["answers"]
        return [one["entry"] for one in found]

    def upload(self, who: str, *, name: str) -> Response:
        """Hand in a photo."""
        data = {"sha256": hashlib.sha256(JPEG).hexdigest()}
        return self.journey.call(
            who, "POST", f"{self.path}/evidence", files={"file": (name, JPEG)}, data=data
        )

    def post(self, who: str, step: str, **body: Any) -> Response:
        """An act at the visit."""
        return self.journey.call(who, "POST", f"{self.path}/{step}", json=body)


def test_one_visit_of_two_agencies_each_with_its_part(county: Journey, house: House, clock: Clock) -> None:
    """Each agency sees and answers its own; the lead submits, and one result is published with both."""
    draw = county.drawn(joint=JOINT, slots=SLOTS)
    public = county.call(None, "GET", f"/v1/public/draws/{draw['id']}").json()
    assert (draw["state"], public["joint"]) == ("drawn", JOINT)
    teams = AmendmentDesk(county, clock, draw)
    clock.move(days=1)
    visit = teams.visits()[0]
    assert visit["items"] == ["psb.venues", "fire.units"]
    assert (visit["agency"], visit["agencies"], visit["places"]) == ("psb", ["psb", "fire"], 2)
    assert [one["agency"] for one in visit["team"]] == ["psb", "fire"]
    # A successor of a fire officer is a fire officer: DR1 deals by the tags of the place.
    teams.absent(codes(visit)[1])
    teams.amended("withdraw", inspector=codes(visit)[1])
    teams.thrown(1)
    visit = teams.visits()[0]
    assert [one["agency"] for one in visit["team"]] == ["psb", "fire"]
    desk = Desk(county, house, visit, *county.team(visit))
    code = desk.post(desk.police, "code").json()["code"]
    told = county.call(None, "GET", f"/v1/public/verify-visit/{code}").json()
    assert told["item_name"]["zh"] == "娱乐场所治安检查、单位履行消防安全职责检查"
    assert [one["agency"] for one in told["officers"]] == ["psb", "fire"]
    county.go(visit)
    evidence_by_parts(desk)
    own = record_by_parts(desk)
    order = dispose_by_parts(desk, own)
    publish_as_one(desk, own)
    check_again_by_fire_officers(desk, order)


def evidence_by_parts(desk: Desk) -> None:
    """W3: what an officer hands in is of his agency's part; the others neither see nor withdraw it."""
    fire, police, evidence = desk.fire, desk.police, f"{desk.path}/evidence"
    photos = {
        who: desk.upload(who, name=f"{agency}.jpg") for who, agency in ((fire, "fire"), (police, "psb"))
    }
    assert [one.status_code for one in photos.values()] == [201, 201]
    # The same photo of both agencies is two pieces, each agency's own; sent again it is the one it was.
    ids = {who: answer.json()["id"] for who, answer in photos.items()}
    assert ids[fire] != ids[police]
    assert desk.upload(fire, name="again.jpg").json()["id"] == ids[fire]
    of_the_fire = key_of(desk.journey, desk.house, "reviewer", "fire")
    of_the_police = key_of(desk.journey, desk.house, "reviewer", "psb")
    seen = {
        who: [one["agency"] for one in desk.journey.call(who, "GET", evidence).json()["items"]]
        for who in (fire, police, of_the_fire, of_the_police, "auditor")
    }
    assert seen == {
        fire: ["fire"],
        police: ["fire", "psb"],
        of_the_fire: ["fire"],
        of_the_police: ["fire", "psb"],
        "auditor": ["fire", "psb"],
    }

    def read(who: str, piece: str, what: str = "") -> int:
        return desk.journey.call(who, "GET", f"{evidence}/{piece}{what}").status_code

    for who in (fire, of_the_fire):
        assert [read(who, ids[police]), read(who, ids[police], "/content")] == [404, 404]
        assert [read(who, ids[fire]), read(who, ids[fire], "/content")] == [200, 200]
    assert [read(police, ids[fire]), read(police, ids[fire], "/content")] == [200, 200]
    tag = desk.journey.call(police, "GET", f"{evidence}/{ids[fire]}").headers["etag"]

    def withdraw(who: str, piece: str) -> Response:
        return desk.journey.call(who, "DELETE", f"{evidence}/{piece}", headers={"If-Match": tag})

    assert problem(withdraw(police, ids[fire])) == (403, "other-agencys-evidence")
    assert withdraw(fire, ids[police]).status_code == 404
    assert withdraw(fire, ids[fire]).status_code == 204


BURNT = {"ref": "f1", "severity": "serious", "clause": "消防法 第十三条", "text": "未经消防验收"}


def record_by_parts(desk: Desk) -> list[str]:
    """Both agencies answer; gives the ids of the fire entries."""
    fire, police = desk.fire, desk.police
    own, whole = desk.entries(fire), desk.entries(police)
    assert own == [f"fire.units:{n}" for n in range(1, len(own) + 1)]
    assert own == [one for one in whole if one.startswith("fire")]
    of_fire = [{"entry": one, "reply": "does_not" if one == own[0] else "conforms"} for one in own]
    of_police = [{"entry": one, "reply": "conforms"} for one in whole if one not in own]
    burnt = {**BURNT, "entry": own[0]}
    alien = desk.save(fire, "a", 0, answers=of_police)
    assert problem(alien) == (409, "record-refused")
    assert {one["code"] for one in alien.json()["errors"]} == {"other-agencys-part"}
    foreign = desk.save(fire, "b", 0, codes=["22"]).json()["errors"]
    assert {one["code"] for one in foreign} == {"lead-agencys-part"}
    for _ in range(2):  # sent again by a tablet that was offline: nothing changes
        assert desk.save(fire, "c", 0, answers=of_fire, findings=[burnt]).json()["revision"] == 1
    led = desk.save(police, "d", 1, answers=of_police, signature=SIGNED, codes=["22", "05"])
    assert led.json()["revision"] == 2
    assert desk.answered(fire) == own
    assert desk.answered(police) == [*own, *(one["entry"] for one in of_police)]
    versions = desk.journey.call(fire, "GET", f"{desk.path}/record/versions").json()["items"]
    assert [len(one["body"]["answers"]) for one in versions] == [len(own), 0]
    assert problem(desk.post(fire, "submit")) == (403, "lead-agency-only")
    assert desk.post(police, "submit").status_code == 200
    return own


def dispose_by_parts(desk: Desk, own: list[str]) -> dict[str, Any]:
    """What follows from a finding is the agency's that found it; so is its correction."""
    order = {"kind": "order_to_correct", "finding": "f1", "due_on": "2026-11-20"}
    assert problem(desk.post(desk.police, "dispositions", **order)) == (403, "other-agencys-finding")
    made = desk.post(desk.fire, "dispositions", **order)
    assert made.status_code == 201, made.text
    fixed = [{**BURNT, "entry": own[0], "text": "未经消防验收即投入使用"}]
    assert desk.post(desk.fire, "corrections", reason="措辞", findings=fixed).status_code == 201
    meddling = desk.post(desk.fire, "corrections", reason="措辞", codes=["01"])
    assert problem(meddling) == (409, "record-refused")
    found: dict[str, Any] = made.json()
    return found


def publish_as_one(desk: Desk, own: list[str]) -> None:
    """Readers of an agency see its part; on the way to the public only the lead agency acts."""
    journey = desk.journey
    of_the_fire = key_of(journey, desk.house, "reviewer", "fire")
    of_the_police = key_of(journey, desk.house, "reviewer", "psb")
    assert desk.answered(of_the_fire) == own
    assert len(desk.answered("auditor")) > len(own)
    (publication,) = journey.call(desk.police, "GET", "/v1/publications").json()["items"]

    def act(who: str, step: str) -> Response:
        return journey.call(who, "POST", f"/v1/publications/{publication['id']}/{step}", json={})

    assert problem(act(desk.fire, "submit")) == (403, "lead-agency-only")
    assert act(desk.police, "submit").status_code == 200
    assert problem(act(of_the_fire, "review")) == (403, "lead-agency-only")
    for who, step in ((of_the_police, "review"), ("approver", "approve"), ("approver-2", "publish")):
        assert act(who, step).status_code == 200
    result = journey.call(None, "GET", f"/v1/public/results/{desk.visit['id']}").json()["document"]["result"]
    assert (result["items"], result["agencies"]) == (["psb.venues", "fire.units"], ["psb", "fire"])
    assert [one["agency"] for one in result["findings"]] == ["fire"]
    assert [one["agency"] for one in result["dispositions"]] == ["fire"]
    assert [one["agency"] for one in result["officers"]] == ["psb", "fire"]
    page = journey.call(None, "GET", f"/results/{desk.visit['id']}").text
    assert "联合抽查" in page


def check_again_by_fire_officers(desk: Desk, order: dict[str, Any]) -> None:
    """What the fire officers found is checked again by fire officers alone."""
    window = {"visit_from": "2026-11-04", "visit_to": "2026-11-20"}
    again = f"/v1/dispositions/{order['id']}/reinspection"
    opened = desk.journey.call("dispatcher", "POST", again, json=window)
    assert opened.status_code == 201, opened.text
    recheck = desk.journey.call("dispatcher", "GET", f"/v1/visits/{opened.json()['visit']}").json()
    assert (recheck["item"], recheck["agency"], recheck["agencies"]) == ("fire.units", "fire", None)
    assert {one["agency"] for one in recheck["team"]} == {"fire"}


def test_a_key_names_an_agency_that_there_is(house: House) -> None:
    """A mistyped agency would see everything."""
    with house.database.unit_of_work() as session, pytest.raises(Malformed, match="unknown-agency"):
        create_key(
            session, new_id="x", role="reviewer", region="", name=None, now=house.clock(), agency="fyre"
        )
