"""A wrong join is undone with its history; a registrar proposes a pair that no pull has found (M3, W1)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from httpx2 import Response

from app.deps import House
from app.services.access import create_key
from samples.source_server import SourceServer
from tests.api.journey import Journey, inspector_rows
from tests.conftest import REGION
from tests.registers_desk import csv, uscc
from tests.sources_desk import EVERY_HOTEL, SourcesDesk, counts, fire_unit, hotel, server_of

NAMELESS = hotel(1, uscc=None)
OWN_KEY = "hotel-system:HO1"
KNOWN = hotel(1, source=None, source_key=None, name=f"{NAMELESS.name}有限公司", legal_rep=None)


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk], house: House) -> SourcesDesk:
    """The desk beside a hotel and a fire system that both know the hotel, and a second registrar."""
    made = desk_at(server_of([NAMELESS, hotel(2), fire_unit(KNOWN, legal_rep=None), fire_unit(hotel(2))]))
    with house.database.unit_of_work() as session:
        made.keys["second"], _ = create_key(
            session, new_id=house.new_id(), role="registrar", region=REGION, name="second", now=house.clock()
        )
    return made


def joined(desk: SourcesDesk, **body: Any) -> dict[str, Any]:
    """The pair of both systems, confirmed."""
    desk.enter("hotel-system")
    desk.enter("fire-system")
    desk.run_jobs()
    [pair] = desk.pairs()
    answer = desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def undo(desk: SourcesDesk, pair: Mapping[str, Any], **options: Any) -> Response:
    """The answer to an undoing."""
    said = {"reason": "经核实为同楼两家", **options.pop("body", {})}
    return desk.ask("POST", f"/v1/source-matches/{pair['id']}/undo", json=said, **options)


def slug(answer: Response) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def registered(desk: SourcesDesk) -> dict[str, Any]:
    """What the register says of every entity, without the moment of the last change."""
    return {
        key: {name: value for name, value in one.items() if name != "updated_at"}
        for key, one in desk.register().items()
    }


def test_a_wrong_join_is_undone_and_each_has_what_was_its_own(desk: SourcesDesk) -> None:
    """Registrations, facts, recusals, classes, source records go back; what came later stays."""
    desk.enter("hotel-system")
    desk.enter("fire-system")
    desk.run_jobs()
    [pair] = desk.pairs()
    desk.load(
        "inspectors",
        csv("code,name,certificate_no,certificate_to,agency", ["k1", "某某", "ZF1", "2030-01-01", "psb"]),
    )
    files = {
        "risk-events": csv("entity,kind,on,source_no", [OWN_KEY, "hazard", "2026-10-01", "1号"]),
        "visits": csv(
            "entity,item,on,kind,agency,codes",
            [OWN_KEY, "psb.special-industry", "2026-09-01", "drawn", "psb", "01"],
        ),
        "recusals": csv("inspector,entity,relation", ["k1", OWN_KEY, "spouse"]),
        "credit-classes": csv(
            "entity,credit_class,on,source,basis", [OWN_KEY, "D", "2026-10-01", "省局", "年度分类"]
        ),
    }
    for register, content in files.items():
        assert desk.load(register, content)["result"]["created"] == 1
    before = registered(desk)
    assert slug(undo(desk, pair)) == (409, "wrong-state")
    confirmed = desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json={})
    assert confirmed.status_code == 200, confirmed.text
    kept = desk.register()[uscc(1)]
    assert kept["legal_rep"] == NAMELESS.legal_rep  # only the hotel system knew it
    assert desk.get(f"/v1/entities/{uscc(1)}/credit-classes")["items"][0]["credit_class"] == "D"
    later = csv("entity,kind,on,source_no", [OWN_KEY, "fire", "2026-10-20", "2号"])
    assert desk.load("risk-events", later)["result"]["created"] == 1

    assert undo(desk, pair, as_="supervisor").status_code == 403
    assert undo(desk, pair, body={"reason": ""}).status_code == 422
    assert undo(desk, pair, as_="elsewhere").status_code == 404
    answer = undo(desk, pair)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["decided_by"], told["undone_by"], told["undone_because"]) == (
        "undone",
        "registrar",
        "registrar",
        "经核实为同楼两家",
    )
    assert registered(desk) == before
    for one, numbers in ((OWN_KEY, ["1号"]), (uscc(1), ["2号"])):
        assert desk.get(f"/v1/entities/{one}")["key"] == one
        events = desk.get(f"/v1/entities/{one}/risk-events")["items"]
        assert [event["source_no"] for event in events] == numbers
    assert [one["entity"] for one in desk.get("/v1/recusals")["items"]] == [OWN_KEY]
    assert desk.get(f"/v1/entities/{uscc(1)}/credit-classes")["items"] == []
    for register, content in files.items():
        assert desk.load(register, content)["result"] == {
            "created": 0,
            "updated": 0,
            "unchanged": 1,
            "rejected": 0,
        }
    acts = {
        key: [entry["act"] for entry in desk.get(f"/v1/entities/{key}/history")["items"][:2]]
        for key in (OWN_KEY, uscc(1))
    }
    assert acts[OWN_KEY][0] == acts[uscc(1)][0] == "separated"
    [last] = desk.get(f"/v1/entities/{uscc(1)}/history?limit=1")["items"]
    assert last["reason"] == "经核实为同楼两家"
    assert last["after"] == {"separated": OWN_KEY, "why": pair["id"]}
    assert slug(undo(desk, pair)) == (409, "wrong-state")

    # The sources speak of two again, land whatever they say, and the pair is not put before anybody.
    desk.served("hotel-system").changed["HO1"] = {"zadj": "一级"}
    assert counts(desk.pull("hotel-system")) == (0, 1, 1, 0, 0)
    levels = {key: [r["level"] for r in one["registrations"]] for key, one in desk.register().items()}
    assert (levels[OWN_KEY], levels[uscc(1)]) == ([1], [None])
    assert desk.pull("fire-system", anew=True)["matches"] == 0
    assert desk.pairs() == []


def test_what_one_had_said_in_the_other_s_place_is_taken_out(
    desk_at: Callable[[SourceServer], SourcesDesk],
) -> None:
    """Two registrations of one regime: the closed one opens, the overruled one says again what it said."""
    desk = desk_at(server_of([NAMELESS]))
    row = [uscc(1), KNOWN.name, NAMELESS.address, "special_industry", "hotel", 3, REGION]
    desk.load("entities", csv("uscc,name,address,regime,subtype,level,region", row))
    desk.enter("hotel-system")
    desk.run_jobs()
    before = registered(desk)
    [pair] = desk.pairs()
    word = {"same_regime": "joined"}
    assert desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json=word).status_code == 200
    assert desk.register()[uscc(1)]["registrations"][0]["level"] == 2
    assert undo(desk, pair).status_code == 200
    assert registered(desk) == before

    # Proposed again by hand: who proposes does not decide.
    again = {"entities": [OWN_KEY, uscc(1)], "reason": "再次核实"}
    assert desk.ask("POST", "/v1/source-matches", json=again).json()["id"] == pair["id"]
    assert slug(desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json=word)) == (403, "own-match")


def test_what_the_other_said_through_its_source_since_is_taken_out_too(
    desk_at: Callable[[SourceServer], SourcesDesk],
) -> None:
    """The system changed its level while the two were one: each says its own word again."""
    desk = desk_at(server_of([NAMELESS]))
    row = [uscc(1), KNOWN.name, NAMELESS.address, "special_industry", "hotel", 3, REGION]
    desk.load("entities", csv("uscc,name,address,regime,subtype,level,region", row))
    desk.enter("hotel-system")
    desk.run_jobs()
    [pair] = desk.pairs()
    word = {"same_regime": "joined"}
    assert desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json=word).status_code == 200
    desk.served("hotel-system").changed["HO1"] = {"zadj": "一级"}
    assert counts(desk.pull("hotel-system")) == (0, 1, 0, 0, 0)
    assert _levels(desk) == {uscc(1): 1, OWN_KEY: 2}
    assert undo(desk, pair).status_code == 200
    assert _levels(desk) == {uscc(1): 3, OWN_KEY: 2}
    assert counts(desk.pull("hotel-system")) == (0, 1, 0, 0, 0)
    assert _levels(desk) == {uscc(1): 3, OWN_KEY: 1}


def test_what_the_kept_one_s_own_source_confirms_comes_back(desk: SourcesDesk) -> None:
    """The fire system came to say the manager whom only the hotel system knew at the join."""
    pair = joined(desk)
    desk.served("fire-system").changed["XF00001"] = {"xfaqzrr": NAMELESS.legal_rep}
    desk.pull("fire-system")
    assert desk.register()[uscc(1)]["legal_rep"] == NAMELESS.legal_rep
    assert undo(desk, pair).status_code == 200
    desk.pull("fire-system")
    assert desk.register()[uscc(1)]["legal_rep"] == NAMELESS.legal_rep


def test_what_a_person_took_apart_is_not_joined_by_a_uscc_again(desk: SourcesDesk) -> None:
    """M3 joins by USCC without a person; a person's word about this very pair is the stronger one."""
    pair = joined(desk)
    assert undo(desk, pair).status_code == 200
    desk.served("hotel-system").changed["HO1"] = {"tyshxydm": uscc(1)}
    run = desk.pull("hotel-system")
    assert [note["code"] for note in run["notes"]] == ["waits-to-join"]
    assert {OWN_KEY, uscc(1)} <= desk.register().keys()


