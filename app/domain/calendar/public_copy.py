"""What the public may know of a year's calendar: month, item, kind, rate and how many draws, never a day.

A period such as `2026-11.2` tells the week, so it is public only with the commitment of its draw.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.policies.rhythms import Rate

_KINDS: Final = ("regular", "extra", "adhoc")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDraw:
    """Of a draw just what the public copy is made from: `reason` is the code of an ad-hoc one."""

    kind: str
    visit_from: date
    rate: Rate | None
    reason: str | None = None


def public_months(draws: Iterable[PublicDraw]) -> list[dict[str, Any]]:
    """Count draws by month, kind, rate and reason; a draw belongs to the month in which its visits begin.

    Args:
        draws: in any order.
    """
    counted = Counter(
        (f"{draw.visit_from:%Y-%m}", _KINDS.index(draw.kind), draw.rate or (), draw.reason or "")
        for draw in draws
    )
    return [
        {
            "month": month,
            "kind": _KINDS[kind],
            "rate": list(rate) or None,
            "reason": reason or None,
            "draws": count,
        }
        for (month, kind, rate, reason), count in sorted(counted.items())
    ]
