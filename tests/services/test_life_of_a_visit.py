"""A visit and its result under any sequence of acts by anybody at any time, on both databases.

Whatever is refused changes nothing, and whatever is reached was reached by the rules: nobody twice where two
people are needed, no record of a visit of fewer than two officers, nothing public without its four steps.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count, pairwise
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlmodel import SQLModel

from app.deps import House
from app.domain.access import Caller, Role
from app.domain.days import shanghai_day
from app.domain.errors import DomainError
from app.domain.fieldwork.dispositions import Kind as Disposition
from app.domain.fieldwork.dispositions import Terms
from app.domain.fieldwork.record import entries_of, record_of, submission_faults
from app.domain.fieldwork.visit import Kind
from app.domain.results.states import Ground, Step
from app.jobs.alarms import Alarms
from app.services.context import Act
from app.services.fieldwork import dispositions, recording, requesting, working
from app.services.fieldwork.recording import Offer
from app.services.fieldwork.requesting import Wanted
from app.services.results import publishing
from tests.conftest import REGION, Clock
from tests.planning_county import add_inspector, add_premises

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
EVERY_ROLE = frozenset(Role)
TEAM = ("a", "b")
OFFICERS = {
    code: Caller(code, code, frozenset({Role.INSPECTOR}), REGION, code) for code in (*TEAM, "stranger")
}
CHIEFS = {name: Caller(name, name, EVERY_ROLE, REGION) for name in ("p", "q", "r", "s")}
HYBRID = Caller("hybrid", "hybrid", EVERY_ROLE, REGION, "a")
"""An officer of the team whose key holds every role."""
PEOPLE = {**OFFICERS, **CHIEFS, "hybrid": HYBRID}
AT_WORK = (*sorted(OFFICERS), "hybrid")
WAY = (Step.SUBMIT, Step.REVIEW, Step.APPROVE, Step.PUBLISH)
ASIDE = (Step.SEND_BACK, Step.WITHHOLD, Step.CORRECT, Step.WITHDRAW)
_numbers = count()


def body(checklist: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """A record: complete and clean, complete with a finding, or with nothing in it."""
    found = kind == "found"
    answers = [
        {"entry": entry["id"], "reply": "does_not" if found and n == 0 else "conforms", "reason": None}
        for n, entry in enumerate(checklist)
    ]
    finding = {
        "ref": "f1",
        "entry": checklist[0]["id"],
        "severity": "minor",
        "clause": "某条",
        "text": "某事",
    }
    return {
        "answers": [] if kind == "empty" else answers,
        "findings": [finding] if found else [],
        "statement": None,
        "signature": {"signed": True, "signer": "负责人", "reason": None, "witness": None},
        "codes": {"clean": ["01"], "found": ["05", "21"], "empty": []}[kind],
    }


class Life(RuleBasedStateMachine):
    """One visit without a draw, from the request to whatever becomes of its result."""

    house: ClassVar[House]
    clock: ClassVar[Clock]

    def __init__(self) -> None:
        super().__init__()
        self.clock.now = START
        self.key = f"src:life-{next(_numbers)}"
        add_premises(self.house, self.key, {"regime": "entertainment", "subtype": "ktv", "level": 1})
        self.visit = ""
        self.logged = 0

    def try_to(self, who: Caller, act: Callable[[Act], Any]) -> Any:
        """Act, or be refused by a rule; anything else is a mistake of the program."""
        try:
            with self.house.database.unit_of_work() as session:
                return act(self.house.act(session, who))
        except DomainError:
            return None

    @initialize(kind=st.sampled_from([Kind.EMERGENCY, Kind.COMPLAINT]))
    def ask_for_it(self, kind: Kind) -> None:
        """An emergency may begin at once, a complaint waits for another person's approval."""
        wanted = Wanted(
            kind=kind,
            entity=self.key,
            item="psb.venues",
            reason="线索",
            visit_from=date(2026, 11, 2),
            visit_to=date(2026, 11, 5),
            inspectors=TEAM,
        )
        made = self.try_to(CHIEFS["p"], lambda act: requesting.request(act, wanted).id)
        assert made is not None
        self.visit = made

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.clock.move(hours=hours)

    @rule()
    def the_clock_ticks(self) -> None:
        Alarms()(self.house)
        alarms = Alarms()
        while alarms(self.house):
            pass

    @rule(who=st.sampled_from(sorted(PEOPLE)), agree=st.booleans())
    def decide(self, who: str, agree: bool) -> None:  # noqa: FBT001 - hypothesis names it
        if agree:
            self.try_to(PEOPLE[who], lambda act: requesting.approve(act, self.visit))
        else:
            self.try_to(PEOPLE[who], lambda act: requesting.decline(act, self.visit, reason="不必"))

    @rule(
        who=st.sampled_from(AT_WORK),
        act=st.sampled_from(["in", "out", "attempt", "code"]),
    )
    def at_the_door(self, who: str, act: str) -> None:
        done = {
            "in": working.check_in,
            "out": working.check_out,
            "attempt": working.attempt,
            "code": working.give_code,
        }[act]
        self.try_to(PEOPLE[who], lambda made: done(made, self.visit))

    @rule(who=st.sampled_from(AT_WORK), kind=st.sampled_from(["clean", "found", "empty"]))
    def save(self, who: str, kind: str) -> None:
        offer = Offer(
            record=record_of(body(self.row("visits")["checklist"], kind)),
            client_ref=f"ref-{next(_numbers)}",
            saw=lambda _kept: True,
        )
        self.try_to(PEOPLE[who], lambda act: recording.save(act, self.visit, offer))

    @rule(who=st.sampled_from(AT_WORK))
    def submit_the_record(self, who: str) -> None:
        self.try_to(PEOPLE[who], lambda act: recording.submit(act, self.visit, revision=None))

    @rule(who=st.sampled_from(sorted(OFFICERS)), kind=st.sampled_from(["clean", "found", "empty"]))
    def correct_the_record(self, who: str, kind: str) -> None:
        changes = body(self.row("visits")["checklist"], kind)
        self.try_to(
            PEOPLE[who],
            lambda act: recording.correct(act, self.visit, changes, reason="更正", revision=None),
        )

    @rule(
        who=st.sampled_from(sorted(OFFICERS)), kind=st.sampled_from([Disposition.WARNING, Disposition.NONE])
    )
    def dispose(self, who: str, kind: Disposition) -> None:
        self.try_to(
            PEOPLE[who], lambda act: dispositions.record(act, self.visit, Terms(kind=kind), note=None)
        )

    @rule(who=st.sampled_from(sorted(PEOPLE)), step=st.sampled_from(sorted(ASIDE)))
    def step_aside(self, who: str, step: Step) -> None:
        self.take_a_step(who, step)

    def take_a_step(self, who: str, step: Step) -> None:
        """A step of the publication by somebody."""
        self.try_to(PEOPLE[who], lambda act: self.steps(act)[step]())

    def steps(self, act: Act) -> dict[Step, Callable[[], Any]]:
        """What people can do with the publication; the clock and a corrected record do the rest."""
        visit, why = self.visit, {"reason": "理由"}
        return {
            Step.SUBMIT: lambda: publishing.submit(act, visit),
            Step.REVIEW: lambda: publishing.review(act, visit),
            Step.APPROVE: lambda: publishing.approve(act, visit),
            Step.PUBLISH: lambda: publishing.publish(act, visit),
            Step.SEND_BACK: lambda: publishing.send_back(act, visit, **why),
            Step.WITHHOLD: lambda: publishing.withhold(act, visit, **why, until=date(2026, 11, 20)),
            Step.CORRECT: lambda: publishing.correct(act, visit, **why),
            Step.WITHDRAW: lambda: publishing.withdraw(act, visit, **why, ground=Ground.PRIVACY),
        }

    @rule(times=st.integers(1, 9))
    def go_by_the_book(self, times: int) -> None:
        """What comes next, by whom it may be done, so that the machine gets far."""
        for _ in range(times):
            self.go_on(None)

    @rule(who=st.sampled_from(sorted(PEOPLE)))
    def go_on_by(self, who: str) -> None:
        """What comes next, by whom it may not be done perhaps."""
        self.go_on(who)

    @rule()
    def find_nobody(self) -> None:
        """An attempt today and one tomorrow."""
        for who in TEAM:
            self.at_the_door(who, "attempt")
            self.clock.move(days=1)

    def go_on(self, who: str | None) -> None:
        """The next act; None: by somebody who may."""
        state = self.row("visits")["state"]
        there = self.rows("check_ins")
        if state == "requested":
            self.decide(who or "q", agree=True)
        elif state == "planned":
            self.at_the_door(who or TEAM[len(there) % len(TEAM)], "in")
        elif state == "checked_in":
            self.at_the_door(who or TEAM[sum(one["out_at"] is not None for one in there) % len(TEAM)], "out")
        elif state == "checked_out":
            self.save("a", "found")
            self.submit_the_record(who or "b")
        else:
            self._go_on_to_the_public(who)

    def _go_on_to_the_public(self, who: str | None) -> None:
        for publication in self.rows("publications"):
            at = {"submitted": 1, "reviewed": 2, "approved": 3}.get(publication["state"], 0)
            self.take_a_step(who or ("a", "q", "r", "s")[at], WAY[at])

    def rows(self, table: str, column: str = "visit_id", value: str | None = None) -> list[dict[str, Any]]:
        """Rows of this visit."""
        found = SQLModel.metadata.tables[table]
        query = select(found).where(found.c[column] == (self.visit if value is None else value))
        with self.house.database.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def row(self, table: str, column: str = "id") -> dict[str, Any]:
        """The one row of this visit."""
        (found,) = self.rows(table, column)
        return found

    @invariant()
    def two_officers_are_behind_every_record(self) -> None:
        """行政处罚法 art. 42: of the team, each with a key of his own, and all of them have left."""
        if not self.visit:
            return
        visit, there = self.row("visits"), self.rows("check_ins")
        assert {one["inspector"] for one in there} <= set(TEAM)
        if visit["state"] in {"checked_in", "checked_out", "submitted", "closed"}:
            assert len({one["inspector"] for one in there}) == len(TEAM)
        if visit["state"] in {"checked_out", "submitted", "closed"}:
            assert all(one["out_at"] for one in there)
        if visit["kind"] != "emergency" and visit["state"] != "cancelled":
            assert (visit["state"] == "requested") == (visit["approved_by"] is None)
            assert not (there and visit["approved_by"] is None)
        assert visit["approved_by"] is None or visit["approved_by"] != visit["requested_by"]
        attempts = {one["on"] for one in self.rows("visit_attempts")}
        assert all(visit["visit_from"] <= day <= visit["visit_to"] for day in attempts)
        if visit["state"] == "unreachable":
            assert (len(attempts), there, visit["codes"]) == (2, [], ["04"])
        assert all(visit["visit_from"] <= shanghai_day(one["at"]) <= visit["visit_to"] for one in there)

    @invariant()
    def every_result_is_on_record_and_on_its_way(self) -> None:
        """One submission, complete by the rules; where rosters look; with a clock."""
        if not self.visit:
            return
        visit = self.row("visits")
        taken = visit["state"] in {"submitted", "closed"}
        ended = taken or visit["state"] == "unreachable"
        kinds = [one["kind"] for one in self.rows("visit_record_versions")]
        assert kinds.count("submitted") == int(taken)
        if taken:
            kept = self.row("visit_records", "visit_id")["body"]
            assert submission_faults(record_of(kept), entries_of(visit["checklist"])) == []
            assert sorted(kept["codes"]) == visit["codes"]
        past = self.rows("past_visits", "entity_id", visit["entity_id"])
        assert [(one["codes"], one["kind"]) for one in past] == [(visit["codes"], visit["kind"])] * int(ended)
        assert len(self.rows("publications")) == len(self.rows("public_undrawn")) == int(ended)
        assert ended or not self.rows("dispositions")

    @invariant()
    def nothing_is_public_without_four_people(self) -> None:
        """Each version by its four steps; no officer but as its submitter; the chain of digests is whole."""
        versions = sorted(self.rows("public_results", "id"), key=lambda one: one["version"])
        if not versions:
            return
        (publication,) = self.rows("publications")
        steps = sorted(
            self.rows("publication_steps", "publication_id", publication["id"]), key=lambda one: one["n"]
        )
        removed = {one["version"]: one["copy_"] for one in self.rows("removed_versions", "id")}
        assert [one["version"] for one in versions] == list(range(1, len(versions) + 1))
        assert [one["current"] for one in versions] == [False] * (len(versions) - 1) + [True]
        for one in versions:
            document = removed.get(one["version"], one["copy_"])
            assert sha256(document) == one["sha256"]
            if one["withdrawn"]:
                continue
            last = [step for step in steps if step["version"] == one["version"]]
            acts = [step["act"] for step in last]
            end = acts.index(Step.PUBLISH)
            by = {step["act"]: step["caller_id"] for step in last[: end + 1] if step["act"] in set(WAY)}
            assert set(by) == set(WAY)
            assert len(set(by.values())) == len(WAY)
            assert not {by[step] for step in WAY[1:]} & {*TEAM, "hybrid"}
            assert by[Step.SUBMIT] in {*TEAM, "hybrid"}
        documents = [removed.get(one["version"], one["copy_"]) for one in versions]
        assert [d["previous"] for d in documents] == [None, *(one["sha256"] for one, _ in pairwise(versions))]
        stands = [one["version"] for one in versions if one["current"] and not one["withdrawn"]]
        assert publication["public_version"] == (stands[0] if stands else None)

    @invariant()
    def a_withholding_says_why_who_and_until_when(self) -> None:
        """And what the public may count follows it."""
        for publication in self.rows("publications"):
            withheld = publication["state"] == "withheld"
            assert (publication["withheld_by"] is not None) == withheld
            assert (publication["withheld_until"] is not None) == withheld
            (undrawn,) = self.rows("public_undrawn")
            public = publication["public_version"] is not None
            assert (undrawn["publication"] == "published") == public
            assert (undrawn["publication"] == "withheld") == (withheld and not public)
            assert (undrawn["due_on"] is not None) == (undrawn["publication"] == "pending")

    @invariant()
    def nothing_is_taken_out_of_the_log(self) -> None:
        """It only grows."""
        if self.visit:
            now = len(self.rows("audit_events", "subject"))
            assert now >= self.logged
            self.logged = now


def sha256(document: Any) -> str:
    """Of the canonical JSON, without the house's own serialiser."""
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def test_no_state_is_reached_against_the_rules(house: House, clock: Clock) -> None:
    """Issue 3: hypothesis state machines for visit and publication, over the services."""
    for code in (*TEAM, "stranger"):
        add_inspector(house, code)
    Alarms()(house)

    class Here(Life):
        pass

    Here.house, Here.clock = house, clock
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12 if house.database.is_sqlite else 4,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],  # to shrink takes minutes, and the steps say what happened as they are
            suppress_health_check=list(HealthCheck),
        ),
    )
