"""Amendments over HTTP (DR1 section 7): each with a ground on record and randomness of its own."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters import drand_bls
from app.adapters.vault import Vault
from app.deps import NOBODY, House
from app.domain.draw.basics.digest import hasher
from app.domain.draw.entropy import round_time
from app.domain.draw.selection import draw_digest
from app.domain.draw.teams.teams import deal_secret
from app.jobs.beacons import Beacons
from app.main import create_app
from app.services.access import create_key
from app.services.drawing import files
from tests.api import test_drand
from tests.api.amendment_desk import THROWN, AmendmentDesk, codes, lines_of
from tests.api.journey import VALUES, Journey, as_csv, inspector_rows
from tests.api.test_drand import Relay
from tests.conftest import Clock
from tests.domain.draw.reference_teams import reference_amend, reference_deal

OK_BUT_LOG = ["log"]


signed, checked, own_chain = cache(test_drand.sign), cache(drand_bls.verify), cache(test_drand.own_chain)
relay = test_drand.relay


@pytest.fixture
def desk(journey: Journey, clock: Clock) -> AmendmentDesk:
    """A draw of six visits by four leads and four members."""
    journey.registers()
    return AmendmentDesk(journey, clock, journey.drawn())


def problem(answer: Any) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_who_falls_out_is_replaced_by_the_dice_and_the_audit_record_verifies(
    desk: AmendmentDesk, tmp_path: Path
) -> None:
    """Issue 4: leave, each with its own randomness; whoever has begun stays, nobody picks a successor."""
    journey, clock = desk.journey, desk.clock
    clock.move(days=1)
    begun, *rest = desk.visits()
    for who in journey.team(begun):
        journey.work(who, begun, "check-in")
    leaver = next(code for visit in rest for code in codes(visit) if code not in codes(begun))
    his = [visit for visit in rest if leaver in codes(visit)]
    key = journey.officer(leaver)
    assert journey.work(key, his[0], "code").status_code == 201
    code = journey.work(key, his[0], "code").json()["code"]

    desk.absent(leaver)
    logged = desk.amended("withdraw", inspector=leaver, reason="leave")
    assert (logged["n"], logged["state"], logged["round"]) == (1, "pending", None)
    assert logged["started"] == [begun["entity"]]
    assert (logged["basis"], logged["short"]) == ({"exclusion": "absent"}, None)

    public = journey.call(None, "GET", f"/v1/public/draws/{desk.draw['id']}").json()["amendments"]
    assert public == [
        {
            "n": 1,
            "logged_at": logged["logged_at"],
            "digest": logged["digest"],
            "round": None,
            "beacon": None,
        }
    ]
    # Until its random value is there nobody begins where the team may change, and nothing else is amended.
    assert problem(journey.work(key, his[0], "check-in")) == (409, "amendment-pending")
    assert problem(desk.amend("withdraw", inspector=leaver)) == (409, "amendment-pending")
    done = desk.thrown(1)
    assert (done["state"], done["short"]) == ("drawn", 0)
    assert problem(desk.throw(1)) == (409, "source-already-given")
    assert problem(desk.amend("withdraw", inspector=leaver)) == (409, "already-amended")

    after = {visit["id"]: visit for visit in desk.visits()}
    assert codes(after[begun["id"]]) == codes(begun)
    assert all(leaver not in codes(visit) for visit in after.values())
    changed = [visit for visit in rest if codes(visit) != codes(after[visit["id"]])]
    assert {visit["id"] for visit in his} <= {visit["id"] for visit in changed}
    # Who left knows nothing of the visit any more, the newcomer does, and the old code opens no door.
    assert journey.call(key, "GET", f"/v1/visits/{his[0]['id']}").status_code == 404
    newcomer = next(one for one in codes(after[his[0]["id"]]) if one not in codes(his[0]))
    seen = journey.call(journey.officer(newcomer), "GET", f"/v1/visits/{his[0]['id']}").json()
    assert (seen["disclosed"], seen["entity"]) == (True, his[0]["entity"])
    assert journey.call(None, "GET", f"/v1/public/verify-visit/{code}").status_code == 404

    for who in journey.team(begun):
        journey.work(who, begun, "check-out")
    journey.submit_clean(begun)
    desk.finish()
    clock.move(days=8)
    record = desk.revealed()
    assert [name for name, status in desk.checks(record, tmp_path).items() if status != "ok"] == OK_BUT_LOG
    (kept,) = lines_of(record, "amendments.ndjson")
    assert (kept["kind"], kept["reason"], kept["entropy"]["values"][0]["value"]) == (
        "withdraw",
        "leave",
        THROWN,
    )
    final = {
        (seat["entity"], seat["slot"]): seat["inspector"] for seat in lines_of(record, "teams-final.ndjson")
    }
    assert final == {
        (visit["entity"], slot): code for visit in after.values() for slot, code in enumerate(codes(visit))
    }
    for who in ("dispatcher", "auditor", "supervisor"):
        listed = journey.call(who, "GET", f"{desk.path}/amendments").json()["items"]
        assert [(one["n"], one["state"]) for one in listed] == [(1, "done")]
    teams = journey.call("auditor", "GET", f"{desk.path}/teams?final=true").json()["items"]
    assert teams == lines_of(record, "teams-final.ndjson")
    public = journey.call(None, "GET", f"/v1/public/draws/{desk.draw['id']}/record.zip").content
    assert "failed" not in desk.checks(public, tmp_path).values()


def test_nothing_is_amended_without_a_ground_on_record(desk: AmendmentDesk) -> None:
    """A dispatcher who amends at will would deal again until the teams please: the registers must say why."""
    leaver = codes(desk.visits()[0])[0]
    assert problem(desk.amend("withdraw", inspector=leaver)) == (409, "no-ground")
    assert problem(desk.amend("withdraw", inspector="nobody")) == (409, "not-of-the-draw")
    desk.absent(leaver)
    wrong = desk.amend("withdraw", inspector=leaver, reason="transferred")
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "other-reason")
    for members in ({}, {"inspector": leaver, "entity": "x"}, {"inspectors": [leaver]}):
        assert problem(desk.amend("withdraw", **members)) == (422, "malformed")
    desk.amended("withdraw", inspector=leaver)
    assert problem(desk.throw(1, "1" * 19)) == (409, "entropy-refused")
    assert problem(desk.throw(1, source="dice-1")) == (409, "entropy-refused")
    assert problem(desk.throw(1, "1" * 19 + "²")) == (409, "entropy-refused")
    assert problem(desk.throw(2)) == (404, "not-found")
    assert desk.throw(1, who="dispatcher").status_code == 403
    assert desk.one(1)["state"] == "pending"


def test_an_amendment_says_what_it_wants_and_takes_the_documents_example(
    desk: AmendmentDesk, house: House
) -> None:
    """OF15: source and format are in the amendment, in the refusal and in the OpenAPI example."""
    leaver = codes(desk.visits()[0])[0]
    desk.absent(leaver)
    wanted = desk.amended("withdraw", inspector=leaver)["wanted"]
    assert wanted == {
        "kind": "ceremony",
        "source": "amendment",
        "format": "digits:n, 20 <= n <= 64",
        "round": None,
    }
    refused = desk.throw(1, source="dice-1").json()
    assert refused["detail"] == "随机值未被接受：随机值的来源与约定不符。未作任何更改。"
    assert [(one["pointer"], one["detail"]) for one in refused["errors"]] == [
        ("/source", "变更的随机值只有一个来源：source 填 amendment"),
        ("/value", "应为记载变更之后投出的 20 至 64 位数字（0 至 9）"),
    ]
    paths = create_app(house=house).openapi()["paths"]
    body = paths["/v1/draws/{draw_id}/amendments/{amendment_n}/entropy"]["post"]["requestBody"]
    example = body["content"]["application/json"]["examples"]["ceremony"]["value"]
    taken = desk.journey.call("witness", "POST", f"{desk.path}/amendments/1/entropy", json=example)
    assert taken.status_code == 200, taken.text
    assert (desk.one(1)["state"], desk.one(1)["wanted"]) == ("done", None)


def test_before_the_reveal_amendments_are_for_the_dispatcher_only(desk: AmendmentDesk) -> None:
    """Decision 4: they name premises and officers, so whoever sees no selection sees no amendment."""
    entity, (lead, *_) = desk.visits()[0]["entity"], codes(desk.visits()[0])
    assert problem(desk.amend("recuse", inspector=lead, entity=entity)) == (409, "no-ground")
    assert problem(desk.amend("recuse", inspector=lead, entity="src:none")) == (409, "not-drawn")
    desk.recused(lead, entity)
    logged = desk.amended("recuse", inspector=lead, entity=entity)
    assert (logged["reason"], logged["basis"]) == ("conflict-found", {"relations": ["spouse"]})
    for path in ("amendments", "amendments/1", "teams?final=true"):
        for who, status in (("dispatcher", 200), ("auditor", 403), ("supervisor", 403), ("witness", 403)):
            assert desk.journey.call(who, "GET", f"{desk.path}/{path}").status_code == status, (who, path)
    assert problem(desk.journey.call("dispatcher", "GET", f"{desk.path}/amendments/2")) == (404, "not-found")
    desk.thrown(1)
    assert lead not in codes(desk.visits()[0])
    assert desk.one(1)["vacated"] == [[entity, 0, lead]]
    assert desk.one(1)["filled"] == [[entity, 0]]
    assert problem(desk.amend("recuse", inspector=lead, entity=entity)) == (409, "already-amended")


def test_drand_decides_an_amendment_with_the_first_round_a_minute_after_its_logging(
    journey: Journey, clock: Clock, house: House, relay: Relay, tmp_path: Path
) -> None:
    """DR1 section 7: of the plan's kind, pinned by the log entry, rising; the worker fetches it too."""
    chain = own_chain()
    house.chance = replace(house.chance, chains=(chain,), bls=checked)
    journey.registers()
    draw = journey.committed(entropy={"kind": "drand"})
    clock.move(hours=1, seconds=10)
    number = draw["plan"]["entropy"]["round"]
    drawn = journey.call("witness", "POST", f"/v1/draws/{draw['id']}/entropy", json=signed(number))
    assert drawn.json()["state"] == "drawn"
    desk = AmendmentDesk(journey, clock, draw)
    leaver = codes(desk.visits()[0])[0]
    desk.absent(leaver)
    pinned = desk.amended("withdraw", inspector=leaver)["wanted"]["round"]
    ahead = round_time(pinned, chain) - clock().timestamp()
    assert 60 <= ahead < 63
    path = f"{desk.path}/amendments/1/entropy"
    early = journey.call("witness", "POST", path, json=signed(pinned))
    assert problem(early) == (409, "round-not-yet")
    clock.move(seconds=63)
    for other in (number, pinned + 1):
        assert problem(journey.call("witness", "POST", path, json=signed(other))) == (
            409,
            "entropy-not-of-the-plan",
        )
    dice = journey.call("witness", "POST", path, json={"source": "amendment", "value": THROWN})
    assert problem(dice) == (422, "bad-entropy")
    forged = {**signed(pinned + 1), "round": pinned}
    assert problem(journey.call("witness", "POST", path, json=forged)) == (409, "entropy-refused")
    assert journey.call("witness", "POST", path, json=signed(pinned)).json()["n"] == 1
    assert leaver not in {code for visit in desk.visits() for code in codes(visit)}
    # The next one is fetched by the worker from a relay.
    second = next(one for one in codes(desk.visits()[0]))
    desk.absent(second)
    later = desk.amended("withdraw", inspector=second)["round"]
    assert later > pinned
    house.settings = house.settings.model_copy(update={"drand_urls": (relay.url,)})
    beacons = Beacons()
    assert not beacons(house)  # not due: nobody is asked
    clock.move(seconds=63)
    relay.answers.append((500, b""))
    assert beacons(house)
    assert desk.one(2)["state"] == "pending"
    assert not beacons(house)  # postponed, not hammered
    clock.move(minutes=1)
    relay.answers.append((200, json.dumps(signed(later)).encode()))
    assert beacons(house)
    assert desk.one(2)["state"] == "done"
    assert relay.asked == [f"/{chain.hash}/public/{later}"] * 2
    clock.move(days=1)
    desk.finish()
    clock.move(days=8)
    record = desk.revealed()
    checks = desk.checks(record, tmp_path, chain=chain, bls=checked)
    assert [name for name, status in checks.items() if status != "ok"] == OK_BUT_LOG
    assert [one["entropy"]["round"] for one in lines_of(record, "amendments.ndjson")] == [pinned, later]


