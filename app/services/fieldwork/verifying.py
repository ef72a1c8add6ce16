"""Whether a visit is genuine: what anybody with its code may know, and nothing more (扫码入企)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.fieldwork import door
from app.domain.fieldwork.visit import State
from app.services.context import Look
from app.services.fieldwork.grounds import Staffed, at_the_door
from app.services.fieldwork.working import CODE_CONTEXT
from app.services.planning import law
from app.store.fieldwork import visits as store
from app.store.paging import AnyRow

_JOINED: Final = {"zh": "、", "en": "; "}
"""What stands between the names of several items, by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenuineVisit:
    """Who may come, for what, when."""

    agency: str
    officers: Sequence[AnyRow]
    item: str
    item_name: dict[str, str]
    on: date
    valid_to: datetime


def verify(look: Look, typed: str) -> GenuineVisit:
    """The visit whose code was typed.

    Raises:
        Missing: no code in force: mistyped, made up, of another day, of a visit that is over, or of one for
            which too few may come by now.
    """
    code = door.read_code(typed)
    # A text that cannot be a code is asked for all the same: wrong codes of every sort take the same way.
    digest = look.vault.digest(code or "", context=CODE_CONTEXT)
    row = store.visit_by_code(look.connection, digest, look.now)
    if row is None:
        raise Missing("no-such-code")
    on = shanghai_day(row.opened_at)
    names = [law.item(code, on).document["name"] for code in row.items]
    return GenuineVisit(
        agency=row.agency,
        officers=_who_may_come(look, row),
        item=row.item,
        item_name={lang: join.join(name[lang] for name in names) for lang, join in _JOINED.items()},
        on=shanghai_day(look.now),
        valid_to=row.valid_to,
    )


def _who_may_come(look: Look, row: AnyRow) -> list[AnyRow]:
    """The officers, without those whom a register that changed since the code was given keeps away."""
    team = store.officers_of(look.connection, [row.id])[row.id]
    staffed = Staffed.of(row._mapping, [one.inspector for one in team])  # noqa: SLF001 - SQLAlchemy's public name for it
    held = at_the_door(look.connection, staffed, on=shanghai_day(look.now))
    able = [one for one in team if one.inspector not in held]
    if held and len(able) < _least(look, row):
        raise Missing("no-such-code")
    return able


def _least(look: Look, row: AnyRow) -> int:
    """How many must be able to come: enough to begin the visit, and of one that has begun anybody."""
    if row.state != State.PLANNED:
        return 1
    opened = shanghai_day(row.opened_at)
    return law.policy_for(look.connection, row.region, opened).policy.least_officers