def _levels(desk: SourcesDesk) -> dict[str, int | None]:
    """The level of each entity's only registration."""
    return {key: one["registrations"][0]["level"] for key, one in desk.register().items()}


def test_a_join_is_not_undone_under_a_draw(desk: SourcesDesk, journey: Journey) -> None:
    """The kept one stays where a frozen list names it."""
    pair = joined(desk)
    row = [uscc(1), 2, "分店", NAMELESS.address, "internet_cafe", REGION]
    desk.load("entities", csv("uscc,premises,name,address,regime,region", row))
    made = desk.ask(
        "POST",
        "/v1/source-matches",
        json={"entities": [pair["kept"]["id"], f"{uscc(1)}#2"], "reason": "同一处场所"},
    )
    assert made.status_code == 201, made.text
    hand = made.json()
    assert (hand["by"], hand["source"], hand["proposed_by"]) == ("hand", None, "registrar")
    assert hand["joined"]["key"] == f"{uscc(1)}#2"
    confirmed = desk.ask("POST", f"/v1/source-matches/{hand['id']}/confirm", json={}, as_="second")
    assert confirmed.status_code == 200, confirmed.text

    journey.load("inspectors", inspector_rows(6))
    draw = journey.committed(**EVERY_HOTEL)["id"]
    assert slug(undo(desk, pair)) == (409, "match-draw-open")
    void = journey.call("planner", "POST", f"/v1/draws/{draw}/void", json={"reason": "roster-error"})
    assert void.status_code == 200
    assert journey.call("approver", "POST", f"/v1/draws/{draw}/void/approve").status_code == 200
    assert undo(desk, pair).status_code == 200
    kept = desk.register()
    assert sorted(r["regime"] for r in kept[uscc(1)]["registrations"]) == ["fire_unit", "internet_cafe"]
    assert [r["regime"] for r in kept[OWN_KEY]["registrations"]] == ["special_industry"]


