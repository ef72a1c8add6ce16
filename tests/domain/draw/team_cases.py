"""Random deals, small enough for the literal reference, odd enough to meet every bullet of section 6."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.teams import Deal, deal
from tests.domain.draw.reference_teams import ReferenceTeams, reference_deal

H = hasher("sha256")


@dataclass(frozen=True, slots=True)
class Case:
    """What one deal is made from."""

    drawn: tuple[tuple[str, tuple[str, ...]], ...]
    slots: tuple[tuple[str, ...], ...]
    inspectors: tuple[Inspector, ...]
    recusals: frozenset[Recusal]
    a: str = "a"

    def dealt(self) -> Deal:
        """Deal by the code under test."""
        return deal(
            drawn=self.drawn,
            slots=self.slots,
            inspectors=self.inspectors,
            recusals=self.recusals,
            a=self.a,
            h=H,
        )

    def by_reference(self) -> ReferenceTeams:
        """Deal by the sentences of section 6."""
        return reference_deal(
            drawn=self.drawn,
            slots=self.slots,
            inspectors=[(inspector.id, inspector.cap, inspector.tags) for inspector in self.inspectors],
            recusals={(recusal.inspector, recusal.entity) for recusal in self.recusals},
            secret=self.a,
            h=H,
        )


def random_case(seed: int) -> Case:
    """Give a deal of up to 8 entities, 4 slots, 8 inspectors, 4 tags; about two in three fall short."""
    chance = random.Random(seed)
    tags = [f"t{number}" for number in range(chance.randint(0, 4))]

    def some(share: float) -> tuple[str, ...]:
        return tuple(tag for tag in tags if chance.random() < share)

    asked, known, by_slot = (
        chance.choice([0.1, 0.3, 0.5]),
        chance.choice([0.5, 0.7, 0.9]),
        chance.choice([0, 0.3]),
    )
    most, recused = chance.choice([1, 2, 3, 5]), chance.choice([0, 0, 0.1, 0.3])
    drawn = tuple((f"e{number}", some(asked)) for number in range(chance.randint(0, 8)))
    inspectors = tuple(
        Inspector(f"P{number}", chance.randint(0, most), some(known))
        for number in range(chance.randint(0, 8))
    )
    pairs = [(inspector.id, entity) for inspector in inspectors for entity, _ in drawn]
    return Case(
        drawn=drawn,
        slots=tuple(some(by_slot) for _ in range(chance.choice([0, 1, 1, 2, 2, 2, 3, 3, 4]))),
        inspectors=inspectors,
        recusals=frozenset(Recusal(*pair) for pair in pairs if chance.random() < recused),
        a=f"a{seed}",
    )


_TAGS = st.sets(st.sampled_from(["t0", "t1", "t2"])).map(lambda tags: tuple(sorted(tags)))


@st.composite
def cases(draw: Callable[[st.SearchStrategy[object]], object]) -> Case:
    """Draw a deal that hypothesis can shrink."""
    needs = draw(st.lists(_TAGS, max_size=6))
    staff = draw(st.lists(st.tuples(st.integers(0, 3), _TAGS), max_size=6))
    slots = draw(st.lists(_TAGS, max_size=3))
    assert isinstance(needs, list)
    assert isinstance(staff, list)
    assert isinstance(slots, list)
    drawn = tuple((f"e{number}", tags) for number, tags in enumerate(needs))
    inspectors = tuple(Inspector(f"P{number}", cap, tags) for number, (cap, tags) in enumerate(staff))
    pairs = [Recusal(inspector.id, entity) for inspector in inspectors for entity, _ in drawn]
    recusals = draw(st.sets(st.sampled_from(pairs), max_size=6)) if pairs else set()
    assert isinstance(recusals, set)
    return Case(drawn, tuple(slots), inspectors, frozenset(recusals), a=str(draw(st.integers(0, 99))))
