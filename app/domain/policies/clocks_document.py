"""What a clocks document 期限规则文件 may say; what `parse_clocks` and the rules of credit read of it."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.errors import FieldError
from app.domain.fieldwork.dispositions import Kind
from app.domain.policies.header import CLOCKS, HEADER, header_faults, no_such_sources
from app.domain.policies.shape import ITSELF, Choice, Items, Members, Text, Whole, lawful
from app.domain.registers.columns import REGIMES

_MOST_WORKING_DAYS: Final = 250
"""A year's working days: further ahead no calendar is known."""
_MOST_DAYS: Final = 366
_MOST_MONTHS: Final = 120
_YEAR_MONTHS: Final = 12
_MONTH_DAYS: Final = 28
"""A day that every month has."""

_REGIME = Choice(tuple(regime.value for regime in REGIMES))
_WORKING_DAYS = Whole(1, _MOST_WORKING_DAYS)
_DAYS = Whole(1, _MOST_DAYS)
_MONTHS = Whole(1, _MOST_MONTHS)

_CLOCKS = Members(
    {
        **HEADER,
        "code": Choice((CLOCKS,)),
        "result": lawful({"working_days": _WORKING_DAYS}),
        "penalty": lawful(
            {"working_days": _WORKING_DAYS, "kinds": Items(Choice(tuple(Kind)), least=1, unlike=ITSELF)}
        ),
        "alarm": lawful({"working_days": Whole(0, _MOST_WORKING_DAYS)}),
        "withholding": lawful({"days": _DAYS}),
        "wholly_public_regimes": Items(_REGIME, unlike=ITSELF),
    },
    {
        "recheck": lawful(
            {
                "later": Items(
                    Members({"regime": _REGIME, "working_days": _WORKING_DAYS}), unlike=("regime",)
                ),
                "alarm": Members({"days": Whole(0, _MOST_DAYS)}),
            }
        ),
        "calendar": lawful({"month": Whole(1, _YEAR_MONTHS), "day": Whole(1, _MONTH_DAYS)}),
        "abnormal_listing": lawful({"working_days": _WORKING_DAYS}),
        "serious_listing": lawful({"months": _MONTHS, "early_removal_months": _MONTHS}),
        "publicity_repair": lawful(
            {
                "months": _MONTHS,
                "stricter_months": _MONTHS,
                "stricter_areas": Items(Text(), unlike=ITSELF),
            }
        ),
        "own_lists": lawful({"hearing_working_days": _WORKING_DAYS}),
        "appeals": lawful({"file_days": _DAYS, "decide_working_days": _WORKING_DAYS}),
    },
)


def clocks_faults(document: object) -> tuple[FieldError, ...]:
    """Find everything that keeps a document from being clocks.

    Args:
        document: JSON as it was read.
    """
    faults = tuple(_CLOCKS.faults(document, ""))
    if faults or not isinstance(document, Mapping):
        return faults
    return (*header_faults(document), *no_such_sources(document), *_credit(document))


def _credit(document: Mapping[str, Any]) -> tuple[FieldError, ...]:
    """What may come early comes before what it is earlier than."""
    found = []
    serious, repair = document.get("serious_listing"), document.get("publicity_repair")
    if serious is not None and serious["early_removal_months"] > serious["months"]:
        most = (("most", str(serious["months"])),)
        found.append(FieldError("/serious_listing/early_removal_months", "above-most", most))
    if repair is not None and repair["months"] > repair["stricter_months"]:
        most = (("most", str(repair["stricter_months"])),)
        found.append(FieldError("/publicity_repair/months", "above-most", most))
    return tuple(found)