NEIGHBOUR = "410922"


def lend_from_the_neighbour(
    journey: Journey, codes: list[str], *, approved: bool = True, cap: int = 20
) -> None:
    """The county next door keeps these officers, and lends them to ours until the end of the year."""
    house: House = journey.client.app.state.house  # type: ignore[attr-defined]  # the application
    for name, role, region in (
        ("registrar-next-door", "registrar", NEIGHBOUR),
        ("approver-next-door", "approver", NEIGHBOUR),
        ("registrar-above", "registrar", "410900"),
    ):
        if name not in journey.keys:
            with house.database.unit_of_work() as session:
                journey.keys[name], _ = create_key(
                    session, new_id=house.new_id(), role=role, region=region, name=name, now=house.clock()
                )
    for number, code in enumerate(codes):
        row = {
            **inspector_rows(1, cap=cap)[0],
            "code": code,
            "certificate_no": f"LZ{number}",
            "districts": "",
        }
        answer = journey.call(
            "registrar-next-door",
            "POST",
            "/v1/imports",
            files={"file": ("inspectors.csv", as_csv([row]))},
            data={"register": "inspectors"},
        )
        assert answer.status_code == 202, answer.text
        journey.run_jobs()
        asked = {
            "inspector": code,
            "region": "410928",
            "from": "2026-11-03",
            "to": "2026-12-31",
            "document_no": f"濮公调〔2026〕{number}号",
            "reason": "警力不足",
        }
        made = journey.call("registrar-next-door", "POST", "/v1/inspector-assignments", json=asked)
        assert made.status_code == 201, made.text
        if approved:
            path = f"/v1/inspector-assignments/{made.json()['id']}/approve"
            assert journey.call("approver-next-door", "POST", path, json={}).status_code == 200


