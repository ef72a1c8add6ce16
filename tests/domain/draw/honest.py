"""Honest draws of any size for tests: prepared, held, amended and written by the application's own code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.draw.basics.digest import Alg, hasher
from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.draw.conduct import Held, Prepared, Terms, conduct, prepare
from app.domain.draw.entropy import QUICKNET, CeremonyEntropy, CeremonyValues, Source
from app.domain.draw.plan import Stratum
from app.domain.draw.record.record import AmendedTeams, Drawing, audit_record, public_record
from app.domain.draw.selection import draw_digest
from app.domain.draw.teams.amendments import Amendment, amendment_beacons
from app.domain.draw.teams.replay import Replay
from app.domain.draw.teams.teams import deal_secret
from tests.domain.draw.forgery import Files, bls

SECRET = "5e" * 32
DICE = CeremonyEntropy((Source("dice", "digits:20"),))
THROWN = CeremonyValues((("dice", "27182818284590452353"),))


@dataclass(frozen=True)
class Draw:
    """A draw from its lists to its teams."""

    prepared: Prepared
    held: Held

    def public(self) -> Files:
        """Write the public record."""
        return joined(
            public_record(
                plan=self.prepared.plan_bytes, frozen=self.prepared.frozen, drawing=self.held.drawing
            )
        )

    def audit(self, amended: AmendedTeams | None = None) -> Files:
        """Write the audit record."""
        return joined(
            audit_record(
                plan=self.prepared.plan_bytes,
                frozen=self.prepared.frozen,
                drawing=self.held.drawing,
                secret=SECRET,
                deal=self.held.deal,
                amended=amended,
            )
        )

    def amend(self, amendments: Sequence[Amendment]) -> AmendedTeams:
        """Carry out amendments."""
        plan, frozen = self.prepared.plan, self.prepared.frozen
        h = hasher(plan.alg)
        drawing: Drawing = self.held.drawing
        replay = Replay(
            drawn=[(row.id, frozen.identities.identity(row.line).needs) for row in drawing.selection.drawn],
            slots=plan.slots,
            inspectors=frozen.inspectors,
            recusals=frozen.recusals,
            dealt=self.held.deal.teams,
            entities=frozenset(frozen.ids),
            a=deal_secret(draw_digest(self.prepared.commitment, self.held.beacon, h), SECRET, h),
            h=h,
        )
        beacons = amendment_beacons(amendments, declared=plan.entropy, alg=plan.alg, bls=bls)
        for amendment, beacon in zip(amendments, beacons, strict=True):
            replay.amend(amendment, beacon=beacon)
        return AmendedTeams(amendments=amendments, teams=replay.teams())


def prepared(
    roster: Sequence[RosterLine],
    *,
    inspectors: Iterable[Inspector] = (),
    recusals: Iterable[Recusal] = (),
    slots: Sequence[tuple[str, ...]] = (),
    alg: Alg = "sha256",
    rate: tuple[int, int] = (1, 5),
    entropy: CeremonyEntropy = DICE,
) -> Prepared:
    """Prepare a draw whose strata all have one rate, at least one line each, and one surprise."""
    strata = [
        Stratum(name, rate_p=rate[0], rate_q=rate[1], minimum=1, surprise=1)
        for name in sorted({line.stratum for line in roster})
    ]
    terms = Terms(
        alg=alg,
        origin="draws.example",
        seq=1,
        prev="",
        item="410928:psb.venues",
        period="2026-11.1",
        policy="0" * 64,
        strata=strata,
        slots=slots,
        entropy=entropy,
        reveal_by=date(2026, 12, 31),
    )
    return prepare(secret=SECRET, terms=terms, roster=roster, inspectors=inspectors, recusals=recusals)


def held(
    roster: Sequence[RosterLine],
    *,
    inspectors: Iterable[Inspector] = (),
    recusals: Iterable[Recusal] = (),
    slots: Sequence[tuple[str, ...]] = (),
    alg: Alg = "sha256",
    rate: tuple[int, int] = (1, 5),
) -> Draw:
    """Hold a draw, as `prepared` has it."""
    ready = prepared(roster, inspectors=inspectors, recusals=recusals, slots=slots, alg=alg, rate=rate)
    return Draw(ready, conduct(ready, secret=SECRET, given=THROWN, chains=(QUICKNET,), bls=bls))


def venues(count: int, *, stratum: str = "ktv") -> list[RosterLine]:
    """Give so many plain venues of one stratum."""
    return [RosterLine(f"店{number:06d}", stratum, 1 + number % 3, 0, (), None) for number in range(count)]


def officers(count: int, *, cap: int = 3, tags: tuple[str, ...] = ()) -> list[Inspector]:
    """Give so many inspectors who are all alike."""
    return [Inspector(f"P{number:03d}", cap, tags) for number in range(count)]


def joined(files: dict[str, Iterable[bytes]]) -> Files:
    """Read the pieces of a written record."""
    return {name: b"".join(pieces) for name, pieces in files.items()}
