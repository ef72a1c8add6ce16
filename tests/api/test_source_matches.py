"""One premises from several sources becomes one: by USCC, else by a match that a person confirms (M3, W1)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.deps import House
from app.services.fieldwork import counting
from app.services.sources import asking
from app.store.tables.duties import EndedDuty
from app.store.tables.fieldwork import Visit
from samples.source_server import SourceServer
from tests.api.journey import VALUES, Journey, inspector_rows
from tests.conftest import REGION, Clock
from tests.registers_desk import csv, uscc
from tests.sources_desk import EVERY_HOTEL, SourcesDesk, counts, fire_unit, hotel, server_of

NAMELESS = hotel(1, uscc=None)
"""A hotel whose USCC its system does not know: `hotel-system:HO1`."""

KNOWN = hotel(1, source=None, source_key=None, name=f"{NAMELESS.name}有限公司", level=3)
"""The same hotel, as a source says it that knows its USCC."""

OWN_KEY = "hotel-system:HO1"


@pytest.fixture
def desk(desk_at: Callable[[SourceServer], SourcesDesk]) -> SourcesDesk:
    """The desk beside a hotel and a fire system with the same premises, one of them without its USCC."""
    others = [hotel(n) for n in range(2, 8)]
    return desk_at(server_of([NAMELESS, *others, fire_unit(KNOWN), *map(fire_unit, others)]))


def pulled(desk: SourcesDesk) -> dict[str, Any]:
    """The one open pair after both systems were pulled."""
    desk.enter("hotel-system")
    desk.enter("fire-system")
    desk.run_jobs()
    [pair] = desk.pairs()
    return pair


def confirm(desk: SourcesDesk, pair: dict[str, Any], **body: Any) -> Any:
    """The answer to a confirmation."""
    return desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json=body)


def levels(entity: Mapping[str, Any]) -> dict[str, int | None]:
    """The level of each registration of an entity, by regime."""
    return {one["regime"]: one["level"] for one in entity["registrations"]}


def test_two_premises_that_look_alike_stand_apart_until_a_person_says_that_they_are_one(
    desk: SourcesDesk,
) -> None:
    """Nothing is lost from the roster meanwhile; then one entity holds both registrations."""
    pair = pulled(desk)
    assert (pair["by"], pair["score"], pair["name_likeness"], pair["address_likeness"]) == (
        "likeness",
        100,
        100,
        100,
    )
    assert (pair["joined"]["key"], pair["kept"]["key"]) == (OWN_KEY, uscc(1))
    assert pair["kept"]["name"].endswith("有限公司")
    kept = desk.register()
    assert {OWN_KEY, uscc(1)} <= kept.keys()
    assert len(kept) == 8
    assert (
        desk.ask("POST", f"/v1/source-matches/{pair['id']}/confirm", json={}, as_="supervisor").status_code
        == 403
    )
    assert desk.ask("GET", f"/v1/source-matches/{pair['id']}", as_="supervisor").status_code == 200
    assert confirm(desk, {"id": "0"}).status_code == 404

    said = confirm(desk, pair, reason="已现场核实").json()
    assert (said["state"], said["decided_by"], said["reason"]) == ("confirmed", "registrar", "已现场核实")
    kept = desk.register()
    assert OWN_KEY not in kept
    one = kept[uscc(1)]
    assert {r["regime"]: r["level"] for r in one["registrations"]} == {
        "fire_unit": None,
        "special_industry": 2,
    }
    assert desk.get(f"/v1/entities/{OWN_KEY}") == desk.get(f"/v1/entities/{pair['joined']['id']}") == one
    again = confirm(desk, pair)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")

    history = desk.get(f"/v1/entities/{uscc(1)}/history")["items"]
    assert [entry["act"] for entry in history] == ["joined", "joined", "joined", "created", "created"]
    assert {"joined": OWN_KEY, "why": pair["id"], "moved": {}}.items() <= history[1]["after"].items()
    records = desk.get("/v1/sources/hotel-system/records?limit=1")["items"]
    assert [(one["source_key"], one["entity"]) for one in records] == [("HO1", uscc(1))]

    # from now on the source without the USCC speaks of the same entity, and of nothing else
    served = desk.served("hotel-system")
    served.changed["HO1"] = {"zadj": "一级", "dz": "新址1号"}
    assert counts(desk.pull("hotel-system")) == (0, 1, 6, 0, 0)
    one = desk.register()[uscc(1)]
    assert ({r["regime"]: r["level"] for r in one["registrations"]}["special_industry"], one["address"]) == (
        1,
        "新址1号",
    )
    served.removed.add("HO1")
    assert counts(desk.pull("hotel-system")) == (0, 0, 6, 0, 1)
    one = desk.register()[uscc(1)]
    assert [bool(r["not_seen_since"]) for r in one["registrations"]] == [False, True]
    assert one["not_seen_since"] is None
    assert desk.pairs() == []


def test_what_belongs_to_an_entity_goes_along_and_files_that_name_it_mean_the_other(
    desk: SourcesDesk,
) -> None:
    """Risk events, past visits, recusals: moved, not copied; and the same file again changes nothing."""
    pair = pulled(desk)
    desk.load(
        "inspectors",
        csv("code,name,certificate_no,certificate_to,agency", ["k1", "某某", "ZF1", "2030-01-01", "psb"]),
    )
    events = csv(
        "entity,kind,on,source_no",
        [OWN_KEY, "hazard", "2026-10-01", "1号"],
        [uscc(1), "hazard", "2026-10-02", "2号"],
    )
    visits = csv(
        "entity,item,on,kind,agency,codes",
        [OWN_KEY, "psb.special-industry", "2026-09-01", "drawn", "psb", "01"],
    )
    recusals = csv("inspector,entity,relation", ["k1", OWN_KEY, "spouse"])
    files = (("risk-events", events), ("visits", visits), ("recusals", recusals))
    for register, content in files:
        assert desk.load(register, content)["result"]["rejected"] == 0
    both = csv(
        "entity,kind,on,source_no",
        [OWN_KEY, "fire", "2026-10-03", "3号"],
        [uscc(1), "fire", "2026-10-03", "3号"],
    )
    desk.load("risk-events", both)

    assert confirm(desk, pair).status_code == 200
    found = desk.get(f"/v1/entities/{uscc(1)}/risk-events")["items"]
    assert sorted(one["source_no"] for one in found) == ["1号", "2号", "3号"]
    assert [one["entity"] for one in desk.get("/v1/recusals")["items"]] == [uscc(1)]
    for register, content in files:
        unchanged = desk.load(register, content, mode="full")["result"]
        assert (unchanged["created"], unchanged["updated"], unchanged["rejected"]) == (0, 0, 0)
    assert desk.get(f"/v1/entities/{uscc(1)}/tickets?item=psb.special-industry")
    moved = desk.get(f"/v1/entities/{uscc(1)}/risk-events")["items"]
    assert [one["not_seen_since"] for one in moved if one["source_no"] != "3号"] == [None, None]

    # a register file that still lists the old key brings nothing back, and is not absent from a full import
    roster = csv(
        "source,source_key,name,regime,level,region",
        ["hotel-system", "HO1", "另名", "special_industry", 3, REGION],
    )
    result = desk.load("entities", roster, mode="full")["result"]
    assert (result["created"], result["updated"]) == (0, 1)
    one = desk.register()[uscc(1)]
    assert one["name"] == "另名"
    assert [bool(r["not_seen_since"]) for r in one["registrations"]] == [True, False]
    entered = desk.ask(
        "POST",
        "/v1/entities",
        json={
            "source": "hotel-system",
            "source_key": "HO1",
            "name": "x",
            "regime": "special_industry",
            "region": REGION,
        },
    )
    assert (entered.status_code, entered.json()["type"]) == (409, "/problems/already-registered")


def test_a_pair_that_a_person_rejects_stays_two_and_is_not_put_again(desk: SourcesDesk) -> None:
    """Whatever the sources say of them later."""
    pair = pulled(desk)
    bare = desk.ask("POST", f"/v1/source-matches/{pair['id']}/reject", json={})
    assert bare.status_code == 422
    answer = desk.ask("POST", f"/v1/source-matches/{pair['id']}/reject", json={"reason": "同楼不同层"})
    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")
    assert len(desk.register()) == 8
    desk.served("hotel-system").changed["HO1"] = {"frdb": "他人"}
    assert counts(desk.pull("hotel-system")) == (0, 1, 6, 0, 0)
    assert desk.pull("fire-system", anew=True)["matches"] == 0
    assert desk.pairs() == []
    assert [one["id"] for one in desk.pairs("rejected")] == [pair["id"]]


def test_two_registrations_of_one_regime_need_somebody_s_word(
    desk_at: Callable[[SourceServer], SourcesDesk],
) -> None:
    """City and county directories both list it (M2): the first one's registration is closed."""
    desk = desk_at(server_of([NAMELESS]))
    desk.load(
        "entities",
        csv(
            "uscc,name,address,regime,subtype,level,region",
            [uscc(1), NAMELESS.name, NAMELESS.address, "special_industry", "hotel", 3, REGION],
        ),
    )
    desk.enter("hotel-system")
    desk.run_jobs()
    [pair] = desk.pairs()
    refused = confirm(desk, pair)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/match-same-regime")
    assert "special_industry" in refused.json()["detail"]
    assert confirm(desk, pair, same_regime="joined").status_code == 200

    kept = desk.register()
    [one] = kept[uscc(1)]["registrations"]
    assert (one["level"], one["licence_no"], one["status"]) == (2, NAMELESS.licence_no, "operating")
    [other] = kept[OWN_KEY]["registrations"]
    assert (other["status"], other["level"]) == ("closed", 2)
    assert desk.get(f"/v1/entities/{OWN_KEY}")["key"] == uscc(1)
    assert counts(desk.pull("hotel-system", anew=True)) == (0, 0, 1, 0, 0)
    assert desk.get(f"/v1/entities/{uscc(1)}")["registrations"][0]["level"] == 2


