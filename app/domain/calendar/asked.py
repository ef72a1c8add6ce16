"""What cannot be read of what a planner asks of the calendar: a region, a rate."""

from collections.abc import Iterator, Sequence

from app.domain.draw.plan import MAX_RATE_Q
from app.domain.errors import FieldError
from app.domain.policies.rhythms import Rate
from app.domain.regions import REGION_DIGITS

_TERMS = 2


def region_faults(region: str) -> Iterator[FieldError]:
    """Find what keeps a text from being a region 行政区划 (GB/T 2260) of a province, a city or a county."""
    digits = region.isascii() and region.isdigit()
    if not (digits and len(region) in range(2, REGION_DIGITS + 1, 2)):
        yield FieldError("/region", "bad-region-code", (("value", region),))


def rate_faults(rate: Sequence[int]) -> Iterator[FieldError]:
    """Find what keeps numbers from being a rate [p, q] that draws somebody."""
    if not (len(rate) == _TERMS and 1 <= rate[0] <= rate[1] <= MAX_RATE_Q):
        values = ("value", "/".join(str(term) for term in rate)), ("most", str(MAX_RATE_Q))
        yield FieldError("/rate", "bad-rate", values)


def as_rate(terms: Sequence[int]) -> Rate:
    """Give the two terms of a rate without faults."""
    p, q = terms
    return p, q