def test_of_two_joins_the_later_one_is_undone_first(desk: SourcesDesk, house: House) -> None:
    """What had gone into the first goes back to it, and only then to where it came from."""
    old = csv("source,source_key,name,regime,region", ["a", "1", "老店", "internet_cafe", REGION])
    desk.load("entities", old)
    for n in (2, 3):
        row = ["a", str(n), f"店{n}", "entertainment" if n == 2 else "fire_unit", REGION]
        house.clock.move(days=1)  # type: ignore[attr-defined]  # the tests' clock
        desk.load("entities", csv("source,source_key,name,regime,region", row))
    desk.load("risk-events", csv("entity,kind,on", ["a:3", "fire", "2026-10-01"]))
    apart = registered(desk)

    def made_one(joining: str, kept: str) -> dict[str, Any]:
        body = {"entities": [joining, kept], "reason": "同一处"}
        pair: dict[str, Any] = desk.ask("POST", "/v1/source-matches", json=body).json()
        assert (pair["joined"]["key"], pair["kept"]["key"]) == (joining, kept)
        at = f"/v1/source-matches/{pair['id']}/confirm"
        assert desk.ask("POST", at, json={}, as_="second").status_code == 200
        return pair

    first = made_one("a:3", "a:2")
    halfway = registered(desk)
    second = made_one("a:2", "a:1")
    assert {desk.get(f"/v1/entities/a:{n}")["key"] for n in (1, 2, 3)} == {"a:1"}
    assert slug(undo(desk, first)) == (409, "match-joined-further")
    assert undo(desk, second).status_code == 200
    assert registered(desk) == halfway
    assert desk.get("/v1/entities/a:3")["key"] == "a:2"
    assert len(desk.get("/v1/entities/a:2/risk-events")["items"]) == 1
    assert undo(desk, first).status_code == 200
    assert registered(desk) == apart
    assert len(desk.get("/v1/entities/a:3/risk-events")["items"]) == 1


