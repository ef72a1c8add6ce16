"""What the verifier warns of though nothing is wrong, and what it says of a log (sections 10 and 11)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.draw.basics.lines import Recusal
from app.domain.draw.entropy import QUICKNET, Chain, round_time
from app.domain.draw.verifier.verify import Report, verify
from tests.domain.draw.forgery import ZEROS, Files, MemoryRecord, edit_json, sample, verified
from tests.domain.draw.honest import Draw, held, officers, venues


class TestWarnings:
    """What is weak though nothing is wrong; the time of the commitment is never proved by this version."""

    def test_a_strong_draw_has_but_the_witness_missing(self) -> None:
        """Ten lines, a rate between 0 and 1, three eligible inspectors: nothing more to warn of."""
        warnings = self._of(held(venues(10), inspectors=officers(3), slots=[()]))
        assert len(warnings) == 1
        assert "no witness proves" in warnings[0]

    def test_nine_lines_are_few(self) -> None:
        """Under 10 lines a line can be guessed."""
        assert "strata under 10 lines: ktv" in self._of(held(venues(9)))[1]

    @pytest.mark.parametrize("rate", [(0, 7), (7, 7)])
    def test_a_rate_of_nothing_or_everything_leaves_nothing_to_chance(self, rate: tuple[int, int]) -> None:
        """Rate 0 or 1, however it is written."""
        assert "rate 0 or 1: ktv" in self._of(held(venues(10), rate=rate))[1]

    def test_two_eligible_inspectors_are_few(self) -> None:
        """Recusals count: with three inspectors, one recused, two can be guessed."""
        draw = held(venues(10), inspectors=officers(3), slots=[()], rate=(1, 1))
        assert len(self._of(draw)) == 2
        recused = held(
            venues(10),
            inspectors=officers(3, cap=9),
            recusals=[Recusal("P001", "店000004")],
            slots=[()],
            rate=(1, 1),
        )
        assert "1 slots with fewer than 3 eligible inspectors: 店000004 0" in self._of(recused)[2]

    def test_a_late_reveal_is_late_from_the_181st_day(self) -> None:
        """More than 180 days after the round's day in Shanghai; a stranger's chain tells no time."""
        files = sample("audit-infeasible")
        day = datetime.fromtimestamp(round_time(657413) + 8 * 3600, UTC).date()
        in_180, in_181 = (day.fromordinal(day.toordinal() + days).isoformat() for days in (180, 181))
        assert not self._late(files, in_180)
        assert self._late(files, in_181)
        edit_json("plan.json", lambda plan: plan["entropy"].update(chain=ZEROS))(files)
        assert not self._late(files, in_181)

    def test_a_chain_of_another_pace_is_dated_by_its_own(self) -> None:
        """The pinned chains are a parameter: period and genesis are theirs."""
        files = sample("audit-infeasible")
        slow = Chain(QUICKNET.hash, QUICKNET.public_key, genesis=QUICKNET.genesis, period=180)
        assert not any("reveal_by" in warning for warning in self._with(files, slow).warnings)

    def test_a_round_in_the_far_future_breaks_nothing(self) -> None:
        """A round beyond every calendar is not late."""
        files = sample("audit-infeasible")
        edit_json("plan.json", lambda plan: plan["entropy"].update(round=2**53 - 1))(files)
        assert not any("reveal_by" in warning for warning in verified(files).warnings)

    def test_a_log_without_a_key_is_unsigned(self) -> None:
        """Signature not checked: no key was given; nor is it warned of when one is."""
        files = sample("public") | {"log.json": json.dumps(log()).encode()}
        assert any("no key was given" in warning for warning in verified(files).warnings)
        report = verify(MemoryRecord(files), bls=lambda *_: True, keys=["draws.example+00000000+AA=="])
        assert not any("no key was given" in warning for warning in report.warnings)

    @staticmethod
    def _of(draw: Draw) -> tuple[str, ...]:
        report = verified(draw.audit())
        assert report.ok
        return report.warnings

    @staticmethod
    def _late(files: Files, day: str) -> bool:
        edit_json("plan.json", lambda plan: plan.update(reveal_by=day))(files)
        return any("reveal_by" in warning for warning in verified(files).warnings)

    @staticmethod
    def _with(files: Files, chain: Chain) -> Report:
        return verify(MemoryRecord(files), bls=lambda *_: True, chains=[chain])


def log() -> dict[str, object]:
    """Give a log of the shape of section 10."""
    entry = {"leaf": {"n": 0}, "path": [ZEROS], "body": {"C": ZEROS}, "salt": None}
    salted = {"leaf": {"n": 1}, "path": [], "body": {}, "salt": ZEROS}
    state = {"checkpoint": "draws.example\n1\n", "cosignatures": [], "entries": [entry, salted]}
    return {"before": state, "after": state, "consistency": [ZEROS]}


class TestTheLog:
    """This version withholds its check; the file's shape is still a matter of format."""

    def test_a_log_is_withheld_with_a_reason(self) -> None:
        """A record with `log.json` says that logs are not checked."""
        for value in (log(), log() | {"after": None}):
            report = verified(sample("public") | {"log.json": json.dumps(value).encode()})
            assert report.ok
            assert report.checks[-1].status == "withheld"
            assert "does not check logs" in report.checks[-1].detail

    @pytest.mark.parametrize(
        "change",
        [
            lambda value: value.pop("after"),
            lambda value: value["before"].pop("entries"),
            lambda value: value["before"]["entries"][0].pop("salt"),
            lambda value: value["before"]["entries"][1].update(salt="1"),
            lambda value: value["before"]["entries"][0].update(path=["1"]),
            lambda value: value.update(consistency={}),
            lambda value: value.update(before=None),
        ],
    )
    def test_a_malformed_log_fails_the_format(self, change: Callable[[object], object]) -> None:
        """Members, digests and salts have the forms of sections 9 and 10."""
        value = json.loads(json.dumps(log()))
        change(value)
        report = verified(sample("public") | {"log.json": json.dumps(value).encode()})
        assert {check.check: check.status for check in report.checks}["format"] == "failed"
        assert {check.check: check.status for check in report.checks}["log"] == "withheld"
