"""Reading what a source answered: JSON, NDJSON or CSV into records, or why it is not what it should be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from app.adapters.tabular import TableError, read_rows
from app.domain.registers import Fault
from app.domain.sources.checks import Kind, failure
from app.domain.sources.configuration import AnswerForm
from app.domain.sources.pointers import at
from app.domain.sources.trouble import SourceTrouble


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The document, where there is one, and its records; a record that cannot be read is a `Fault`."""

    document: object
    records: list[object]


def read_answer(form: AnswerForm, body: bytes, charset: str) -> ReadAnswer:
    """Read an answer's body.

    Args:
        form: what it should look like.
        body: the bytes.
        charset: the encoding that the answer names; tables find theirs themselves.

    Raises:
        SourceTrouble: it is something else.
    """
    if form.format == "json":
        document = _document(body, charset)
        _check_told(form, document)
        records = at(document, form.items)
        if not isinstance(records, list):
            raise _wrong("source-no-list", place=form.items or "/")
        return ReadAnswer(document, records)
    try:
        return ReadAnswer(None, [*_table(form.format, body)])
    except TableError as error:
        raise _wrong("source-no-table", row=error.values["row"], reason=error.slug) from error


def _document(body: bytes, charset: str) -> object:
    try:
        return json.loads(body.decode(charset).removeprefix("\ufeff"), parse_constant=_no_constant)
    except (ValueError, LookupError, RecursionError) as error:
        raise _wrong("source-no-json", start=_start(body)) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _start(body: bytes) -> str:
    shown = body[:40].decode("ascii", "replace")
    return "".join(c if c.isascii() and c.isprintable() else "…" for c in shown)


def _check_told(form: AnswerForm, document: object) -> None:
    if form.told_at is not None:
        told = at(document, form.told_at)
        text = str(told).lower() if isinstance(told, bool) else str(told)
        if not isinstance(told, str | int) or text not in form.told:
            raise _wrong("source-says-no", place=form.told_at, told=text[:40])


def _table(kind: str, body: bytes) -> Iterator[object]:
    if kind == "ndjson" and not body.strip():
        return
    rows = read_rows(body, f"answer.{kind}")
    _, header = next(rows)
    names = [] if isinstance(header, Fault) else [str(name).strip() for name in header]
    for _, cells in rows:
        if isinstance(cells, Fault):
            yield cells
        else:
            yield {name: cell for name, cell in zip(names, cells, strict=False) if name}


def _wrong(code: str, **values: object) -> SourceTrouble:
    return SourceTrouble(failure(Kind.WRONG, code, **values))