def test_a_join_whose_moves_were_not_recorded_is_refused(desk: SourcesDesk, house: House) -> None:
    """Joined before this was kept: said clearly, and nothing changes."""
    pair = joined(desk)
    with house.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE joined_entities SET moves = NULL")
    before = registered(desk)
    assert slug(undo(desk, pair)) == (409, "match-not-recorded")
    assert registered(desk) == before


def test_a_pair_proposed_by_hand_is_decided_by_somebody_else(desk: SourcesDesk) -> None:
    """Nobody decides what they proposed; what cannot be one is refused; a rejected pair may be put again."""
    rows = csv(
        "source,source_key,name,address,regime,region",
        ["old", "A1", "甲乙网吧", "中心路1号", "internet_cafe", REGION],
        ["new", "B9", "完全不同的名字", None, "fire_unit", REGION],
    )
    desk.load("entities", rows)
    others = ([uscc(n), f"网吧{n}", "internet_cafe", REGION] for n in (7, 8))
    desk.load("entities", csv("uscc,name,regime,region", *others))

    def propose(*named: str, as_: str = "registrar") -> Response:
        body = {"entities": list(named), "reason": "现场核对为同一处"}
        return desk.ask("POST", "/v1/source-matches", json=body, as_=as_)

    assert slug(propose("old:A1", "old:A1")) == (409, "match-same-entity")
    assert slug(propose(uscc(7), uscc(8))) == (409, "match-two-holders")
    assert propose("old:A1", "none:1").status_code == 404
    assert propose("old:A1").status_code == 422
    assert propose("old:A1", "new:B9", as_="elsewhere").status_code == 404
    assert propose("old:A1", "new:B9", as_="supervisor").status_code == 403
    made = propose("old:A1", "new:B9")
    assert made.status_code == 201, made.text
    pair = made.json()
    assert made.headers["location"] == f"/v1/source-matches/{pair['id']}"
    assert (pair["score"], pair["name_likeness"], pair["proposed_because"]) == (0, None, "现场核对为同一处")
    assert slug(propose("new:B9", "old:A1", as_="second")) == (409, "match-known")
    assert desk.pairs() == [pair]
    at = f"/v1/source-matches/{pair['id']}"
    for step, body in (("confirm", {}), ("reject", {"reason": "不是"})):
        assert slug(desk.ask("POST", f"{at}/{step}", json=body)) == (403, "own-match")
    rejected = desk.ask("POST", f"{at}/reject", json={"reason": "两处"}, as_="second").json()
    assert (rejected["state"], rejected["decided_by"]) == ("rejected", "second")
    again = propose("new:B9", "old:A1", as_="second").json()
    assert (again["id"], again["state"], again["proposed_by"], again["decided_by"]) == (
        pair["id"],
        "open",
        "second",
        None,
    )
    confirmed = desk.ask("POST", f"{at}/confirm", json={})
    assert confirmed.status_code == 200, confirmed.text
    kept = desk.register()
    assert not {"old:A1", "new:B9"} <= kept.keys()
    assert slug(propose("old:A1", "new:B9", as_="second")) == (409, "match-same-entity")
