"""When the watch over duties looks, and that no alarm is raised or kept whose cause is not there."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from app.deps import House, new_uuid7
from app.services.access import create_key
from app.store import duty_looks
from app.store.tables.access import AuditEvent
from app.store.tables.duties import DutyClock
from app.store.tables.jobs import Job
from tests.api import calendar_desk
from tests.api.journey import Journey, entity_rows, inspector_rows, made_up_uscc
from tests.api.test_duties import duties, items, level_3, past_visits, states
from tests.conftest import REGION, Clock

NEIGHBOUR = "410922"


def _alarms(journey: Journey, **query: Any) -> list[dict[str, Any]]:
    return items(journey, "/v1/duties/alarms", **query)


def _looked_at(house: House) -> dict[str, Any]:
    with house.database.reading() as connection:
        rows = connection.execute(select(col(DutyClock.region), col(DutyClock.looked_at)))
        return {row.region: row.looked_at for row in rows}


def test_premises_without_any_inspector_are_one_alarm_until_the_inspectors_land(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Seconds lie between the two files: one alarm for the county, over as soon as inspectors are there."""
    assert journey.settled("entities", level_3(*range(1, 41)))["result"]["created"] == 40
    (alarm,) = _alarms(journey)
    assert (alarm["short"], alarm["duties"], alarm["due_on"], alarm["tag"]) == (
        "no-inspectors-registered",
        40,
        "2026-11-30",
        None,
    )
    assert (alarm["entity"], alarm["item"], alarm["name"], alarm["region"]) == (None, None, None, REGION)
    assert f"濮阳县{REGION}" in alarm["text"]
    assert "40" in alarm["text_en"]
    assert _alarms(journey, item="psb.venues") == [alarm]  # it is about each of them
    assert _alarms(journey, item="psb.venues", short="no-inspectors") == []
    clock.move(seconds=20)
    assert journey.settled("entities", level_3(41))["result"]["created"] == 1
    assert [(one["id"], one["duties"]) for one in _alarms(journey)] == [(alarm["id"], 41)]

    clock.move(seconds=20)
    assert journey.settled("inspectors", inspector_rows(8))["result"]["created"] == 8
    assert _alarms(journey) == []
    (over,) = _alarms(journey, open_only="false")
    assert (over["id"], over["cleared_at"]) == (alarm["id"], "2026-11-02T01:00:40Z")
    with house.database.reading() as connection:
        told = connection.scalars(
            select(col(AuditEvent.detail)).where(col(AuditEvent.act) == "duties.alarm")
        ).all()
    assert [one["count"] for one in told] == [40]  # once, not for every look


def test_officers_who_serve_elsewhere_are_no_help_and_the_alarms_end_when_others_come(
    journey: Journey, clock: Clock
) -> None:
    """Somebody is registered, nobody for the station: an alarm for each venue, over within seconds."""
    elsewhere = [{**row, "districts": f"{REGION}999"} for row in inspector_rows(4)]
    journey.settled("inspectors", elsewhere)
    journey.settled("entities", level_3(1, 3))
    alarms = _alarms(journey)
    assert {(one["entity"], one["short"], one["tag"]) for one in alarms} == {
        (made_up_uscc(n), "no-inspectors", f"district:{REGION}101") for n in (1, 3)
    }
    assert {one["duties"] for one in alarms} == {None}
    clock.move(seconds=5)
    journey.settled("inspectors", inspector_rows(4))
    assert _alarms(journey) == []
    assert {one["cleared_at"] for one in _alarms(journey, open_only="false")} == {"2026-11-02T01:00:05Z"}
    clock.move(seconds=5)
    journey.settled("inspectors", elsewhere)
    assert {one["raised_at"] for one in _alarms(journey)} == {"2026-11-02T01:00:10Z"}


def _nothing(_: Journey) -> None:
    pass


