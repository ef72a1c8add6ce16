"""What is wrong with a source's configuration before anything is asked: each fault with its JSON Pointer."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from app.domain.draw.basics.text import is_token
from app.domain.errors import FieldError
from app.domain.registers import ENTITIES, Fault, Register, bind_headers
from app.domain.registers.columns import ColumnType
from app.domain.registers.values import reader_of
from app.domain.sources.configuration import Configuration
from app.domain.sources.dates import is_date_form
from app.domain.sources.mapping import ColumnMap
from app.domain.sources.pointers import is_pointer
from app.domain.sources.schedule import is_clock_time

SOURCE, SOURCE_KEY = "source", "source_key"
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
_OUR_OWN_HEADERS: Final = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept", "accept-encoding", "user-agent"}
)


def mapped_columns(configuration: Configuration, register: Register[Any]) -> list[str]:
    """Give the columns that the rows of a source have; of premises it is known where they come from."""
    own = [SOURCE, SOURCE_KEY] if register is ENTITIES else []
    return own + [column.column for column in configuration.mapping.columns]


def faults(configuration: Configuration, register: Register[Any]) -> Iterator[FieldError]:
    """Find everything that cannot be right.

    Args:
        configuration: the source.
        register: the one that its records are rows of.
    """
    if not is_token(configuration.code) or ":" in configuration.code:
        yield FieldError("/code", "bad-source-code")
    yield from _url(configuration.url)
    yield from _credentials(configuration)
    yield from _paging(configuration)
    yield from _schedule(configuration)
    answer = configuration.answer
    yield from _pointers("/answer", ("items", answer.items), ("told_at", answer.told_at))
    yield from _mapping(configuration, register)
    checks = configuration.checks
    for name, p, q in (("keep", checks.keep_p, checks.keep_q), ("bad", checks.bad_p, checks.bad_q)):
        if not 0 <= p <= q:
            yield FieldError(f"/checks/{name}", "bad-share")


def _url(url: str) -> Iterator[FieldError]:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in {"http", "https"} and parts.hostname is not None and parts.port != 0
        plain = parts.username is None and parts.password is None and not parts.fragment
    except ValueError:  # a port or an IPv6 address that is none
        fit = plain = False
    if not (fit and plain and url.isascii() and url.isprintable() and " " not in url):
        yield FieldError("/url", "bad-source-url")


def _credentials(configuration: Configuration) -> Iterator[FieldError]:
    given = configuration.credentials
    if given.kind == "header":
        name = given.header or ""
        if not _HEADER.fullmatch(name) or name.lower() in _OUR_OWN_HEADERS:
            yield FieldError("/credentials/header", "bad-header-name")
    if given.kind == "basic" and (not given.user or ":" in given.user):
        yield FieldError("/credentials/user", "bad-user")


def _paging(configuration: Configuration) -> Iterator[FieldError]:
    paging, answer = configuration.paging, configuration.answer
    if paging.kind in {"page", "offset", "cursor"} and not paging.parameter:
        yield FieldError("/paging/parameter", "missing")
    if paging.kind == "cursor" and paging.cursor is None:
        yield FieldError("/paging/cursor", "missing")
    if (paging.size_parameter is None) != (paging.size is None):
        yield FieldError("/paging/size", "size-without-parameter")
    yield from _pointers("/paging", ("cursor", paging.cursor), ("total", paging.total))
    if answer.format != "json":
        said = (("total", paging.total), ("cursor", paging.cursor))
        yield from (FieldError(f"/paging/{name}", "json-only") for name, value in said if value is not None)
        if answer.told_at is not None:
            yield FieldError("/answer/told_at", "json-only")


def _schedule(configuration: Configuration) -> Iterator[FieldError]:
    schedule = configuration.schedule
    if (schedule.every_min is None) == (schedule.daily_at is None):
        yield FieldError("/schedule", "one-schedule")
    if schedule.daily_at is not None and not is_clock_time(schedule.daily_at):
        yield FieldError("/schedule/daily_at", "bad-clock-time")


def _pointers(where: str, *given: tuple[str, str | None]) -> Iterator[FieldError]:
    for name, value in given:
        if value is not None and not is_pointer(value):
            yield FieldError(f"{where}/{name}", "bad-pointer", (("value", value),))


def _mapping(configuration: Configuration, register: Register[Any]) -> Iterator[FieldError]:
    mapping = configuration.mapping
    if not mapping.key:
        yield FieldError("/mapping/key", "missing")
    yield from _pointers("/mapping", *(("key", place) for place in mapping.key))
    yield from _pointers("/mapping/only", *((str(n), one.place) for n, one in enumerate(mapping.only)))
    names = {column.name for column in register.columns}
    own = {SOURCE, SOURCE_KEY} if register is ENTITIES else set()
    for column in mapping.columns:
        where = f"/mapping/columns/{column.column}"
        if column.column not in names - own:
            yield FieldError(where, "no-such-column", (("columns", ", ".join(sorted(names - own))),))
            continue
        yield from _column(where, column, register)
    yield from _left_out(configuration, register)


def _left_out(configuration: Configuration, register: Register[Any]) -> Iterator[FieldError]:
    known = {column.name for column in register.columns}
    given = dict.fromkeys(mapped_columns(configuration, register))
    bound = bind_headers([name for name in given if name in known], register)
    for error in bound if isinstance(bound, list) else ():
        yield FieldError(f"/mapping/columns/{error.field}", "missing")


def _column(where: str, column: ColumnMap, register: Register[Any]) -> Iterator[FieldError]:
    target = register.column(column.column)
    if bool(column.places) == (column.constant is not None):
        yield FieldError(where, "place-or-constant")
    yield from _pointers(where, *(("from", place) for place in column.places))
    if column.part is not None and not 0 <= column.part[0] < column.part[1]:
        yield FieldError(f"{where}/part", "bad-part")
    if column.date is not None:
        if target.type is not ColumnType.DATE:
            yield FieldError(f"{where}/date", "no-date-column")
        elif not is_date_form(column.date):
            yield FieldError(f"{where}/date", "bad-date-form", (("value", column.date),))
    if column.values is not None and column.date is not None:
        yield FieldError(f"{where}/values", "values-or-date")
    yield from _unreadable(where, column, register)


def _unreadable(where: str, column: ColumnMap, register: Register[Any]) -> Iterator[FieldError]:
    """Values that the register's column would not take from any record."""
    read = reader_of(register.column(column.column))
    for name, value in _fixed_values(column):
        try:
            read(value)  # type: ignore[arg-type]  # the wire form admits cells only
        except Fault as fault:
            shown = (("value", str(value)), ("code", fault.code))
            yield FieldError(f"{where}/{name}", "value-refused", shown)


def _fixed_values(column: ColumnMap) -> Iterable[tuple[str, object]]:
    if column.constant is not None:
        yield "constant", column.constant
    if column.otherwise:
        yield "otherwise", column.otherwise
    for name, value in (column.values or {}).items():
        if value:
            yield f"values/{name.replace('~', '~0').replace('/', '~1')}", value
