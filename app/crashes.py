"""What a log says of a crash: kinds of errors and places in the program, never what the data were.

A driver's message quotes the row (PostgreSQL's DETAIL), that of a validation the value: logs are read by
people who may not read the registers.
"""

import traceback
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError


def told(error: BaseException) -> str:
    """The chain of an error, innermost first: each one's type, SQLSTATE if it has one, and stack."""
    return "\n".join(_told(link) for link in reversed([*_chain(error)]))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _told(error: BaseException) -> str:
    driver = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    kind = f"{type(error).__module__}.{type(error).__qualname__}" + (f" [{state}]" if state else "")
    return "".join(traceback.format_tb(error.__traceback__)) + kind
