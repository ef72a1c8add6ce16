"""What a draw is asked for 抽查要求: region, scope, strata and days, of a draft or of an approved plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol


class Asked(Protocol):
    """What a draw plan says of its lists: a draft, or a plan that was approved."""

    @property
    def region(self) -> str:
        """Whose premises."""
        ...

    @property
    def scope(self) -> Mapping[str, Sequence[Any]]:
        """`regimes`, `levels`, `stations`; an empty list restricts nothing."""
        ...

    @property
    def strata(self) -> Sequence[Mapping[str, Any]] | None:
        """Its own strata; None: those of the policy."""
        ...

    @property
    def visit_from(self) -> date:
        """The first day of the visits."""
        ...

    @property
    def visit_to(self) -> date:
        """The last day of the visits."""
        ...
