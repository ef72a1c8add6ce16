"""The verifier (section 11): samples, commitment, voided draws, amendments, requirements."""

import json
from dataclasses import replace

import pytest

from app.domain.draw.basics.lines import Inspector
from app.domain.draw.entropy import CeremonyValues
from app.domain.draw.record.record import audit_record, public_record
from app.domain.draw.teams.amendments import Amendment, Lend, Recuse, Withdraw
from app.domain.draw.verifier.verify import CHECKS, NEEDS, WITNESS, Report, verify
from tests.domain.draw.forgery import ZEROS, Files, MemoryRecord, edit, put, rows, sample, verified
from tests.domain.draw.honest import SECRET, held, joined, officers, prepared, venues

OF_AN_AUDIT = ("secret", "inspectors", "recusals", "teams", "amendments")


def statuses(report: Report) -> dict[str, str]:
    """Give the status of each check."""
    return {check.check: check.status for check in report.checks}


@pytest.mark.parametrize("name", ["audit", "audit-infeasible", "amended-sm3"])
def test_the_audit_samples_verify(name: str) -> None:
    """All checks but the log's, which has no file there, are ok."""
    report = verified(sample(name))
    assert report.ok
    assert statuses(report) == dict.fromkeys(CHECKS, "ok") | {"log": "withheld"}


def test_the_public_sample_verifies() -> None:
    """What only an audit record has is withheld, nothing fails, and the record is not complete."""
    report = verified(sample("public"))
    assert report.ok
    assert not report.complete
    withheld = dict.fromkeys((*OF_AN_AUDIT, "log"), "withheld")
    assert statuses(report) == dict.fromkeys(CHECKS, "ok") | withheld
    assert report.C == "33703ea1e46dee2641140e2ea9deb94c44e282634e268bf46cdc6dc23e970e38"


def test_checks_come_in_the_order_of_the_table_and_need_earlier_ones() -> None:
    """Section 11: thirteen checks; what one needs was checked before it."""
    assert len(CHECKS) == 13
    for at, check in enumerate(CHECKS):
        assert set(NEEDS[check]) <= set(CHECKS[:at])


@pytest.mark.parametrize("name", ["public", "audit"])
def test_another_commitment_fails_the_plan_and_skips_nothing(name: str) -> None:
    """Section 11: a commitment mismatch fails `plan`, and every other check is still made."""
    honest = verified(sample(name))
    report = verified(sample(name), commitment=ZEROS)
    assert not report.ok
    assert statuses(report) == statuses(honest) | {"plan": "failed"}
    assert ZEROS in next(check.detail for check in report.checks if check.check == "plan")
    assert verified(sample(name), commitment=honest.C).ok


def test_a_draw_repeated_with_another_plan_is_seen_by_its_commitment_alone() -> None:
    """A bureau draws again until it likes the result: all is consistent, but C is another."""
    published = held(venues(30)).prepared.commitment
    again = held(venues(31)).public()
    assert verified(again).ok
    assert statuses(verified(again, commitment=published))["plan"] == "failed"


def test_a_plan_that_failed_for_itself_keeps_its_reason() -> None:
    """With another commitment too, the plan's own fault is told, and what builds on it is skipped."""
    files = sample("public")
    files["plan.json"] += b"\n"
    report = verified(files, commitment=ZEROS)
    assert statuses(report)["plan"] == "failed"
    assert statuses(report)["lines"] == "skipped"
    assert "8785" in report.checks[1].detail


def test_withheld_goes_before_skipped() -> None:
    """A public record whose format fails skips the public checks and withholds the others."""
    files = sample("public")
    files["ids.ndjson"] = b""
    del files["lines.ndjson"]
    found = statuses(verified(files))
    assert found["format"] == "failed"
    assert [check for check, status in found.items() if status == "withheld"] == [*OF_AN_AUDIT, "log"]
    assert found["selection"] == "skipped"


def test_json_may_be_written_in_any_way() -> None:
    """Member order, white space and escapes are free in every file but the plan."""
    files = sample("amended-sm3")
    for name, content in files.items():
        if name.endswith(".ndjson"):
            values = [json.loads(line) for line in content.splitlines()]
            shuffled = [dict(reversed(v.items())) if isinstance(v, dict) else v for v in values]
            files[name] = "".join(f" {json.dumps(v, indent=None)}\t\n" for v in shuffled).encode()
        elif name != "plan.json":
            files[name] = json.dumps(json.loads(content), indent=2).encode() + b"\n"
    assert verified(files).ok


def test_pieces_may_break_anywhere() -> None:
    """A source may hand over single bytes."""
    report = verify(MemoryRecord(sample("audit"), piece=1), bls=lambda *_: False)
    assert report.ok


