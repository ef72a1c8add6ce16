"""What the draws of a year cannot be planned from."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.policies.consistency import POLICY_RULES
from app.domain.policies.rhythm_rules import rhythm_faults

DEFAULT = json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8"))


def test_the_default_policies_can_be_planned_from() -> None:
    """And every draft of a policy is asked."""
    assert list(rhythm_faults(DEFAULT)) == []
    assert list(rhythm_faults({})) == []
    assert rhythm_faults in POLICY_RULES


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"every": "quarter", "lead_days": 30, "spare_days": 59}, None),
        ({"every": "quarter", "lead_days": 30, "spare_days": 60}, "spare_days no-days-for-visits 90 90"),
        ({"every": "month", "lead_days": 28}, "spare_days no-days-for-visits 28 28"),
        ({"every": "third-of-month", "spare_days": 7}, None),
        ({"every": "third-of-month", "spare_days": 8}, "spare_days no-days-for-visits 8 8"),
        ({"every": "week", "least_working_days": 3, "lead_days": 1, "spare_days": 1}, None),
        ({"every": "week", "least_working_days": 3, "lead_days": 3}, "spare_days no-days-for-visits 3 3"),
        ({"every": "week", "lead_days": 1}, "spare_days no-days-for-visits 1 1"),
        ({"every": "month", "rate": [0, 5]}, "rate draws-nobody"),
        ({"every": "month", "least_rate": [0, 5]}, "least_rate draws-nobody"),
        ({"every": "month", "rate": [1, 21], "least_rate": [1, 20]}, "rate rate-too-low 1/21 1/20"),
        ({"every": "month", "rate": [1, 20], "least_rate": [2, 40]}, None),
    ],
)
def test_every_span_leaves_days_and_every_rate_draws_somebody(
    rule: dict[str, Any], wanted: str | None
) -> None:
    """The shortest third is 21 to 28 February, the shortest quarter January to March of a common year."""
    found = [
        " ".join([one.pointer, one.code, *(value for _, value in one.values)])
        for one in rhythm_faults({"calendar": [rule]})
    ]
    assert found == ([] if wanted is None else [f"/calendar/0/{wanted}"])


def test_extra_draws_draw_somebody() -> None:
    """Each by its own pointer."""
    rules = [{"rate": [1, 20]}, {"rate": [0, 1]}]
    assert [one.pointer for one in rhythm_faults({"extra_draws": rules})] == ["/extra_draws/1/rate"]
