"""Duties over HTTP while policies, years and registers change: what ended keeps its own judge."""

import pytest

from tests.api.journey import PLAN, Journey, entity_rows, made_up_uscc
from tests.api.test_duties import (
    ALL_OF_LEVEL_3,
    capped,
    county,
    decide,
    items,
    past_visits,
    states,
    submit,
)
from tests.conftest import REGION, Clock


def venues(*levels: int) -> list[dict[str, object]]:
    """Rows of venues of these levels, registered long ago."""
    rows = entity_rows(len(levels))
    return [
        {**row, "level": level, "registered_on": "2019-05-01"}
        for row, level in zip(rows, levels, strict=True)
    ]


def asked_from_december(journey: Journey, months: dict[int, int]) -> None:
    """Let the county ask levels otherwise from 1 December on."""
    base = journey.call("planner", "GET", "/v1/policies/in-force", params={"region": REGION}).json()
    frequency = [
        {**one, "months": months.get(one.get("level"), one["months"])}
        for one in base["document"]["frequency"]
    ]
    asked = {"based_on": base["digests"]["sha256"], "changes": {"frequency": frequency}, "region": REGION}
    made = journey.call(
        "planner",
        "POST",
        "/v1/policies",
        json={**asked, "reason": "本县调整抽查频次", "valid_from": "2026-12-01"},
    )
    assert made.status_code == 201, made.text
    approved = journey.call("approver", "POST", f"/v1/policies/{made.json()['id']}/approve", json={})
    assert approved.status_code == 200, approved.text


def day_by_day(journey: Journey, clock: Clock, until: str) -> None:
    """Let the jobs run each day until a day has come."""
    while clock.now.date().isoformat() < until:
        clock.move(days=1)
        journey.run_jobs()


def outcomes(journey: Journey) -> list[tuple[str, str, str | None]]:
    """The entities of the windows that ended, their last days, and what became of them."""
    ended = items(journey, "/v1/duties/ended")
    return [(one["entity"], one["window_to"], one["excused"] or one["outcome"]) for one in ended]


def test_a_new_version_judges_nothing_that_ended_before_it(journey: Journey, clock: Clock) -> None:
    """«When a policy starts, its first window starts»: level 1 monthly, 3 quarterly, from December on.

    The venue of level 1 was visited on 5 October, which met its quarter: nothing of November is missed. That
    of level 3 was not visited in November, when it was owed each month: that stays missed.
    """
    county(journey, *venues(1, 3))
    journey.load("visits", past_visits((1, "2026-10-05"), (2, "2026-10-05")))
    asked_from_december(journey, {1: 1, 3: 3})
    journey.run_jobs()
    assert states(journey)["1"] == ("met", 0)
    day_by_day(journey, clock, "2026-12-01")
    assert outcomes(journey) == [(made_up_uscc(2), "2026-11-30", "missed")]
    now = states(journey)
    assert (now["1"][0], now["2"]) == ("open", ("missed", 1))
    # The line of a draw says the same: December is owed, with its reserve.
    line = journey.call("planner", "GET", f"/v1/entities/{made_up_uscc(1)}/tickets?item=psb.venues").json()
    assert line["draws_left"] == now["1"][1] > 1


def test_the_watch_that_slept_over_the_change_asks_the_policy_of_then(journey: Journey, clock: Clock) -> None:
    """No job ran from 20 November to 3 January: each window is still judged by its own day's policy."""
    county(journey, *venues(1, 3))
    journey.load("visits", past_visits((1, "2026-10-05"), (2, "2026-10-05")))
    asked_from_december(journey, {1: 1, 3: 3})
    day_by_day(journey, clock, "2026-11-20")
    clock.move(days=44)
    journey.run_jobs()
    assert sorted(outcomes(journey)) == [
        (made_up_uscc(1), "2026-12-31", "missed"),
        (made_up_uscc(2), "2026-11-30", "missed"),
        (made_up_uscc(2), "2026-12-31", "missed"),
    ]


