"""The teams of a draw as they stand: its deal, and every amendment carried out since (DR1 section 7)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.amending import NOT_YET, Teams
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import Inspector, Recusal, parse_inspector, parse_recusal
from app.domain.draw.entropy import given_object
from app.domain.draw.plan import Plan, parse_plan
from app.domain.draw.selection import draw_digest
from app.domain.draw.teams.amendments import Amendment, Lend, Recuse, Withdraw, parse_amendment
from app.domain.draw.teams.replay import Amended, Replay
from app.domain.draw.teams.teams import Seat, deal_secret
from app.services.context import Act
from app.services.drawing import files
from app.services.drawing.finding import secret_of
from app.store.tables.amendments import DrawAmendment
from app.store.tables.drawing import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A draw between two amendments.

    Attributes:
        plan: as committed.
        needs: tags that each drawn premises needs, by id, in the order drawn.
        inspectors: everybody by code, the lent included.
        recused: pairs that may not meet, late recusals included.
        left: codes of those who were withdrawn.
        done: the amendments carried out.
        replay: ready for the next one.
    """

    plan: Plan
    needs: dict[str, tuple[str, ...]]
    inspectors: dict[str, Inspector]
    recused: frozenset[tuple[str, str]]
    left: frozenset[str]
    done: tuple[Amendment, ...]
    replay: Replay

    def teams(self) -> Teams:
        """The same as the rules of amending take it."""
        return Teams(
            slots=self.plan.slots,
            needs=self.needs,
            inspectors=self.inspectors,
            recused=self.recused,
            left=self.left,
            seats=self.replay.teams(),
            short=self.replay.short(),
        )

    def carry_out(self, amendment: Amendment, *, beacon: str) -> Amended:
        """Carry out the next amendment; afterwards only `replay` tells how things stand."""
        return self.replay.amend(amendment, beacon=beacon)


def standing_of(act: Act, draw: Draw, rows: Sequence[DrawAmendment]) -> Standing:
    """Replay what happened to the teams of a draw that was held.

    Args:
        act: whose.
        draw: with its random value.
        rows: its amendments; the last may wait for its random value still.
    """
    kept = files.get(act, draw.id, "audit")
    plan = parse_plan(strict_json(draw.plan))
    h = hasher(plan.alg)
    digest = draw_digest(draw.commitment, draw.beacon or "", h)
    needs = _needs(kept)
    inspectors = [parse_inspector(one) for one in _lines(kept, "inspectors.ndjson")]
    recusals = [parse_recusal(one) for one in _lines(kept, "recusals.ndjson")]
    replay = Replay(
        drawn=list(needs.items()),
        slots=plan.slots,
        inspectors=inspectors,
        recusals=recusals,
        dealt=[Seat(**one) for one in _lines(kept, "teams.ndjson")],
        entities=frozenset(_lines(kept, "ids.ndjson")),
        a=deal_secret(digest, secret_of(act, draw), h),
        h=h,
    )
    done = []
    for row in rows:
        if row.beacon is not None:
            done.append(amendment_of(row))
            replay.amend(done[-1], beacon=row.beacon)
    return _standing(plan, needs, inspectors, recusals, done, replay)


def _standing(
    plan: Plan,
    needs: dict[str, tuple[str, ...]],
    inspectors: Sequence[Inspector],
    recusals: Sequence[Recusal],
    done: Sequence[Amendment],
    replay: Replay,
) -> Standing:
    lent = [one for amendment in done if isinstance(amendment, Lend) for one in amendment.inspectors]
    late = {(one.inspector, one.entity) for one in done if isinstance(one, Recuse)}
    return Standing(
        plan=plan,
        needs=needs,
        inspectors={one.id: one for one in (*inspectors, *lent)},
        recused=frozenset({*((one.inspector, one.entity) for one in recusals), *late}),
        left=frozenset(one.inspector for one in done if isinstance(one, Withdraw)),
        done=tuple(done),
        replay=replay,
    )


def amendment_of(row: DrawAmendment) -> Amendment:
    """The stored amendment; while its randomness is not there, `NOT_YET` stands for it."""
    members = {name: value for name, value in row.body.items() if name != "C"}
    return parse_amendment({**members, "entropy": row.given or given_object(NOT_YET)})


def _needs(kept: dict[str, bytes]) -> dict[str, tuple[str, ...]]:
    """What each drawn premises needs, in the order drawn."""
    drawn = [one["id"] for one in _lines(kept, "selection.ndjson")]
    wanted = frozenset(drawn)
    found = {
        one["id"]: tuple(one["needs"]) for one in _lines(kept, "identities.ndjson") if one["id"] in wanted
    }
    return {entity: found[entity] for entity in drawn}


def _lines(kept: dict[str, bytes], name: str) -> list[Any]:
    return [json.loads(line) for line in kept[name].splitlines()]
