"""Forged records: each fails at exactly the check that section 11 names, and skips what builds on it."""

import pytest

from tests.domain.draw.forged_chance import CHANCE
from tests.domain.draw.forged_format import FORMAT
from tests.domain.draw.forged_frozen import FROZEN, PLAN
from tests.domain.draw.forged_staff import AMENDED, STAFF
from tests.domain.draw.forgery import Forgery, sample, verified

ORDER = (
    *("format", "plan", "lines", "ids", "identities", "entropy", "selection"),
    *("secret", "inspectors", "recusals", "teams", "amendments", "log"),
)
SKIPPED_AFTER = {
    "format": ORDER[1:12],
    "plan": ORDER[2:12],
    "lines": ("identities", "selection", "secret", "inspectors", "recusals", "teams", "amendments"),
    "ids": (),
    "identities": ("selection", "secret", "inspectors", "recusals", "teams", "amendments"),
    "entropy": ("selection", "teams", "amendments"),
    "selection": ("teams", "amendments"),
    "secret": ("inspectors", "recusals", "teams", "amendments"),
    "inspectors": ("teams", "amendments"),
    "recusals": ("teams", "amendments"),
    "teams": ("amendments",),
    "amendments": (),
}
"""The third column of section 11's table followed to its end."""
OF_AN_AUDIT = ("secret", "inspectors", "recusals", "teams", "amendments")

FORGERIES = FORMAT | PLAN | FROZEN | CHANCE | STAFF | AMENDED


def expected_statuses(forgery: Forgery) -> dict[str, str]:
    """Follow the table of section 11 by hand."""
    public = forgery.base == "public" if forgery.public is None else forgery.public
    withheld = {"log", *(OF_AN_AUDIT if public else ())}
    skipped = {check for failed in forgery.fails for check in SKIPPED_AFTER[failed]}
    return {
        check: "withheld"
        if check in withheld
        else "skipped"
        if check in skipped
        else "failed"
        if check in forgery.fails
        else "ok"
        for check in ORDER
    }


def test_there_are_far_more_than_ninety_forgeries() -> None:
    """Every check that this version makes has forgeries that fail there first."""
    assert len(FORGERIES) > 200
    assert {forgery.fails[0] for forgery in FORGERIES.values()} == set(ORDER) - {"log"}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_fails_at_its_check_and_skips_what_builds_on_it(name: str) -> None:
    """Section 11: exactly these statuses, a detail with every failure, and no verdict of ok."""
    forgery = FORGERIES[name]
    files = sample(forgery.base)
    forgery.forge(files)

    report = verified(files)

    assert {check.check: check.status for check in report.checks} == expected_statuses(forgery)
    assert not report.ok
    assert all(check.detail for check in report.checks if check.status != "ok")


def test_forged_bytes_differ_from_the_sample() -> None:
    """No forgery of the table leaves its record as it was."""
    for name, forgery in FORGERIES.items():
        files = sample(forgery.base)
        forgery.forge(files)
        assert files != sample(forgery.base), name
