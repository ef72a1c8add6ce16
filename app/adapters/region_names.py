"""Names of regions 行政区划 by GB/T 2260, from python-stdnum's table."""

from stdnum import numdb


def region_name(code: str) -> str | None:
    """The present name of a region of six digits; None where the standard has none.

    Args:
        code: six digits; `00` pairs at the end mean all of a province or city.
    """
    found = {name: text for _, parts in numdb.get("cn/loc").info(code) for name, text in parts.items()}
    for named in found.get("county", "").split(","):
        span, bracket, name = named.rpartition("]")
        # A name whose time has an end is an old one: [1985-2001]市区,[2002-]华龙区.
        if not bracket or span.endswith("-"):
            return name or None
    return None
