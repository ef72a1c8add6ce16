"""What one premises 场所 becomes in the roster 名录库 of a draw: a line, or why it has none."""

from typing import Final, NamedTuple

from app.domain.draw.basics.lines import RosterLine
from app.domain.duties.merging import Merge
from app.domain.duties.owed import Owed
from app.domain.tickets import TicketCount


class PremisesLine(NamedTuple):
    """What one premises becomes: its line with the explanation of its tickets, or why it has none.

    Attributes:
        line: the DR1 line; None when `absent` says why there is none.
        counted: the tickets of the registration that has the most of them.
        owed: the duty that decides `draws_left`, and why.
        absent: `status`, `scope` or `unmatched`.
        unmatched: regimes of registrations that fit no stratum.
        ungraded: regimes of registrations that need a level and have none.
        unclassed: regimes of registrations that need a class of credit risk and have none.
        not_seen: whether the last full import left out a registration of the line.
        undecided: whether duty and annual cap collide here and nobody has decided which yields.
        merge: the duties of other items that its visit could meet.
    """

    line: RosterLine | None
    counted: TicketCount | None = None
    owed: Owed | None = None
    absent: str | None = None
    unmatched: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    not_seen: bool = False
    undecided: bool = False
    merge: Merge | None = None
    unclassed: tuple[str, ...] = ()


OUT_OF_SCOPE: Final = PremisesLine(line=None, absent="scope")
NOT_OPERATING: Final = PremisesLine(line=None, absent="status")
