"""Whether a visit is genuine: what anybody with its code may know, and nothing more (扫码入企)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.domain.days import shanghai_day
from app.domain.errors import Missing
from app.domain.fieldwork import door
from app.services.context import Look
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
        Missing: no code in force: mistyped, made up, of another day, or of a visit that is over.
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
        officers=store.officers_of(look.connection, [row.id])[row.id],
        item=row.item,
        item_name={lang: join.join(name[lang] for name in names) for lang, join in _JOINED.items()},
        on=shanghai_day(look.now),
        valid_to=row.valid_to,
    )
