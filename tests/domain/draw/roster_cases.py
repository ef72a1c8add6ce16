"""Small rosters made by hypothesis, and section 5 taken literally."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Final

from hypothesis import strategies as st

from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.freeze import freeze
from app.domain.draw.plan import Stratum
from app.domain.draw.selection import Selection, select

SECRET: Final = "5e" * 32
DRAW: Final = "d0" * 32
STRATA: Final = ("a", "b", "c")
IDS: Final = st.text("ab|网🎤0#", min_size=1, max_size=4)
DRAWS: Final = st.integers(0, 2**32).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())


def line(entity: str, stratum: str, tickets: int, draws_left: int) -> RosterLine:
    """Give a line; without tickets it owes nothing and says why."""
    note = None if tickets else "cooldown"
    return RosterLine(entity, stratum, tickets, draws_left if tickets else 0, (), note)


def rosters(*, strata: Sequence[str] = STRATA, max_size: int = 14) -> st.SearchStrategy[list[RosterLine]]:
    """Make rosters of a few lines with up to 4 tickets and duties up to 5 draws ahead."""
    lines = st.builds(line, IDS, st.sampled_from(strata), st.integers(0, 4), st.integers(0, 5))
    return st.lists(lines, min_size=1, max_size=max_size, unique_by=lambda made: made.id)


def planned(name: str) -> st.SearchStrategy[Stratum]:
    """Make a stratum of the plan: any ratio, small minimum and surprise."""
    rate = st.integers(1, 12).flatmap(lambda q: st.tuples(st.integers(0, q), st.just(q)))
    return st.builds(
        lambda pq, minimum, surprise: Stratum(name, pq[0], pq[1], minimum, surprise),
        rate,
        st.integers(0, 4),
        st.integers(0, 2),
    )


PLANS: Final = st.tuples(*map(planned, STRATA))


def drawn_from(roster: Sequence[RosterLine], strata: Sequence[Stratum], *, draw: str = DRAW) -> Selection:
    """Freeze and draw under one secret, so that the same id always has the same seed."""
    frozen = freeze(alg="sha256", secret=SECRET, roster=roster, inspectors=(), recusals=())
    ids = frozen.identities.ids
    return select(frozen.lines, strata, draw=draw, alg="sha256", id_of=ids.__getitem__)


def h(text: str) -> str:
    """Hash as section 1 does."""
    return hashlib.sha256(text.encode()).hexdigest()


def literal_draw(
    roster: Sequence[RosterLine], strata: Sequence[Stratum], *, draw: str = DRAW
) -> list[tuple[str, str, str, str]]:
    """Give (stratum, reason, key, id) in the order drawn, by section 5 word for word."""
    result = []
    for stratum in sorted(strata, key=lambda s: s.name.encode()):
        members = [made for made in roster if made.stratum == stratum.name]
        ordered = []
        for made in members:
            if made.tickets >= 1:
                e = h(f"dr1|es|{SECRET}|{made.id}")
                tickets = [h(f"dr1|t|{draw}|{e}|{t}") for t in range(1, made.tickets + 1)]
                ordered.append((min(tickets), h(f"dr1|ec|{e}|{made.draws_left}"), made))
        ordered.sort(key=lambda entry: entry[:2])
        owed = ceil(sum(Fraction(1, made.draws_left) for made in members if made.draws_left >= 1))
        quota = max(ceil(Fraction(len(members) * stratum.rate_p, stratum.rate_q)), stratum.minimum)
        wanted = max(quota, owed + stratum.surprise)
        taken = [("due", key, made.id) for key, _, made in ordered if made.draws_left == 1]
        for key, _, made in ordered:
            if made.draws_left > 1 and len(taken) < owed:
                taken.append(("coverage", key, made.id))
        known = {entity for _, _, entity in taken}
        for key, _, made in ordered:
            if made.id not in known and len(taken) < wanted:
                taken.append(("open", key, made.id))
        result += [(stratum.name, *entry) for entry in taken]
    return result
