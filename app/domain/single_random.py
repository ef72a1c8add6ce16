"""How much is drawn single-random 单随机: only the premises by lot, the officers named by hand (clause M9).

The plan wants officers drawn too (积极推动随机抽取执法检查人员); the share is reported by quarter and item.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.errors import FieldError, Malformed

_MONTHS: Final = 3
_BP: Final = 10_000
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2999


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDraw:
    """A draw that was not voided: its item, the day of its commitment, and how many visits came of it."""

    item: str
    committed_on: date
    single: bool
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A quarter of an item.

    Attributes:
        quarter: such as `2026Q4`.
        item: code of the item, without a region.
        draws, single_draws: all of them, and those of them that were single-random.
        visits, single_visits: the same of the visits that they brought.
    """

    quarter: str
    item: str
    draws: int
    single_draws: int
    visits: int
    single_visits: int

    @property
    def draws_bp(self) -> int:
        """The single-random share of the draws in basis points, rounded down; there is at least one draw."""
        return self.single_draws * _BP // self.draws

    @property
    def visits_bp(self) -> int | None:
        """The same of the visits; None where there were none."""
        return self.single_visits * _BP // self.visits if self.visits else None


def quarter_of(day: date) -> str:
    """Give the quarter of a day, such as `2026Q4`."""
    return f"{day.year:04}Q{(day.month - 1) // _MONTHS + 1}"


def check_year(year: int) -> int:
    """Check that a year is one of this service's.

    Raises:
        Malformed: it is not.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        values = (("least", str(FIRST_YEAR)), ("most", str(LAST_YEAR)))
        raise Malformed("malformed", FieldError("/year", "year-range", values))
    return year


def shares(draws: Iterable[CountedDraw]) -> list[Share]:
    """Add up draws by quarter and item, in that order."""
    groups: defaultdict[tuple[str, str], list[CountedDraw]] = defaultdict(list)
    for draw in draws:
        groups[quarter_of(draw.committed_on), draw.item].append(draw)
    return [
        Share(
            quarter=quarter,
            item=item,
            draws=len(found),
            single_draws=sum(draw.single for draw in found),
            visits=sum(draw.visits for draw in found),
            single_visits=sum(draw.visits for draw in found if draw.single),
        )
        for (quarter, item), found in sorted(groups.items())
    ]