class TestVoidedBeforeTheRandomValue:
    """Section 8: before the random value there is no selection."""

    def test_a_public_record_of_plan_lines_and_ids_alone_is_ok(self) -> None:
        """Nobody was drawn: a record without identities says what one with an empty file says."""
        files = self._public()
        del files["identities.ndjson"]
        assert verified(files).ok

    def test_an_identity_published_all_the_same_fails(self) -> None:
        """Nobody was drawn, so no identity is public."""
        audit, public = self._audit(), self._public()
        put(public, "identities.ndjson", rows(audit, "identities.ndjson")[:1])
        assert statuses(verified(public))["identities"] == "failed"

    def test_teams_without_a_draw_fail(self) -> None:
        """Without a random value there is no deal."""
        files = self._audit()
        put(files, "teams.ndjson", [{"entity": "店000001", "slot": 0, "inspector": "P000"}])
        assert statuses(verified(files))["teams"] == "failed"

    def test_amendments_without_a_draw_fail(self) -> None:
        """Without teams there is nothing to amend."""
        files = self._audit()
        files["teams-final.ndjson"] = b""
        files["amendments.ndjson"] = sample("amended-sm3")["amendments.ndjson"]
        assert statuses(verified(files))["amendments"] == "failed"

    def test_a_real_draw_cannot_pass_for_a_voided_one(self) -> None:
        """Dropping the three files leaves identities behind that nobody may see."""
        files = sample("public")
        for name in ("entropy.json", "strata.ndjson", "selection.ndjson"):
            del files[name]
        found = statuses(verified(files))
        assert found["identities"] == "failed"
        assert found["entropy"] == found["selection"] == "withheld"

    def test_a_voided_audit_is_ok_down_to_its_teams(self) -> None:
        """Everything that does not need the random value is checked."""
        found = statuses(verified(self._audit()))
        assert [check for check, status in found.items() if status != "ok"] == ["entropy", "selection", "log"]

    @staticmethod
    def _public() -> Files:
        ready = prepared(venues(12), inspectors=officers(3), slots=[()])
        return joined(public_record(plan=ready.plan_bytes, frozen=ready.frozen, drawing=None))

    @staticmethod
    def _audit() -> Files:
        ready = prepared(venues(12), inspectors=officers(3), slots=[()])
        files = audit_record(
            plan=ready.plan_bytes, frozen=ready.frozen, drawing=None, secret=SECRET, deal=None
        )
        return joined(files)


def thrown(number: int) -> CeremonyValues:
    """Give an amendment's own throw."""
    return CeremonyValues((("amendment", f"{number:020d}"),))


class TestAmendments:
    """Section 7 as the verifier sees it."""

    def test_amended_teams_verify_and_another_throw_does_not(self) -> None:
        """Whom a withdrawal brings in follows from its own random value: with many equals it shows."""
        draw = held(venues(60), inspectors=officers(40), slots=[(), ()])
        gone = draw.held.deal.teams[0].inspector
        amended = draw.amend([Withdraw(n=1, reason="leave", started=(), entropy=thrown(1), inspector=gone)])
        files = draw.audit(amended)
        assert verified(files).ok

        edit("amendments.ndjson", lambda v: v[0]["entropy"]["values"][0].update(value=f"{7:020d}"))(files)
        assert statuses(verified(files))["amendments"] == "failed"

    def test_amendments_of_a_draw_without_teams_verify(self) -> None:
        """A single-random draw has no places: a withdrawal changes nothing."""
        draw = held(venues(20), inspectors=officers(2))
        amended = draw.amend([Withdraw(n=1, reason="leave", started=(), entropy=thrown(1), inspector="P000")])
        assert verified(draw.audit(amended)).ok

    def test_narrow_lending_is_warned_of(self) -> None:
        """One inspector lent for one empty place names the person."""
        draw = held(venues(5), inspectors=officers(1, cap=2), slots=[(), ()], rate=(1, 5))
        lent = Lend(n=1, reason="short", started=(), entropy=thrown(1), inspectors=(Inspector("Q1", 9, ()),))
        report = verified(draw.audit(draw.amend([lent])))
        assert report.ok
        assert any("narrow lending" in warning for warning in report.warnings)

    @pytest.mark.parametrize(
        "amendment",
        [
            Recuse(n=1, reason="kin", started=(), entropy=thrown(2), inspector="P000", entity="店000003"),
            Lend(n=1, reason="late", started=(), entropy=thrown(2), inspectors=tuple(officers(0))),
        ],
        ids=["recuse", "lend nobody"],
    )
    def test_any_kind_verifies(self, amendment: Amendment) -> None:
        """What the application carries out is what the verifier replays."""
        draw = held(venues(30), inspectors=officers(12), slots=[(), ()])
        assert verified(draw.audit(draw.amend([amendment]))).ok


class TestRequire:
    """`--require`: a required check must be there and ok."""

    def test_what_is_withheld_does_not_meet_a_requirement(self) -> None:
        """A public record meets `selection` but neither `teams` nor `log`."""
        report = verified(sample("public"))
        assert report.meets([])
        assert report.meets(["selection", "entropy"])
        assert not report.meets(["selection", "teams"])
        assert not report.meets(["log"])

    def test_no_record_meets_a_witness_yet(self) -> None:
        """Cosignatures are not checked by this version."""
        assert not verified(sample("audit")).meets([WITNESS])

    def test_a_failed_record_meets_nothing(self) -> None:
        """Nothing required does not excuse a failure."""
        report = verified(sample("public"), commitment=ZEROS)
        assert not report.meets([])

    def test_a_complete_report_has_nothing_withheld(self) -> None:
        """Complete means that everything was there; it says nothing of failures."""
        report = verified(sample("audit"))
        done = tuple(replace(check, status="ok") for check in report.checks)
        assert not report.complete
        assert replace(report, checks=done).meets(CHECKS)
