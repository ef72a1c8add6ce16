"""Classes of credit risk 信用风险分类, by which a policy may draw other items: 1, 2, 10 and 30 in a hundred.

An authority gives a class to the holder of premises; the latest holds until the day it names, or the next.
Nothing is read of classes where no stratum asks for one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.policy import StratumRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One class 评定 that was given on a day, until a last day where one is named."""

    credit_class: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditClasses:
    """What the strata of a draw ask of classes.

    Attributes:
        given: the class that holds, by DR1 entity id.
        default: for who has none; None: then it fits no such stratum.
        regimes: whose strata ask for one; None in it: those of any regime.
    """

    given: Mapping[str, str]
    default: str | None
    regimes: frozenset[str | None]

    def of(self, entity: str) -> str | None:
        """Give the class that a premises is treated as having."""
        return self.given.get(entity, self.default)

    def asked_of(self, regime: str) -> bool:
        """Tell whether a stratum asks for the class of registrations of a regime."""
        return regime in self.regimes or None in self.regimes


def class_on(ratings: Iterable[Rating], day: date) -> str | None:
    """Give the class that holds on a day: the latest one, if it has not ended; of one day the strictest."""
    given = [one for one in ratings if one.on <= day]
    latest = max(given, key=lambda one: (one.on, one.credit_class), default=None)
    if latest is None or (latest.until is not None and latest.until < day):
        return None
    return latest.credit_class


def asking(rules: Iterable[StratumRule]) -> frozenset[str | None]:
    """Give the regimes whose strata ask for a class; None stands for any regime."""
    return frozenset(rule.match.regime for rule in rules if rule.match.credit_class is not None)


def credit_classes(
    rules: Iterable[StratumRule], given: Mapping[str, str], *, default: str | None
) -> CreditClasses | None:
    """Give what the strata of a draw ask of classes; None: nothing.

    Args:
        rules: the strata.
        given: the class that holds, by DR1 entity id.
        default: for who has none.
    """
    regimes = asking(rules)
    return CreditClasses(given=given, default=default, regimes=regimes) if regimes else None
