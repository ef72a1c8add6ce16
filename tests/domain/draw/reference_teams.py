"""DR1 sections 6 and 7 sentence by sentence, without any shortcut: the oracle of the fast implementation.

Nothing here prunes, caches or groups: every visit sorts, every search starts anew.
"""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

Hash = Callable[[str], str]
Slot = tuple[str, int]


@dataclass
class ReferenceTeams:
    """The state of the teams, and what the failed searches touched."""

    needs: Mapping[str, Sequence[str]]
    slots: Sequence[Sequence[str]]
    caps: dict[str, int]
    tags: dict[str, frozenset[str]]
    recused: set[tuple[str, str]]
    place: list[str]
    order_secret: str
    h: Hash
    team: dict[Slot, str] = field(default_factory=dict)
    short: set[Slot] = field(default_factory=set)
    queued_in_failed: set[Slot] = field(default_factory=set)
    applied_in_failed: set[str] = field(default_factory=set)
    blocked: frozenset[str] = frozenset()

    def load(self, inspector: str) -> int:
        return sum(1 for held in self.team.values() if held == inspector)

    def eligible(self, inspector: str, slot: Slot) -> bool:
        wanted = {*self.needs[slot[0]], *self.slots[slot[1]]}
        return wanted <= self.tags[inspector] and (inspector, slot[0]) not in self.recused

    def in_deal_order(self, inspectors: Collection[str]) -> list[str]:
        def key(inspector: str) -> tuple[int, str]:
            load = self.load(inspector)
            return load, self.h(f"dr1|ad|{self.order_secret}|{load}|{inspector}")

        return sorted(inspectors, key=key)

    def own_slot(self, inspector: str, entity: str) -> int | None:
        for number in range(len(self.slots)):
            if self.team.get((entity, number)) == inspector:
                return number
        return None

    def by_place(self, slots: Collection[Slot]) -> list[Slot]:
        return sorted(slots, key=lambda slot: (self.place.index(slot[0]), slot[1]))

    def free(self, slot: Slot) -> list[str]:
        return [
            i
            for i in self.caps
            if self.eligible(i, slot) and self.load(i) < self.caps[i] and self.own_slot(i, slot[0]) is None
        ]

    def fill(self, slot: Slot) -> None:
        free = self.free(slot)
        if free:
            self.team[slot] = self.in_deal_order(free)[0]
        else:
            self.augment(slot)

    def augment(self, start: Slot) -> None:
        parent: dict[Slot, Slot | None] = {start: None}
        applied: set[str] = set()
        queue = deque([start])
        while queue:
            x = queue.popleft()
            for inspector in self.in_deal_order([i for i in self.caps if self.eligible(i, x)]):
                own = self.own_slot(inspector, x[0])
                if own is not None:
                    y = (x[0], own)
                    if y not in parent:
                        parent[y] = x
                        queue.append(y)
                elif self.load(inspector) < self.caps[inspector]:
                    self.shift(inspector, x, parent)
                    return
                elif inspector not in applied:
                    applied.add(inspector)
                    held = [s for s, holder in self.team.items() if holder == inspector]
                    for y in self.by_place(held):
                        if y not in parent and y[0] not in self.blocked:
                            parent[y] = x
                            queue.append(y)
        self.short.add(start)
        self.queued_in_failed |= parent.keys()
        self.applied_in_failed |= applied

    def shift(self, inspector: str, slot: Slot, parent: Mapping[Slot, Slot | None]) -> None:
        at: Slot | None = slot
        while at is not None:
            previous = self.team.get(at)
            self.team[at] = inspector
            at = parent[at]
            if at is not None:
                assert previous is not None
                inspector = previous

    def everything(self) -> list[Slot]:
        return [(entity, number) for entity in self.place for number in range(len(self.slots))]

    def seats(self) -> list[tuple[str, int, str]]:
        return [(*slot, self.team[slot]) for slot in self.everything() if slot in self.team]

    def shortage(self) -> tuple[list[Slot], list[Slot], list[str]] | None:
        if not self.short:
            return None
        return self.by_place(self.short), self.by_place(self.queued_in_failed), sorted(self.applied_in_failed)


def reference_deal(
    *,
    drawn: Sequence[tuple[str, Sequence[str]]],
    slots: Sequence[Sequence[str]],
    inspectors: Sequence[tuple[str, int, Sequence[str]]],
    recusals: Collection[tuple[str, str]],
    secret: str,
    h: Hash,
) -> ReferenceTeams:
    """Deal by section 6, literally."""
    ids = [entity for entity, _ in drawn]
    state = ReferenceTeams(
        needs=dict(drawn),
        slots=slots,
        caps={i: cap for i, cap, _ in inspectors},
        tags={i: frozenset(tags) for i, _, tags in inspectors},
        recused=set(recusals),
        place=sorted(ids, key=lambda entity: (h(f"dr1|ae|{secret}|{entity}"), entity.encode())),
        order_secret=secret,
        h=h,
    )
    for slot in state.everything():
        state.fill(slot)
    return state


def reference_amend(
    state: ReferenceTeams, amendment: Mapping[str, object], *, secret: str, beacon: str
) -> None:
    """Apply one amendment by section 7, literally; `secret` is the A of the deal."""
    started = frozenset(str(entity) for entity in _items(amendment["started"]))
    kind = amendment["kind"]
    if kind == "recuse":
        pair = (str(amendment["inspector"]), str(amendment["entity"]))
        state.recused.add(pair)
        vacated = [
            s for s, i in state.team.items() if i == pair[0] and s[0] == pair[1] and s[0] not in started
        ]
    elif kind == "withdraw":
        inspector = str(amendment["inspector"])
        vacated = [s for s, i in state.team.items() if i == inspector and s[0] not in started]
        state.caps[inspector] = sum(1 for s, i in state.team.items() if i == inspector and s[0] in started)
    else:
        vacated = []
        for lent in _items(amendment["inspectors"]):
            assert isinstance(lent, dict)
            state.caps[lent["id"]] = lent["cap"]
            state.tags[lent["id"]] = frozenset(lent["tags"])
    for slot in vacated:
        del state.team[slot]
    state.blocked = started
    state.order_secret = state.h(f"dr1|aa|{secret}|{amendment['n']}|{beacon}")
    for slot in state.everything():
        if slot not in state.team and slot[0] not in started:
            state.fill(slot)


def _items(value: object) -> Sequence[object]:
    assert isinstance(value, list)
    return value