def test_two_records_of_a_source_with_one_uscc_stand_apart_until_a_person_decides(
    desk_at: Callable[[SourceServer], SourcesDesk],
) -> None:
    """The source does not number its premises: which is which only a person can say; neither is lost."""
    desk = desk_at(server_of([hotel(1), hotel(2, uscc=uscc(1))]))
    desk.enter("hotel-system", mapping={"columns": {"premises": None}})
    desk.run_jobs()
    run = desk.last_run("hotel-system")
    assert (counts(run), [(n["source_key"], n["code"]) for n in run["notes"]]) == (
        (2, 0, 0, 0, 0),
        [("HO2", "shared-uscc")],
    )
    assert sorted(desk.register()) == [uscc(1), "hotel-system:HO2"]
    [pair] = desk.pairs()
    assert (pair["by"], pair["joined"]["key"], pair["kept"]["key"]) == ("uscc", "hotel-system:HO2", uscc(1))
    assert confirm(desk, pair, same_regime="kept").status_code == 200

    # both records now speak of one registration: the first of them does, so that nothing goes to and fro
    desk.served("hotel-system").changed["HO2"] = {"zadj": "三级"}
    assert counts(desk.pull("hotel-system")) == (0, 0, 2, 0, 0)
    assert desk.register()[uscc(1)]["registrations"][0]["level"] == 2
    desk.served("hotel-system").removed.add("HO2")
    desk.pull("hotel-system")
    assert desk.register()[uscc(1)]["not_seen_since"] is None  # the first one still gives it


