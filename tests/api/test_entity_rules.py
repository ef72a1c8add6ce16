"""What holds for an entity, or held: each day's own answer is found again, however the registers went on."""

from datetime import UTC, date, datetime
from typing import Any

from app.deps import House
from app.store import premises
from app.store.registers.past import premises_on
from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.conftest import REGION, Clock
from tests.planning_county import add_event, add_premises, add_visit


def _rules(journey: Journey, entity: str, **query: str) -> dict[str, Any]:
    answer = journey.call("planner", "GET", f"/v1/entities/{entity}/rules", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _change(journey: Journey, path: str, **members: Any) -> None:
    tag = journey.call("registrar", "GET", path).headers["etag"]
    answer = journey.call("registrar", "PATCH", path, json=members, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


def _report(journey: Journey, entity: str, **event: Any) -> str:
    answer = journey.call("registrar", "POST", f"/v1/entities/{entity}/risk-events", json=event)
    assert answer.status_code == 201, answer.text
    return f"/v1/risk-events/{answer.json()['id']}"


def _policy(journey: Journey, valid_from: str, **changes: Any) -> None:
    at = {"region": REGION, "on": valid_from}
    base = journey.call("planner", "GET", "/v1/policies/in-force", params=at).json()["digests"]["sha256"]
    given = {
        "based_on": base,
        "changes": changes,
        "region": REGION,
        "valid_from": valid_from,
        "reason": "调整",
    }
    made = journey.call("planner", "POST", "/v1/policies", json=given)
    assert made.status_code == 201, made.text
    done = journey.call("approver", "POST", f"/v1/policies/{made.json()['id']}/approve", json={})
    assert done.status_code == 200, done.text


def _facts(rules: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    [registration] = rules["registrations"]
    [item] = registration["items"]
    return [(line["fact"], line["tickets"], line["until"]) for line in item["lines"]]


def test_a_past_day_is_answered_as_it_was_answered_then(journey: Journey, clock: Clock) -> None:
    """Levels, places, facts entered, corrected and withdrawn, visits, corrections, policies: day by day."""
    journey.registers(entities=12)
    draw = journey.drawn()
    visit = journey.visits(draw["id"])[0]
    desk, entity = FieldDesk(journey, visit), visit["entity"]
    row = journey.call("registrar", "GET", f"/v1/entities/{entity}").json()
    place, registration = f"/v1/entities/{row['id']}", f"/v1/entities/{row['id']}/registrations/entertainment"
    day_by_day: dict[str, dict[str, Any]] = {}

    def night() -> None:
        """Ask what holds at the end of the day; go on to the next."""
        found = _rules(journey, entity)
        day_by_day[found["on"]] = found
        clock.move(days=1)

    hazard = _report(journey, entity, kind="hazard", on="2026-10-01", source_no="消〔2026〕1号")
    night()  # 2 November: drawn, the visit is open and not disclosed: nobody may learn of it here
    penalty = _report(journey, entity, kind="penalty", on="2026-05-01", source_no="罚〔2026〕7号")
    journey.go(visit)
    night()  # 3 November: visited, not submitted
    desk.submitted(found=True)
    _change(journey, registration, level=3 if row["registrations"][0]["level"] != 3 else 1)
    _change(journey, hazard, remedied_on="2026-11-04")
    _policy(journey, "2026-11-05", tickets={"base": {"tickets": 5}})
    night()
    _change(journey, place, key_area=True, station="103")
    clean = {**desk.body(found=False), "reason": "误记"}
    corrected = journey.call(desk.lead, "POST", f"{desk.path}/corrections", json=clean)
    assert corrected.status_code == 201, corrected.text
    night()
    withdrawn = journey.call("registrar", "POST", f"{penalty}/withdraw", json={"reason": "处罚已撤销"})
    assert withdrawn.status_code == 200, withdrawn.text
    _change(journey, registration, status="suspended")
    night()
    _change(journey, registration, status="operating")
    _change(journey, place, key_area=False)
    night()

    for day, then in day_by_day.items():
        assert _without_ends(_rules(journey, entity, on=day)) == _without_ends(then), day
    facts = [_facts(one) for one in day_by_day.values()]
    assert facts == [
        [("base", 2, None), ("hazard", 6, None)],
        [("base", 2, None), ("hazard", 6, None), ("penalty", 3, "2028-04-30")],
        [("base", 2, None), ("penalty", 3, "2028-04-30")],
        [
            ("base", 5, None),
            ("penalty", 3, "2028-04-30"),
            ("key_area", 2, None),
            ("relief", -5, "2027-01-31"),
        ],
        [],
        [("base", 5, None), ("relief", -2, "2027-01-31")],
    ]
    assert [one["registrations"][0]["items"][0]["duty"] for one in day_by_day.values()][4] is None
    whys = [one["registrations"][0]["items"][0]["duty"] for one in day_by_day.values()]
    assert [why["why"] for why in whys[:3] if why] == ["owed", "visit-open", "met"]
    before = _rules(journey, entity, on="2026-11-01")
    assert (before["known"], before["registrations"]) == (False, [])
    assert before["policy"]["version"] == 2


def _without_ends(rules: dict[str, Any]) -> dict[str, Any]:
    """Without when a version ends: a newer one was not known on the day."""
    return {
        **rules,
        "policy": rules["policy"] | {"in_force_to": None},
        "clocks": rules["clocks"] | {"in_force_to": None},
    }


def _basis_around(document: Any, pointer: str) -> str | None:
    """The basis of what a JSON Pointer points at, else of what is around it."""
    basis = None
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
        basis = document.get("basis", basis) if isinstance(document, dict) else basis
    return basis


def test_every_rule_names_its_basis_and_where_it_stands(journey: Journey, house: House) -> None:
    """Frequency, tickets, relief, cool-down, cap, teams, recusal and clocks: pointers lead to the rule."""
    venue = add_premises(
        house,
        "src:both",
        {"regime": "entertainment", "subtype": "ktv", "level": 3},
        {"regime": "internet_cafe"},
    )
    found = _rules(journey, "src:both")
    assert _rules(journey, venue) == found
    documents = {
        digest: journey.call(None, "GET", f"/v1/public/policies/{digest}").json()["document"]
        for digest in (found[which]["digests"]["sha256"] for which in ("policy", "clocks"))
    }
    venues, cafe = found["registrations"]
    for rule in [*venues["rules"], *cafe["rules"]]:
        assert rule["text"] != rule["text_en"]
        assert rule["source_text"] == documents[rule["document"]]["sources"][rule["source"]]
        if rule["code"] not in {"frequency.none", "clocks.wholly-public"}:
            assert _basis_around(documents[rule["document"]], rule["at"]) == rule["basis"]
    codes = [[rule["code"] for rule in one["rules"]] for one in (venues, cafe)]
    for code in ("frequency.calendar", "stratum.surprise", "cooldown.off", "clocks.wholly-public", "merging"):
        assert (code in codes[0], code in codes[1]) == (True, code == "merging"), code
    for code in ("frequency.none", "stratum", "cooldown", "calendar.third-of-month", "single-random"):
        assert (code in codes[0], code in codes[1]) == (False, True), code
    for code in (
        "relief",
        "cap.none",
        "recusal.after",
        "recusal.decide",
        "rotation",
        "load",
        "clocks.result",
    ):
        assert code in codes[0], code
        assert code in codes[1], code
    assert [item["item"] for one in (venues, cafe) for item in one["items"]] == [
        "psb.venues",
        "psb.internet-cafes",
    ]
    only = _rules(journey, "src:both", item="psb.venues")["registrations"]
    assert [len(one["items"]) for one in only] == [1, 0]


def test_who_asks_for_what_is_not_there(journey: Journey, house: House, clock: Clock) -> None:
    """Tomorrow, another region, nobody, an unknown item, a day before every policy."""
    add_premises(house, "src:far", {"regime": "entertainment", "level": 1}, region="320102")
    add_premises(house, "src:near", {"regime": "entertainment", "level": 1})
    for entity, query, status in [
        ("src:far", {}, 404),
        ("src:none", {}, 404),
        ("src:near", {"item": "no.item"}, 404),
        ("src:near", {"on": "2025-12-31"}, 404),
        ("src:near", {"on": "2026-11-03"}, 422),
        ("src:near", {"on": "yesterday"}, 422),
        ("src:near", {"on": "2026-11-02"}, 200),
    ]:
        answer = journey.call("planner", "GET", f"/v1/entities/{entity}/rules", params=query)
        assert answer.status_code == status, (entity, query, answer.text)
    assert clock.now.year == 2026


def test_today_read_back_through_the_history_is_today(house: House) -> None:
    """The reading of a past day gives for today just what a roster reads."""
    venue = add_premises(
        house,
        "src:v",
        {"regime": "entertainment", "subtype": "ktv", "level": 2, "registered_on": date(2026, 3, 1)},
        {"regime": "fire_unit", "status": "suspended"},
        key_area=True,
    )
    add_event(house, venue, "serious", date(2026, 9, 1), until=date(2027, 1, 1), source_no="文1")
    add_visit(house, venue, "psb.venues", date(2026, 10, 1))
    regimes, since, today = ("entertainment", "fire_unit"), date(2026, 1, 1), date(2026, 11, 2)
    now_utc = datetime(2026, 11, 2, 1, tzinfo=UTC)
    with house.database.reading() as connection:
        now = premises.premises_of(connection, entity_id=venue, regimes=regimes, visits_since=since)
        then = premises_on(
            connection, entity_id=venue, regimes=regimes, visits_since=since, on=today, disclosed_by=now_utc
        )
        none = premises_on(
            connection,
            entity_id=venue,
            regimes=["internet_cafe"],
            visits_since=since,
            on=today,
            disclosed_by=now_utc,
        )
    assert now == then
    assert none is None


def test_a_policy_in_words_for_everybody(journey: Journey) -> None:
    """Every rule of the seeded documents that has a basis is explained (程序公开)."""
    for code in ("default", "clocks"):
        at = {"region": REGION, "code": code}
        version = journey.call("planner", "GET", "/v1/policies/in-force", params=at).json()
        digest = version["digests"]["sha256"]
        told = journey.call(None, "GET", f"/v1/public/policies/{digest}/explanation").json()
        assert told == journey.call("planner", "GET", f"/v1/policies/{digest}/explanation").json()
        assert (told["code"], told["version"]) == (code, version["version"])
        explained = [line["at"] for line in told["items"]]
        for rule in _with_basis(version["document"], ""):
            assert any(at == rule or at.startswith(f"{rule}/") for at in explained), rule


def _with_basis(document: Any, at: str) -> list[str]:
    if isinstance(document, dict):
        own = [at] if "basis" in document else []
        return own + [rule for name, inner in document.items() for rule in _with_basis(inner, f"{at}/{name}")]
    if isinstance(document, list):
        return [rule for place, inner in enumerate(document) for rule in _with_basis(inner, f"{at}/{place}")]
    return []


def test_before_the_first_policy_the_refusal_names_its_first_day(journey: Journey) -> None:
    """OF8: nobody can publish for the past, so the text says from when on there is something to ask about."""
    journey.registers()
    entity = journey.call("registrar", "GET", "/v1/entities").json()["items"][0]
    refused = journey.call("registrar", "GET", f"/v1/entities/{entity['id']}/rules?on=1999-01-01")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/no-policy-yet")
    assert "在 1999-01-01 尚无抽查规则，最早的自 20" in refused.json()["detail"]