def _absence(journey: Journey) -> None:
    body = {"starts_on": "2026-11-03", "ends_on": "2026-11-04"}
    made = journey.call("registrar", "POST", "/v1/inspectors/psb-001/absences", json=body)
    assert made.status_code == 201, made.text


def _visit(journey: Journey) -> None:
    row = {"entity": made_up_uscc(1), "item": "psb.venues", "on": "2026-11-02", "kind": "drawn"}
    assert journey.settled("visits", [{**row, "agency": "psb", "codes": "01"}])["result"]["created"] == 1


def _calendar(journey: Journey) -> None:
    calendar_desk.approved(journey)


def _adhoc(journey: Journey) -> None:
    made = journey.call("planner", "POST", "/v1/calendar/ad-hoc", json=calendar_desk.ADHOC)
    assert made.status_code == 201, made.text
    approved = journey.call("approver", "POST", f"/v1/calendar/ad-hoc/{made.json()['id']}/approve", json={})
    assert approved.status_code == 200, approved.text


def _policy(journey: Journey) -> str:
    held = journey.call("planner", "GET", "/v1/policies/in-force", params={"region": REGION}).json()
    draft = {"based_on": held["digests"]["sha256"], "changes": {}, "region": "410900", "reason": "市级规定"}
    body = {**draft, "region": REGION, "valid_from": "2026-11-03"}
    made = journey.call("planner", "POST", "/v1/policies", json=body)
    assert made.status_code == 201, made.text
    policy: str = made.json()["id"]
    approved = journey.call("approver", "POST", f"/v1/policies/{policy}/approve", json={})
    assert approved.status_code == 200, approved.text
    return policy


_ACTS = (
    (_nothing, False),
    (_absence, True),
    (_visit, True),
    (_calendar, True),
    (_adhoc, True),
    (_policy, True),
    (_nothing, False),
)


