"""Where visits come from: a duty, or what a draw adds to it.

A window is met by one visit, so those that met one make up the duty: twelve a year for «once a month». Every
other visit is a surplus, and what drew it says which: the ratio of a stratum, its surprise, an extra or an
ad-hoc draw, or another registration or item of the same premises.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from app.domain.calendar.draws import ADHOC, EXTRA
from app.domain.draw.plan import Stratum
from app.domain.draw.selection import Drawn

_OPEN: Final = "open"


class Part(StrEnum):
    """What a visit is counted under.

    DUTY: it met a window of a frequency duty that was not met yet. The others met none: QUOTA, drawn by the
    ratio of a regular draw; SURPRISE, by its surprise; EXTRA, by an extra draw; ADHOC, by an ad-hoc draw;
    TOGETHER, only because another registration or item of the premises was to be visited.
    """

    DUTY = "duty"
    QUOTA = "quota"
    SURPRISE = "surprise"
    EXTRA = "extra"
    ADHOC = "adhoc"
    TOGETHER = "together"


_BY_KIND: Final = {EXTRA: Part.EXTRA, ADHOC: Part.ADHOC}


def surplus_of(kind: str, drawn: Iterable[Drawn], strata: Iterable[Stratum]) -> dict[str, Part]:
    """Say of each premises drawn what its visit is counted under where it meets no duty.

    The lines that DR1 opens beyond the duties are max(quota - cover, surprise): the last `surprise` of them
    are the surprise, what comes before them is topped up to the quota.

    Args:
        kind: of the draw: `regular`, `extra` or `adhoc`.
        drawn: the lines, in the order drawn.
        strata: of the plan.
    """
    opened: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, Part] = {}
    for one in drawn:
        found[one.id] = Part.TOGETHER
        if one.reason == _OPEN:
            opened[one.stratum].append(one.id)
    for stratum in strata:
        ids = opened[stratum.name]
        topped_up = max(len(ids) - stratum.surprise, 0)
        for n, entity in enumerate(ids):
            found[entity] = _BY_KIND.get(kind, Part.QUOTA if n < topped_up else Part.SURPRISE)
    return found