def test_a_uscc_that_becomes_known_makes_two_one_without_a_person(desk: SourcesDesk) -> None:
    """Mission clause M3: by USCC; what stood without one goes along with its history."""
    pair = pulled(desk)
    served = desk.served("hotel-system")
    served.changed["HO1"] = {"tyshxydm": uscc(1)}
    assert counts(desk.pull("hotel-system")) == (1, 0, 6, 0, 0)
    kept = desk.register()
    assert {r["regime"] for r in kept[uscc(1)]["registrations"]} == {"fire_unit", "special_industry"}
    assert [r["status"] for r in kept[OWN_KEY]["registrations"]] == ["closed"]
    assert desk.get(f"/v1/entities/{OWN_KEY}")["key"] == uscc(1)
    assert [one["id"] for one in desk.pairs("obsolete")] == [pair["id"]]
    assert counts(desk.pull("hotel-system", anew=True)) == (0, 0, 7, 0, 0)

    # a new holder is another entity; the premises' old one is not seen any more, and never closed
    served.changed["HO2"] = {"tyshxydm": uscc(50)}
    assert counts(desk.pull("hotel-system")) == (1, 0, 6, 0, 0)
    kept = desk.register()
    gone = {r["regime"]: r for r in kept[uscc(2)]["registrations"]}
    assert gone["special_industry"]["not_seen_since"] is not None
    assert gone["special_industry"]["status"] == "operating"
    assert [r["regime"] for r in kept[uscc(50)]["registrations"]] == ["special_industry"]


