"""What the verifier has read and recomputed so far; each check adds what later ones build on."""

from dataclasses import dataclass, field

from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.entropy import BlsCheck, Chain
from app.domain.draw.packed import PackedLines
from app.domain.draw.plan import Plan
from app.domain.draw.record.reading import Record
from app.domain.draw.record.source import Limits, RecordSource
from app.domain.draw.teams.replay import Filling


@dataclass(slots=True)
class Recomputed:
    """The state of one verification: a field under a check's name is there once that check is ok."""

    source: RecordSource
    limits: Limits
    bls: BlsCheck
    chains: tuple[Chain, ...]
    mapper: Mapper
    record: Record = field(init=False)
    """By `format`."""
    plan: Plan = field(init=False)
    """By `plan`."""
    commitment: str = ""
    """C, by `plan`; empty when the plan cannot be read."""
    lines: PackedLines = field(init=False)
    """By `lines`."""
    beacon: str = field(init=False)
    """B, by `entropy`."""
    digest: str = field(init=False)
    """D, by `selection`."""
    narrow_lending: tuple[Filling, ...] = ()
    """By `amendments`: the slots that were filled from too few lent inspectors."""
