"""Filling slots one by one (DR1 section 6): deal, and augment when nobody is free.

The text visits every slot that a search queues. This gives the same teams and the same certificate from fewer
visits, because within one deal loads never fall:

- An inspector at his cap stays there. So the heap of those with room, kept for each mask, only shrinks, and
  what lies on it with an outdated load may be corrected when it comes to the top.
- A search that finds nobody proves that nothing it reached can ever change: whom it applied stays out.
- A slot is *dead* in a search when all whose tags fit any slot of its team were applied already: it can find
  nobody, queue only slots of its own team, as dead as itself, and so never lies on a path. Dead slots are
  left out of the search, and the certificate takes them in at the end.

Cost for s slots and i inspectors: a deal without searches takes O((s + heap entries) log i). A search handles
each inspector and each live slot once, so all together take at most O(s (s + i) i / 64) machine words, where
the text as it stands takes O(s s i) visits.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush, heapreplace
from itertools import chain
from typing import Final

from app.domain.draw.basics.digest import Hash
from app.domain.draw.teams.board import EMPTY, Board
from app.domain.draw.teams.eligibility import Eligibility, members

Key = tuple[int, str, int]
"""Place in the deal order: load, hash, and the number of the inspector."""

MOST_POOLED: Final = 4_000_000
"""Cached entries after which all are dropped, so that a record with as many kinds as slots fits in memory."""

FEW: Final = 8
"""A set so many times smaller than its class is sorted by itself rather than filtered from the class."""


class Dealer:
    """Fills empty slots of a board in the deal order of one secret; nothing else may change it meanwhile."""

    __slots__ = (
        "_board",
        "_closed",
        "_grouped",
        "_h",
        "_keys",
        "_live",
        "_most_pooled",
        "_pooled",
        "_pools",
        "_prefix",
        "_ranked",
        "_who",
    )

    def __init__(
        self,
        *,
        board: Board,
        who: Eligibility,
        order_secret: str,
        h: Hash,
        closed: frozenset[int] = frozenset(),
        most_pooled: int = MOST_POOLED,
    ) -> None:
        """Compute everyone's place in the deal order.

        Args:
            board: the seating, changed by `fill`.
            who: eligibility for its slots.
            order_secret: A of section 6, or A_n of section 7.
            h: the hash of the draw.
            closed: entities whose slots are never queued.
            most_pooled: cached entries to keep.
        """
        self._board = board
        self._who = who
        self._prefix = f"dr1|ad|{order_secret}|"
        self._h = h
        self._closed = closed
        self._keys = [self._key(number, len(held)) for number, held in enumerate(board.held)]
        self._live = (1 << len(board.caps)) - 1
        self._pools: dict[int, list[Key]] = {}
        self._ranked: dict[int, list[Key]] = {}
        self._grouped: dict[int, list[tuple[int, list[int]]]] = {}
        self._pooled, self._most_pooled = 0, most_pooled

    def fill(self, slot: int) -> bool:
        """Fill an empty slot by dealing or, when nobody is free, by augmenting; False when it stays empty."""
        if self.hopeless(slot):
            return False
        inspector = self._first_free(slot)
        if inspector == EMPTY:
            return self._augment(slot)
        self._board.put(slot, inspector)
        self._keys[inspector] = self._key(inspector, len(self._board.held[inspector]))
        return True

    def hopeless(self, slot: int) -> bool:
        """Tell, cheaply, that failed searches have shown already that a slot stays empty."""
        who = self._who
        return not who.reach[who.kind[slot // who.size]] & self._live

    def free(self, slot: int) -> int:
        """Give the mask of those free for a slot: eligible, below their cap, not on its team."""
        return self._who.eligible(slot) & self._board.room & ~_mask(self._board.team(slot))

    def applied(self) -> list[int]:
        """List the inspectors to whom the third bullet applied in failed searches."""
        return members(((1 << len(self._keys)) - 1) & ~self._live)

    def _key(self, inspector: int, load: int) -> Key:
        code = self._who.ids[inspector]
        return load, self._h(f"{self._prefix}{load}|{code}"), inspector

    def _first_free(self, slot: int) -> int:
        """Give the free inspector who is first in deal order, or `EMPTY`."""
        pool = self._pool(self._who.class_of(slot))
        if not pool:
            return EMPTY
        keys, board = self._keys, self._board
        team = board.team(slot)
        recused = self._who.recused(slot // board.size)
        found = EMPTY
        passed_over = []
        while pool and found == EMPTY:
            key = pool[0]
            inspector = key[2]
            if len(board.held[inspector]) >= board.caps[inspector]:
                heappop(pool)
            elif key is not keys[inspector]:
                heapreplace(pool, keys[inspector])
            elif inspector in team or recused >> inspector & 1:
                passed_over.append(heappop(pool))
            else:
                found = inspector
        for key in passed_over:
            heappush(pool, key)
        return found

    def _pool(self, number: int) -> list[Key]:
        pool = self._pools.get(number)
        if pool is None:
            pool = [self._keys[i] for i in members(self._who.classes[number] & self._board.room)]
            heapify(pool)
            self._make_room(len(pool))
            self._pools[number] = pool
        return pool

    def _make_room(self, entries: int) -> None:
        self._pooled += entries
        if self._pooled > self._most_pooled:
            self._pools.clear()
            self._ranked.clear()
            self._pooled = entries

    def _augment(self, start: int) -> bool:
        """Search breadth-first for somebody with room, and shift everyone along the path."""
        live_before = self._live
        queued_by: dict[int, int] = {}
        queue: deque[tuple[int, Iterable[int]]] = deque([(start, (start,))])
        reach, kind, size = self._who.reach, self._who.kind, self._board.size
        while queue:
            origin, slots = queue.popleft()
            for slot in slots:
                entity = slot // size
                if not reach[kind[entity]] & self._live or slot in queued_by or entity in self._closed:
                    continue
                queued_by[slot] = origin
                inspector = self._visit(slot, queued_by, queue)
                if inspector != EMPTY:
                    self._live = live_before
                    self._shift(slot, inspector, queued_by)
                    return True
        return False

    def _shift(self, slot: int, inspector: int, queued_by: dict[int, int]) -> None:
        for moved in self._board.shift(slot, inspector, queued_by):
            # Everyone on the path but the one found, who was never applied, now holds something else.
            self._grouped.pop(self._board.holder[moved], None)
        self._keys[inspector] = self._key(inspector, len(self._board.held[inspector]))

    def _visit(self, slot: int, queued_by: dict[int, int], queue: deque[tuple[int, Iterable[int]]]) -> int:
        """Visit a slot's eligible inspectors: give who has room, else queue behind what they hold."""
        board = self._board
        team = board.team(slot)
        eligible = self._who.eligible(slot)
        others = eligible & self._live & ~_mask(team)
        if others & board.room:
            return self._first_free(slot)
        first = slot - slot % board.size
        own = sorted(
            (self._keys[inspector], first + k)
            for k, inspector in enumerate(team)
            if inspector != EMPTY and eligible >> inspector & 1 and first + k not in queued_by
        )
        if others or own:
            self._live &= ~others
            queue.append((slot, self._held_by(self._in_order(slot, others), own)))
        return EMPTY

    def _held_by(self, at_cap: Iterable[Key], own: list[tuple[Key, int]]) -> Iterator[int]:
        """Give the slots to queue, in deal order of their holders; lazily, since most searches end before."""
        waiting = iter(own)
        own_key, own_slot = next(waiting, (None, EMPTY))
        for key in at_cap:
            while own_key is not None and own_key < key:
                yield own_slot
                own_key, own_slot = next(waiting, (None, EMPTY))
            yield from self._live_slots(key[2])
        if own_key is not None:
            yield own_slot
            yield from (slot for _, slot in waiting)

    def _live_slots(self, inspector: int) -> list[int]:
        """Give the slots that an inspector at his cap holds, without those of kinds that are dead by now."""
        groups = self._grouped.get(inspector)
        if groups is None:
            size, kind = self._board.size, self._who.kind
            by_kind: dict[int, list[int]] = {}
            for slot in self._board.held[inspector]:
                by_kind.setdefault(kind[slot // size], []).append(slot)
            groups = [(self._who.reach[of], slots) for of, slots in by_kind.items()]
            self._grouped[inspector] = groups
        live = [slots for reach, slots in groups if reach & self._live]
        return live[0] if len(live) == 1 else sorted(chain.from_iterable(live))

    def _in_order(self, slot: int, wanted: int) -> Iterable[Key]:
        """Give the keys of inspectors at their cap in deal order, for them the same all through the deal."""
        number = self._who.class_of(slot)
        everyone = self._who.classes[number]
        if wanted.bit_count() * FEW < everyone.bit_count():
            return sorted(self._keys[i] for i in members(wanted))
        ranked = self._ranked.get(number)
        if ranked is None:
            caps, held = self._board.caps, self._board.held
            ranked = sorted(
                self._keys[i] if len(held[i]) >= caps[i] else self._key(i, caps[i]) for i in members(everyone)
            )
            self._make_room(len(ranked))
            self._ranked[number] = ranked
        return (key for key in ranked if wanted >> key[2] & 1)


def _mask(team: Iterable[int]) -> int:
    mask = 0
    for inspector in team:
        if inspector != EMPTY:
            mask |= 1 << inspector
    return mask