def test_what_yields_to_the_cap_is_excused_at_the_years_end(journey: Journey, clock: Clock) -> None:
    """The duty of the second venue yields: not missed on 31 December, and nothing is overdue in January.

    «A duty that the cap makes impossible is a *collision*: … decided (which yields, why, by whom).» Nobody
    decided about the third, which was missed.
    """
    capped(journey, clock)
    county(journey, *venues(3, 1, 1))
    quarter = [(2, f"2026-0{n}-10") for n in (1, 4, 7, 8)]
    month = [(1, f"2026-{n:02}-10") for n in (1, 2, 3, 10)]
    journey.load("visits", past_visits(*quarter, *month, (3, "2026-09-10")))
    plan = journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, "visit_from": "2026-11-04"}).json()
    decide(journey, f"/v1/draw-plans/{plan['id']}")
    journey.run_jobs()
    assert states(journey)["2"] == ("yields-to-cap", 0)
    day_by_day(journey, clock, "2027-01-02")
    told = {entity: outcome for entity, ends_on, outcome in outcomes(journey) if ends_on == "2026-12-31"}
    assert told == {
        made_up_uscc(1): "missed",
        made_up_uscc(2): "annual-cap",
        made_up_uscc(3): "missed",
    }
    now = states(journey)
    assert now["3"] == ("missed", 1)
    assert now["2"][0] not in {"missed", "yields-to-cap"}
    # A draw of January would ask for January, of the second as of one that missed nothing.
    rules = journey.call("planner", "GET", f"/v1/entities/{made_up_uscc(2)}/rules?item=psb.venues").json()
    (duty,) = (one["duty"] for held in rules["registrations"] for one in held["items"])
    assert (duty["why"], duty["window_from"]) == ("owed", "2027-01-01")
    months = {"from": "2026-12", "to": "2026-12"}
    table = journey.call("supervisor", "GET", "/v1/league-table", params=months).json()["items"]
    (december,) = (row for row in table if row["kind"] == "duty")
    assert (december["due"], december["missed"], december["excused"]) == (3, 2, 1)


@pytest.mark.parametrize("status", ["closed", "suspended"])
def test_what_closed_before_the_watch_had_looked_was_missed(
    journey: Journey, clock: Clock, status: str
) -> None:
    """On 1 December, before any job runs, both venues stop operating; one was visited in November."""
    county(journey, *venues(3, 3))
    journey.load("visits", past_visits((1, "2026-11-01")))
    journey.run_jobs()
    clock.move(days=29)
    for number in (1, 2):
        path = f"/v1/entities/{made_up_uscc(number)}/registrations/entertainment"
        tag = journey.call("registrar", "GET", path).headers["etag"]
        changed = journey.call("registrar", "PATCH", path, json={"status": status}, headers={"If-Match": tag})
        assert changed.status_code == 200, changed.text
    journey.run_jobs()
    assert sorted(outcomes(journey)) == [
        (made_up_uscc(1), "2026-11-30", "met"),
        (made_up_uscc(2), "2026-11-30", "missed"),
    ]
    clock.move(days=40)
    journey.run_jobs()
    assert len(outcomes(journey)) == 2


def test_what_was_gone_before_the_registrar_closed_it_is_excused(journey: Journey, clock: Clock) -> None:
    """«11 to 15 end the duty»: found dissolved in November, closed on 1 December before any job runs."""
    county(journey, *venues(3, 3, 3))
    draw = journey.drawn(**ALL_OF_LEVEL_3)
    clock.move(days=1)
    visits = {visit["entity"]: visit for visit in journey.visits(draw["id"])}
    gone = visits[made_up_uscc(3)]
    journey.go(gone)
    submit(journey, gone, "12")
    journey.run_jobs()
    clock.move(days=28)
    (case,) = items(journey, "/v1/registrar-cases", "registrar", state="open")
    body = {"decision": "closed", "reason": "已注销登记"}
    closed = journey.call("registrar", "POST", f"/v1/registrar-cases/{case['id']}/decide", json=body)
    assert closed.status_code == 200, closed.text
    journey.run_jobs()
    told = {entity: outcome for entity, ends_on, outcome in outcomes(journey) if ends_on == "2026-11-30"}
    assert told[made_up_uscc(3)] == "12"
    assert {told[made_up_uscc(n)] for n in (1, 2)} == {"missed"}
