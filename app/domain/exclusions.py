"""Everything that keeps inspectors out of a draw or away from a premises, as it is kept with the draw.

A row for each: an officer who is left out, a cap that the load lowers, a pair that a recusal 回避 or rotation
轮换 keeps apart, and a pair for which rotation gave way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.draw.basics.lines import Inspector
from app.domain.eligibility import Exclusion, ReducedCap
from app.domain.facts import DeclaredRecusal
from app.domain.rotation import Rotation

OFFICER: Final = "officer"
CAP: Final = "cap"
RECUSAL: Final = "recusal"
ROTATION: Final = "rotation"
GAVE_WAY: Final = "rotation-gave-way"
KINDS: Final = (OFFICER, CAP, RECUSAL, ROTATION, GAVE_WAY)

LOAD: Final = "load"
"""The reason for a lower cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What kept inspectors out of a draw.

    Attributes:
        officers: left out altogether.
        caps: who takes less than registered.
        grounds: declared grounds for recusal in force.
        rotation: pairs kept apart by rotation, and those for which it gave way.
        missed: of the officers left out those for whom it can be mended, with the tags that they would have.
    """

    officers: tuple[Exclusion, ...] = ()
    caps: tuple[ReducedCap, ...] = ()
    grounds: tuple[DeclaredRecusal, ...] = ()
    rotation: Rotation = field(default_factory=Rotation)
    missed: tuple[Inspector, ...] = ()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give every one as a row of the same members, those that it does not have being None."""
        for one in self.officers:
            yield _row(OFFICER, one.inspector, one.reason)
        for cap in self.caps:
            yield _row(CAP, cap.inspector, LOAD) | {
                "registered": cap.registered,
                "taken": cap.taken,
                "cap": cap.cap,
            }
        for ground in sorted(self.grounds, key=lambda one: (one.inspector, one.entity, one.relation)):
            yield _row(RECUSAL, ground.inspector, ground.relation, ground.entity)
        for kind, pairs in ((ROTATION, self.rotation.kept), (GAVE_WAY, self.rotation.yielded)):
            for pair in pairs:
                yield _row(kind, pair.inspector, kind, pair.entity)


def _row(kind: str, inspector: str, reason: str, entity: str | None = None) -> dict[str, Any]:
    return {
        "kind": kind,
        "inspector": inspector,
        "entity": entity,
        "reason": reason,
        "registered": None,
        "taken": None,
        "cap": None,
    }