def test_an_entity_in_a_draw_or_with_an_open_visit_stays_where_it_is(
    desk: SourcesDesk, journey: Journey, clock: Clock
) -> None:
    """A frozen list names it, or a visit is on its way: a person waits, and a USCC for the next run."""
    pair = pulled(desk)
    journey.load("inspectors", inspector_rows(6))
    draw = journey.committed(**EVERY_HOTEL)["id"]
    held = confirm(desk, pair)
    assert (held.status_code, held.json()["type"]) == (409, "/problems/match-draw-open")
    desk.served("hotel-system").changed["HO1"] = {"tyshxydm": uscc(1)}
    run = desk.pull("hotel-system")
    assert [(note["source_key"], note["code"]) for note in run["notes"]] == [("HO1", "waits-to-join")]
    assert OWN_KEY in desk.register()

    states = [
        journey.call(who, "POST", f"/v1/draws/{draw}/entropy", json={"source": one, "value": VALUES[one]})
        for who, one in zip(("witness", "witness-2"), VALUES, strict=True)
    ]
    assert states[-1].json()["state"] == "drawn"
    sealed = confirm(desk, pair)  # whoever was drawn or not is told the same until the disclosure
    assert (sealed.status_code, sealed.json()["type"]) == (409, "/problems/match-draw-open")
    clock.move(days=1)
    visits = confirm(desk, pair)
    assert (visits.status_code, visits.json()["type"]) == (409, "/problems/match-visits-open")
    assert OWN_KEY in visits.json()["detail"]
    assert [note["code"] for note in desk.pull("hotel-system")["notes"]] == ["waits-to-join"]

    void = journey.call("planner", "POST", f"/v1/draws/{draw}/void", json={"reason": "roster-error"})
    assert void.status_code == 200
    assert journey.call("approver", "POST", f"/v1/draws/{draw}/void/approve").status_code == 200
    assert desk.pull("hotel-system")["notes"] == []
    kept = desk.register()
    assert levels(kept[uscc(1)]) == {"fire_unit": None, "special_industry": 2}
    assert desk.get(f"/v1/entities/{OWN_KEY}")["key"] == uscc(1)


def test_the_source_of_the_better_rank_says_what_holds(
    desk_at: Callable[[SourceServer], SourcesDesk],
) -> None:
    """One premises, several sources (一数一源): rank 10 before 30, whoever comes last; any fills blanks."""
    said = hotel(1, address=None)
    fire = fire_unit(replace(said, name="消防所称", address="消防路1号", level=None))
    desk = desk_at(server_of([said, fire]))
    desk.enter("fire-system")
    desk.run_jobs()
    assert desk.register()[uscc(1)]["name"] == "消防所称"
    desk.enter("hotel-system")
    desk.run_jobs()
    one = desk.register()[uscc(1)]
    assert (one["name"], one["address"]) == (said.name, None)
    assert counts(desk.pull("fire-system", anew=True)) == (0, 1, 0, 0, 0)
    one = desk.register()[uscc(1)]
    assert (one["name"], one["address"]) == (said.name, "消防路1号")
    desk.served("fire-system").changed["XF00001"] = {"dwmc": "又一名称", "zddw": True}
    desk.pull("fire-system")
    one = desk.register()[uscc(1)]
    assert one["name"] == said.name
    assert {r["regime"]: r["subtype"] for r in one["registrations"]}["fire_unit"] == "key"


def test_duties_and_their_history_go_along_with_a_registration(desk: SourcesDesk, house: House) -> None:
    """What is recorded of a registration's windows is the kept entity's from now on."""
    pair = pulled(desk)
    registration = "SELECT id FROM registrations WHERE entity_id = '{}'"
    with house.database.unit_of_work() as session:
        found = session.connection().exec_driver_sql(registration.format(pair["joined"]["id"])).scalar_one()
        session.add(
            EndedDuty(
                id=house.new_id(),
                registration_id=found,
                entity_id=pair["joined"]["id"],
                region=REGION,
                item="psb.special-industry",
                regime="special_industry",
                window_from=date(2026, 10, 1),
                window_to=date(2026, 10, 31),
                recorded_at=house.clock(),
            )
        )
    assert confirm(desk, pair).status_code == 200
    with house.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT registration_id, entity_id FROM ended_duties").all()
    assert [tuple(row) for row in rows] == [(found, pair["kept"]["id"])]

    # a correction of an old visit reaches the roster where the premises now stands
    visit = Visit(
        id=house.new_id(),
        kind="complaint",
        item="psb.special-industry",
        items=["psb.special-industry"],
        item_version=1,
        checklist=[],
        entity_id=pair["joined"]["id"],
        entity_key=OWN_KEY,
        entity_name=NAMELESS.name,
        regimes=["special_industry"],
        region=REGION,
        agency="psb",
        visit_from=date(2026, 10, 1),
        visit_to=date(2026, 10, 9),
        disclose_at=house.clock(),
        state="submitted",
        opened_at=house.clock(),
        ended_on=date(2026, 10, 5),
        codes=["01"],
        version=1,
    )
    with house.database.unit_of_work() as session:
        counting.enter(house.act(session, asking.SCHEDULE), visit)
    with house.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT entity_id, natural_key FROM past_visits").all()
    assert [(row[0], row[1].split("\t")[0]) for row in rows] == [(pair["kept"]["id"], uscc(1))]