def test_a_place_that_nobody_can_take_stays_empty_until_somebody_is_lent(
    journey: Journey, clock: Clock, tmp_path: Path
) -> None:
    """DR1 section 7: every empty slot is filled if that is possible; the lent need an assignment 异地检查."""
    journey.registers(inspectors=4)  # two leads, two members
    desk = AmendmentDesk(journey, clock, journey.drawn())
    clock.move(days=1)
    leads = ["psb-001", "psb-003"]
    for n, lead in enumerate(leads, start=1):
        desk.absent(lead)
        desk.amended("withdraw", inspector=lead)
        desk.thrown(n)
    visits = desk.visits()
    draw = journey.call("dispatcher", "GET", desk.path).json()
    assert (draw["state"], draw["short"]) == ("drawn", len(visits))
    assert desk.one(2)["short"] == [[visit["entity"], 0] for visit in in_order(desk, visits)]
    member = journey.officer(codes(visits[0])[0])
    for step in ("check-in", "attempts", "code"):
        assert problem(journey.work(member, visits[0], step)) == (409, "team-incomplete")

    assert problem(desk.amend("lend", inspectors=["z-1"])) == (409, "no-assignment")
    lend_from_the_neighbour(journey, ["z-0"], approved=False)
    assert problem(desk.amend("lend", inspectors=["z-0"])) == (409, "no-assignment")
    lend_from_the_neighbour(journey, ["z-1", "z-2", "z-3"])
    desk.recused("z-3", visits[0]["entity"], who="registrar-above")
    refused = desk.amend("lend", inspectors=["z-1", "z-3"])
    assert problem(refused) == (409, "officer-may-not-go")
    assert problem(desk.amend("lend", inspectors=["psb-002"])) == (409, "known-inspector")
    lent = desk.amended("lend", inspectors=["z-2", "z-1"])
    assert [one["id"] for one in lent["inspectors"]] == ["z-1", "z-2"]
    assert lent["basis"] == {"assignments": {"z-1": "濮公调〔2026〕0号", "z-2": "濮公调〔2026〕1号"}}
    assert desk.thrown(3)["short"] == 0
    after = desk.visits()
    assert {codes(visit)[0] for visit in after} == {"z-1", "z-2"}
    assert [codes(visit)[1] for visit in after] == [codes(visit)[0] for visit in visits]
    desk.finish()
    clock.move(days=8)
    record = desk.revealed()
    assert [name for name, status in desk.checks(record, tmp_path).items() if status != "ok"] == OK_BUT_LOG


