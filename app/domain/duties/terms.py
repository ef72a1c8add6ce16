"""How often a policy wants registrations visited: «per n months» by regime, level and subtype."""

from datetime import date

from app.domain.policies.duties import DutyRules
from app.domain.policy import FrequencyDuty, Policy

Sort = tuple[str, int | None, str | None]
"""Regime, level and subtype of a registration."""


class DutyTerms:
    """The frequency duties of a policy, looked up once for each sort of registration.

    «No level: preflight error, unless the policy has a default level» (mission/rules.md, «Changes»). Of
    several duties that fit the shortest «per n months» holds.

    Args:
        policy: with those that were in force before it, where they are known.
    """

    __slots__ = ("_begun", "_default_level", "_duties", "_graded", "_policy", "earlier")

    def __init__(self, policy: Policy) -> None:
        self.earlier = None if policy.before is None else DutyTerms(policy.before)
        self._policy = policy
        self._begun: dict[Sort, date] = {}
        self._default_level = policy.duties.default_level if policy.duties else None
        self._graded: dict[str, bool] = {}
        self._duties: dict[Sort, FrequencyDuty | None] = {}

    def months(self, regime: str, level: int | None, subtype: str | None) -> int | None:
        """Give «per n months»; None where no duty applies."""
        duty = self.duty(regime, level, subtype)
        return None if duty is None else duty.months

    def duty(self, regime: str, level: int | None, subtype: str | None) -> FrequencyDuty | None:
        """Give the frequency duty that holds; None where none applies."""
        key = regime, level, subtype
        try:
            return self._duties[key]
        except KeyError:
            self._duties[key] = found = self._find(regime, level, subtype)
            return found

    @property
    def since(self) -> date:
        """The first day on which the policy was in force."""
        return self._policy.since

    @property
    def rules(self) -> DutyRules | None:
        """How the policy reads its duties; None: it has none."""
        return self._policy.duties

    def rolling_since(self, day: date) -> bool:
        """Tell whether windows rolled on a day or later."""
        own = self.rules is not None and self.rules.rolling
        return own or (self.earlier is not None and self.since > day and self.earlier.rolling_since(day))

    def begun(self, regime: str, level: int | None, subtype: str | None) -> date:
        """Give the first day of the unbroken time in which policies asked for the same as this one.

        «When a policy starts, its first window starts» (mission/rules.md, «Changes»): a new version that asks
        for the same goes on with the windows of the old one, another frequency or reading begins with it.
        """
        key = regime, level, subtype
        try:
            return self._begun[key]
        except KeyError:
            self._begun[key] = found = self._first_day(key)
            return found

    def _first_day(self, sort: Sort) -> date:
        earlier = self.earlier
        if earlier is None or earlier.months(*sort) != self.months(*sort):
            return self.since
        theirs, mine = earlier.rules, self.rules
        if theirs is None or mine is None:
            # What has no word on readings contradicts none: the frequency was published all the same.
            return earlier.begun(*sort)
        if theirs.starts_on >= self.since or theirs.reading != mine.reading:
            return self.since
        return max(earlier.begun(*sort), theirs.starts_on)

    def level(self, regime: str, level: int | None) -> int | None:
        """Give the level that a registration is treated as having: its own, or the policy's default."""
        if level is None and self._default_level is not None and self.graded(regime):
            return self._default_level
        return level

    def graded(self, regime: str) -> bool:
        """Tell whether duties of a regime depend on the level."""
        known = self._graded.get(regime)
        if known is None:
            known = self._graded[regime] = self._policy.is_graded(regime)
        return known

    def _find(self, regime: str, level: int | None, subtype: str | None) -> FrequencyDuty | None:
        treated = self.level(regime, level)
        fitting = (
            duty
            for duty in self._policy.frequency
            if duty.match.fits(regime=regime, level=treated, subtype=subtype)
        )
        return min(fitting, key=lambda duty: duty.months, default=None)
