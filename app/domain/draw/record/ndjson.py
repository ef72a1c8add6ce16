"""NDJSON files of a record: each line parsed, in order where order is asked for (DR1 section 10)."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.findings import DifferenceError, Place, show
from app.domain.draw.basics.text import Refused
from app.domain.draw.record.source import Reader

_T = TypeVar("_T")


def parsed_rows(
    reader: Reader, name: str, parse: Callable[[object], _T], *, most: int | None = None
) -> Iterator[_T]:
    """Parse each line of a file; at most `most` of them.

    Raises:
        DifferenceError: at the first line that is not strict JSON or that `parse` refuses.
    """
    for row, line in enumerate(reader.rows(name, most=most)):
        try:
            yield parse(strict_json(line))
        except Refused as refusal:
            raise Place(name, row).refused(refusal) from refusal


def ascending_rows(
    reader: Reader, name: str, parse: Callable[[object], _T], key: Callable[[_T], tuple[str, ...]]
) -> list[_T]:
    """Parse a file whose lines are sorted by bytes of their key, each key once.

    Raises:
        DifferenceError: at the first line that is not well formed or out of order.
    """
    items: list[_T] = []
    last: tuple[str, ...] = ()
    for row, item in enumerate(parsed_rows(reader, name, parse)):
        this = key(item)
        if this <= last:
            raise out_of_order(Place(name, row), last, this)
        items.append(item)
        last = this
    return items


def out_of_order(place: Place, last: object, this: object) -> DifferenceError:
    """Say that a line does not come after the line before it."""
    return place.wrong(
        f"{show(this)} 没有排在 {show(last)} 之后（顺序错误或重复）",
        f"{show(this)} does not come after {show(last)} (out of order, or twice)",
    )


def check_unique(name: str, member: str, values: Iterable[Hashable]) -> None:
    """See that no line repeats another's value.

    Raises:
        DifferenceError: at the first line that does.
    """
    seen: set[Hashable] = set()
    for row, value in enumerate(values):
        if value in seen:
            raise Place(name, row, member).wrong(
                f"{show(value)} 重复出现", f"{show(value)} stands here again"
            )
        seen.add(value)
