"""How often a policy wants registrations visited: «per n months» by regime, level and subtype."""

from app.domain.policy import FrequencyDuty, Policy


class DutyTerms:
    """The frequency duties of a policy, looked up once for each sort of registration.

    «No level: preflight error, unless the policy has a default level» (mission/rules.md, «Changes»). Of
    several duties that fit the shortest «per n months» holds.
    """

    __slots__ = ("_default_level", "_duties", "_graded", "_policy")

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._default_level = policy.duties.default_level if policy.duties else None
        self._graded: dict[str, bool] = {}
        self._duties: dict[tuple[str, int | None, str | None], FrequencyDuty | None] = {}

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
