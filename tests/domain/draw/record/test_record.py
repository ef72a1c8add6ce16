"""The record (section 10): what is written verifies, and has exactly the files and the form of the text."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.draw.basics.digest import Alg
from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.draw.record.record import audit_record, public_record
from tests.domain.draw.forgery import rows, verified
from tests.domain.draw.honest import SECRET, held, joined, officers, prepared, venues

PUBLIC = [
    *("plan.json", "lines.ndjson", "ids.ndjson", "identities.ndjson"),
    *("entropy.json", "strata.ndjson", "selection.ndjson"),
]
AUDIT = [*PUBLIC, "secret.json", "inspectors.ndjson", "recusals.ndjson", "teams.ndjson"]

IDS = ("店", "a|b", 'q"uote', "back\\slash", "𠮷野家", "KTV-🎤", "Café", "/", "网吧:红树林", "x#2")


@st.composite
def rosters(draw: st.DrawFn) -> list[RosterLine]:
    """Rosters of a few venues with odd names, in two strata, some without tickets."""
    lines = []
    for name in draw(st.lists(st.sampled_from(IDS), unique=True, max_size=len(IDS))):
        tickets = draw(st.integers(0, 4))
        left = draw(st.integers(0, 3)) if tickets else 0
        stratum = draw(st.sampled_from(("a", "b-2")))
        needs = draw(st.sampled_from(((), ("regime:ktv",))))
        lines.append(RosterLine(name, stratum, tickets, left, needs, None if tickets else "cooldown"))
    return lines


@given(roster=rosters(), staff=st.integers(0, 4), alg=st.sampled_from(("sha256", "sm3")))
@settings(max_examples=60, deadline=None)
def test_every_written_record_verifies(roster: Sequence[RosterLine], staff: int, alg: Alg) -> None:
    """Round trip: audit and public records of any draw, short of staff or not, are ok; only the log lacks."""
    inspectors = [Inspector(f"P{n}", 1 + n, ("regime:ktv",)) for n in range(staff)]
    recusals = [Recusal("P0", roster[0].id)] if roster and staff else []
    draw = held(roster, inspectors=inspectors, recusals=recusals, slots=[("regime:ktv",), ()], alg=alg)

    audit, public = verified(draw.audit()), verified(draw.public())

    assert audit.ok
    assert [check.check for check in audit.checks if check.status != "ok"] == ["log"]
    assert public.ok
    assert not public.complete
    assert audit.C == public.C == draw.prepared.commitment


def test_a_public_record_has_seven_files_and_the_drawn_lines_identities() -> None:
    """Section 10, column *public*: identities of exactly the drawn lines, in line order, and no secret."""
    draw = held(venues(40), inspectors=officers(9), slots=[()])
    files = draw.public()
    drawn = sorted(row["line"] for row in rows(files, "selection.ndjson"))

    assert list(files) == PUBLIC
    assert [row["line"] for row in rows(files, "identities.ndjson")] == drawn
    assert len(drawn) == 8
    assert SECRET.encode() not in b"".join(files.values())


def test_an_audit_record_of_a_short_draw_has_its_certificate() -> None:
    """Section 10: `shortage.json` if infeasible, and only then."""
    assert list(held(venues(10), inspectors=officers(9), slots=[()]).audit()) == AUDIT
    short = held(venues(10), inspectors=officers(1, cap=1), slots=[()]).audit()
    assert list(short) == [*AUDIT, "shortage.json"]
    assert json.loads(short["shortage.json"])["inspectors"] == ["P000"]


def test_lines_are_compact_unescaped_and_end_with_lf() -> None:
    """Members stand in the order of section 10; NDJSON ends with LF, JSON does not."""
    files = held([RosterLine('网吧"1', "cafe", 1, 1, ("regime:cafe",), None)]).audit()

    assert files["ids.ndjson"] == '"网吧\\"1"\n'.encode()
    assert list(json.loads(files["lines.ndjson"])) == ["stratum", "tickets", "draws_left", "E", "X"]
    assert files["identities.ndjson"].startswith(
        '{"line":0,"id":"网吧\\"1","needs":["regime:cafe"],"note":null,"N":"'.encode()
    )
    assert files["secret.json"] == f'{{"secret":"{SECRET}"}}'.encode()
    assert not files["plan.json"].endswith(b"\n")
    assert files["inspectors.ndjson"] == b""


@pytest.mark.parametrize("audience", ["public", "audit"])
def test_a_draw_voided_before_its_random_value_has_no_selection(audience: str) -> None:
    """Section 8: entropy, strata and selection are lacking; their checks are withheld, none is skipped."""
    ready = prepared(venues(20), inspectors=officers(3), slots=[()])
    if audience == "public":
        files = joined(public_record(plan=ready.plan_bytes, frozen=ready.frozen, drawing=None))
        assert files["identities.ndjson"] == b""
    else:
        files = joined(
            audit_record(plan=ready.plan_bytes, frozen=ready.frozen, drawing=None, secret=SECRET, deal=None)
        )
        assert files["teams.ndjson"] == b""

    report = verified(files)

    assert report.ok
    assert not {"entropy.json", "strata.ndjson", "selection.ndjson"} & files.keys()
    withheld = [check.check for check in report.checks if check.status == "withheld"]
    of_audits = ["secret", "inspectors", "recusals", "teams", "amendments"] if audience == "public" else []
    assert withheld == ["entropy", "selection", *of_audits, "log"]