def test_the_watch_looks_again_when_something_changed_and_nowhere_else(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Long before the next look by the clock, in the county that it is about, and only once."""
    neighbour = {**entity_rows(1, start=90)[0], "region": NEIGHBOUR}
    journey.keys["registrar"] = _key_of_city(house)
    journey.settled("entities", [*level_3(1, 2), neighbour])
    journey.settled("inspectors", inspector_rows(4))
    looked = _looked_at(house)
    assert looked == {REGION: clock.now, NEIGHBOUR: clock.now}
    for act, looks in _ACTS:
        clock.move(minutes=2)
        act(journey)
        journey.run_jobs()
        if looks:
            looked[REGION] = clock.now
        if act is _absence:  # the city's officers serve all its counties
            looked[NEIGHBOUR] = clock.now
        assert _looked_at(house) == looked, act
        with house.database.reading() as connection:
            assert duty_looks.asked(connection) == set()


def _key_of_city(house: House) -> str:
    with house.database.unit_of_work() as session:
        key, _ = create_key(
            session, new_id=new_uuid7(), role="registrar", region="4109", name="city", now=house.clock()
        )
    return key


def test_a_look_waits_for_what_is_on_its_way_into_the_registers(
    journey: Journey, house: House, clock: Clock
) -> None:
    """While an import is under way nothing that landed already raises an alarm; after it, it does."""
    elsewhere = [{**row, "districts": f"{REGION}999"} for row in inspector_rows(4)]
    journey.settled("inspectors", inspector_rows(4))
    journey.settled("entities", level_3(1))
    assert _alarms(journey) == []
    other = Job(
        id=new_uuid7(),
        kind="of another worker",
        state="running",
        region=REGION,
        created_by="x",
        caller_name="x",
        created_at=clock.now,
        options={},
    )
    with house.database.unit_of_work() as session:
        session.add(other)
    clock.move(minutes=2)
    journey.settled("inspectors", elsewhere)
    assert _alarms(journey) == []
    with house.database.unit_of_work() as session:
        session.merge(Job(**{**other.model_dump(), "state": "done"}))
    journey.run_jobs()
    assert [one["short"] for one in _alarms(journey)] == ["no-inspectors"]


def test_on_a_new_day_the_watch_looks_at_once(journey: Journey, house: House, clock: Clock) -> None:
    """What ended yesterday is recorded when the day begins in China, not up to an hour later."""
    journey.settled("entities", level_3(1))
    clock.move(hours=14, minutes=59)  # 2 November, 23:59
    journey.run_jobs()
    assert _looked_at(house) == {REGION: clock.now}
    clock.move(minutes=1)
    journey.run_jobs()
    assert _looked_at(house) == {REGION: clock.now}
    clock.move(minutes=1)
    journey.run_jobs()
    assert _looked_at(house) == {REGION: clock.now.replace(minute=0)}


def _due(journey: Journey, **query: Any) -> list[tuple[str, str, str]]:
    found = _alarms(journey, **query)
    return [(one["entity"], one["due_on"], one["short"]) for one in found]


def _look_on(journey: Journey, clock: Clock, day: str) -> None:
    """Let the jobs run at nine o'clock of a day."""
    clock.now = datetime.fromisoformat(f"{day}T01:00:00+00:00")
    journey.run_jobs()


def test_a_missed_october_does_not_silence_november(journey: Journey, clock: Clock) -> None:
    """«An entity that no drawable line can serve in time is an alarm before the window ends», each window.

    Both venues missed October. One is visited on 25 November, which meets November; the other is not, and
    misses that too, and then December has its own alarm.
    """
    clock.now = datetime.fromisoformat("2026-10-03T01:00:00+00:00")
    journey.settled("inspectors", inspector_rows(8))
    journey.settled("entities", level_3(1, 2))
    one, two = made_up_uscc(1), made_up_uscc(2)
    # The policy that reads October's windows is watched from 1 November on.
    _look_on(journey, clock, "2026-11-09")  # three weekly draws are to come: overdue, and nothing is short
    assert _due(journey) == []
    assert states(journey) == {"1": ("missed", 1), "2": ("missed", 1)}
    _look_on(journey, clock, "2026-11-24")
    both = [(one, "2026-11-30", "time"), (two, "2026-11-30", "time")]
    assert _due(journey) == both
    # The list names the window that was missed, as before.
    assert {row["window"]["ends_on"] for row in duties(journey, state="missed")} == {"2026-10-31"}

    clock.move(days=1)
    journey.settled("visits", past_visits((1, "2026-11-25")))
    assert _due(journey) == both[1:]
    assert states(journey) == {"1": ("met", 0), "2": ("missed", 1)}
    _look_on(journey, clock, "2026-11-30")
    assert _due(journey) == both[1:]

    _look_on(journey, clock, "2026-12-01")
    assert _due(journey) == []
    _look_on(journey, clock, "2026-12-24")
    assert _due(journey) == [(one, "2026-12-31", "time"), (two, "2026-12-31", "time")]
    # One for each duty and window, whatever became of it.
    every = _alarms(journey, open_only="false")
    assert [row["due_on"] for row in every] == [day for day in ("2026-11-30", "2026-12-31") for _ in "12"]


def test_nobody_is_there_until_somebody_is(journey: Journey, clock: Clock) -> None:
    """The alarm of the county does not end with the window that every duty missed; it names the next."""
    journey.settled("entities", level_3(1, 2))
    [alarm] = _alarms(journey)
    same = alarm["id"], "no-inspectors-registered", 2
    for day, due_on in (
        ("2026-11-30", "2026-11-30"),
        ("2026-12-01", "2026-12-31"),
        ("2026-12-31", "2026-12-31"),
        ("2027-01-01", "2027-01-31"),
    ):
        _look_on(journey, clock, day)
        [alarm] = _alarms(journey)
        assert (alarm["id"], alarm["short"], alarm["duties"]) == same
        assert alarm["due_on"] == due_on
    assert states(journey) == {"1": ("missed", 1), "2": ("missed", 1)}
    journey.settled("inspectors", inspector_rows(8))
    assert _alarms(journey, short="no-inspectors-registered") == []