def in_order(desk: AmendmentDesk, visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Visits in the order of their places in the deal."""
    seats = desk.journey.call("dispatcher", "GET", f"{desk.path}/teams").json()["items"]
    place = {seat["entity"]: number for number, seat in reversed(list(enumerate(seats)))}
    return sorted(visits, key=lambda visit: place[visit["entity"]])


def test_lending_completes_a_draw_whose_deal_fell_short(
    journey: Journey, clock: Clock, tmp_path: Path
) -> None:
    """An infeasible draw opens no visits; once somebody is lent and every place is filled, it does."""
    journey.registers(inspectors=3, cap=5)
    desk = AmendmentDesk(journey, clock, journey.drawn())
    assert (desk.draw["state"], desk.visits()) == ("infeasible", [])
    lend_from_the_neighbour(journey, ["z-1"], cap=1)
    lend_from_the_neighbour(journey, ["z-2"])
    desk.amended("lend", inspectors=["z-1"])
    assert desk.thrown(1)["state"] == "infeasible"
    desk.amended("lend", inspectors=["z-2"])
    for known in (THROWN, VALUES["dice-1"]):  # «public randomness of its own» (DR1 section 7)
        assert problem(desk.throw(2, known)) == (409, "value-used-before")
    done = desk.thrown(2)
    assert (done["state"], done["short"]) == ("drawn", 0)
    visits = desk.visits()
    assert len(visits) == desk.draw["drawn"]
    assert {len(codes(visit)) for visit in visits} == {2}
    clock.move(days=1)
    for _ in range(2):
        for visit in desk.visits():
            assert journey.work(journey.team(visit)[0], visit, "attempts").status_code == 200
        clock.move(days=1)
    clock.move(days=6)
    record = desk.revealed()
    assert [name for name, status in desk.checks(record, tmp_path).items() if status != "ok"] == OK_BUT_LOG
    assert lines_of(record, "shortage.json")[0]["short"]


def test_a_kill_between_logging_and_randomness_loses_nothing(
    desk: AmendmentDesk, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The amendment stays logged; a crash while its value is taken changes nothing; then it is taken once."""
    journey = desk.journey
    leaver = codes(desk.visits()[0])[0]
    desk.absent(leaver)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr("app.services.drawing.amending.publish", fail)
        assert desk.amend("withdraw", inspector=leaver).status_code == 500
    assert journey.call("dispatcher", "GET", f"{desk.path}/amendments").json()["items"] == []
    logged = desk.amended("withdraw", inspector=leaver)
    # Another process of the same installation goes on after the kill.
    again = House(house.settings, house.database, Vault(bytes(range(32))), clock=house.clock)
    journey.client = TestClient(create_app(house=again), raise_server_exceptions=False)
    before = desk.visits()
    with monkeypatch.context() as broken:
        broken.setattr(files, "put", fail)
        assert desk.throw(1).status_code == 500
    assert (desk.one(1)["state"], desk.visits()) == ("pending", before)
    assert desk.one(1)["digest"] == logged["digest"]
    with monkeypatch.context() as broken:
        broken.setattr("app.services.drawing.amended.publish", fail)
        assert desk.throw(1).status_code == 500
    assert (desk.one(1)["state"], desk.visits()) == ("pending", before)
    desk.thrown(1)
    assert leaver not in {code for visit in desk.visits() for code in codes(visit)}


def test_an_amendment_without_its_value_holds_the_record_back_until_it_is_due(
    desk: AmendmentDesk, tmp_path: Path
) -> None:
    """The reveal waits; from `reveal_by` on nothing holds it back; a late value completes the record."""
    journey, clock = desk.journey, desk.clock
    clock.move(days=1)
    desk.finish()
    leaver = codes(desk.visits()[0])[0]
    desk.absent(leaver)
    logged = desk.amended("withdraw", inspector=leaver)
    assert logged["started"] == sorted(visit["entity"] for visit in desk.visits())
    clock.move(days=8)
    reveal = journey.call("dispatcher", "POST", f"{desk.path}/reveal", json={})
    assert problem(reveal) == (409, "amendment-pending")
    clock.move(days=51)
    before = desk.checks(desk.revealed(), tmp_path)
    assert [name for name, status in before.items() if status != "ok"] == OK_BUT_LOG
    assert problem(desk.amend("withdraw", inspector=leaver)) == (409, "wrong-state")
    assert desk.thrown(1)["state"] == "revealed"
    record = journey.call("auditor", "GET", f"{desk.path}/record.zip?audience=audit").content
    assert [name for name, status in desk.checks(record, tmp_path).items() if status != "ok"] == OK_BUT_LOG
    assert lines_of(record, "teams-final.ndjson") == lines_of(record, "teams.ndjson")


def test_a_voided_draw_keeps_its_amendments(desk: AmendmentDesk, tmp_path: Path) -> None:
    """A void waits for nobody; the value of an amendment logged before completes the audit record."""
    journey = desk.journey
    leaver = codes(desk.visits()[0])[0]
    desk.absent(leaver)
    desk.amended("withdraw", inspector=leaver)
    journey.call("planner", "POST", f"{desk.path}/void", json={"reason": "roster-error"})
    voided = journey.call("approver", "POST", f"{desk.path}/void/approve", json={})
    assert voided.json()["state"] == "voided"
    before = [codes(visit) for visit in desk.visits()]
    assert desk.thrown(1)["state"] == "voided"
    assert [codes(visit) for visit in desk.visits()] == before
    record = journey.call("auditor", "GET", f"{desk.path}/record.zip?audience=audit").content
    assert [name for name, status in desk.checks(record, tmp_path).items() if status != "ok"] == OK_BUT_LOG
    assert leaver not in {seat["inspector"] for seat in lines_of(record, "teams-final.ndjson")}


STEPS = st.lists(
    st.tuples(
        st.integers(0, 99), st.integers(0, 1), st.booleans(), st.text("0123456789", min_size=20, max_size=64)
    ),
    min_size=1,
    max_size=3,
)
"""Which visit, which of its officers, whether recused there or withdrawn, and the dice."""


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_amended_over_http_as_by_the_text_of_section_7(
    journey: Journey, house: House, steps: list[tuple[int, int, bool, str]]
) -> None:
    """Whatever falls out in whatever order, and whatever the dice: the visits' teams are DR1's."""
    if not journey.calls:
        journey.registers(entities=9, inspectors=6, cap=8)
    # Each example has days of its own, so that grounds of one do not reach into the next.
    first = date(2026, 11, 3) + timedelta(days=journey.calls)
    last = (first + timedelta(days=1)).isoformat()
    window = {"visit_from": first.isoformat(), "visit_to": last, "reveal_by": "2027-03-01"}
    draw = journey.drawn(period=f"p{journey.calls}", **window)
    desk = AmendmentDesk(journey, Clock(), draw, days=(first.isoformat(), last))
    state = dealt_by_reference(desk, house)
    secret = state.order_secret
    for n, (place, slot, recuse, dice) in enumerate(steps, start=1):
        full = [visit for visit in desk.visits() if len(codes(visit)) == len(state.slots)]
        visit = full[place % len(full)]
        who = codes(visit)[slot]
        if recuse:
            desk.recused(who, visit["entity"])
            logged = desk.amended("recuse", inspector=who, entity=visit["entity"])
        else:
            desk.absent(who)
            logged = desk.amended("withdraw", inspector=who)
        beacon = desk.thrown(n, dice)["beacon"]
        reference_amend(state, logged, secret=secret, beacon=beacon)
        teams = journey.call("dispatcher", "GET", f"{desk.path}/teams?final=true").json()["items"]
        assert [(one["entity"], one["slot"], one["inspector"]) for one in teams] == state.seats()
        on_visits = {(v["entity"], s["slot"]): s["inspector"] for v in desk.visits() for s in v["team"]}
        assert on_visits == state.team
    journey.call("planner", "POST", f"{desk.path}/void", json={"reason": "roster-error"})
    journey.call("approver", "POST", f"{desk.path}/void/approve", json={})


def dealt_by_reference(desk: AmendmentDesk, house: House) -> Any:
    """The deal of a draw by the sentences of section 6, from its audit files."""
    with house.database.unit_of_work() as session:
        act = house.act(session, NOBODY)
        kept = files.get(act, desk.draw["id"], "audit")
        read = {name: [json.loads(line) for line in content.splitlines()] for name, content in kept.items()}
    h = hasher("sha256")
    drawn = [one["id"] for one in read["selection.ndjson"]]
    needs = {one["id"]: one["needs"] for one in read["identities.ndjson"]}
    return reference_deal(
        drawn=[(entity, needs[entity]) for entity in drawn],
        slots=desk.draw["plan"]["slots"],
        inspectors=[(one["id"], one["cap"], one["tags"]) for one in read["inspectors.ndjson"]],
        recusals={(one["inspector"], one["entity"]) for one in read["recusals.ndjson"]},
        secret=deal_secret(
            draw_digest(desk.draw["commitment"], desk.draw["beacon"], h), read["secret.json"][0]["secret"], h
        ),
        h=h,
    )
