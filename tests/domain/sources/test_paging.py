"""Asking page by page: first, next, last; and sources that lead in circles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sources.checks import Failure
from app.domain.sources.paging import Ask, Page, Paging, first_ask, next_ask, parameters, told_total


def paging(kind: Any, **changed: Any) -> Paging:
    """A way of paging."""
    plain: dict[str, Any] = {
        "parameter": "p",
        "first": 1,
        "size_parameter": None,
        "size": None,
        "cursor": None,
        "total": None,
    }
    return Paging(kind=kind, **{**plain, **changed})


def page(count: int, document: object = None, link: str | None = None) -> Page:
    """An answer."""
    return Page(count=count, document=document, link=link)


@pytest.mark.parametrize(
    ("how", "asked"),
    [
        (paging("none"), {}),
        (paging("page"), {"p": "1"}),
        (paging("page", first=0, size_parameter="n", size=50), {"p": "0", "n": "50"}),
        (paging("offset"), {"p": "0"}),
        (paging("cursor", cursor="/next", size_parameter="n", size=50), {"n": "50"}),
        (paging("link", size_parameter="n", size=50), {"n": "50"}),
    ],
)
def test_what_is_asked_first(how: Paging, asked: dict[str, str]) -> None:
    """The first page's number, nothing passed over, no cursor."""
    assert parameters(how, first_ask(how)) == asked


@pytest.mark.parametrize(
    ("how", "ask", "answer", "received", "total", "then"),
    [
        (paging("none"), Ask(), page(5), 5, None, None),
        (paging("page"), Ask(number=1), page(5), 5, None, Ask(number=2)),
        (paging("page"), Ask(number=2), page(0), 5, None, None),
        (paging("page"), Ask(number=1), page(5), 5, 9, Ask(number=2)),
        (paging("page"), Ask(number=2), page(4), 9, 9, None),
        (paging("offset"), Ask(number=0), page(5), 5, None, Ask(number=5)),
        # The server gives fewer than asked for on every page: not the end.
        (paging("offset", size_parameter="n", size=50), Ask(number=5), page(5), 10, None, Ask(number=10)),
        (paging("offset"), Ask(number=10), page(0), 10, None, None),
        (paging("cursor", cursor="/next"), Ask(), page(5, {"next": "c5"}), 5, None, Ask(cursor="c5")),
        (paging("cursor", cursor="/next"), Ask(), page(5, {"next": 5}), 5, None, Ask(cursor="5")),
        (paging("cursor", cursor="/next"), Ask(cursor="c5"), page(5, {"next": None}), 10, None, None),
        (paging("cursor", cursor="/next"), Ask(cursor="c5"), page(5, {"next": ""}), 10, None, None),
        (paging("cursor", cursor="/next"), Ask(cursor="c5"), page(5, {}), 10, None, None),
        (paging("link"), Ask(), page(5, link="?from=5"), 5, None, Ask(url="?from=5")),
        (paging("link"), Ask(url="?from=5"), page(5), 10, None, None),
    ],
)
def test_what_is_asked_next(
    how: Paging, ask: Ask, answer: Page, received: int, total: int | None, then: Ask | None
) -> None:
    """None after the last page."""
    assert next_ask(how, ask, answer, received=received, total=total) == then


@pytest.mark.parametrize(
    ("how", "ask", "answer", "code"),
    [
        (paging("cursor", cursor="/next"), Ask(cursor="c5"), page(5, {"next": "c5"}), "source-same-page"),
        (paging("cursor", cursor="/next"), Ask(), page(5, {"next": True}), "source-no-cursor"),
        (paging("cursor", cursor="/next"), Ask(), page(5, {"next": ["c"]}), "source-no-cursor"),
        (paging("link"), Ask(url="?from=5"), page(5, link="?from=5"), "source-same-page"),
    ],
)
def test_a_source_that_leads_in_a_circle_or_nowhere_is_a_failure(
    how: Paging, ask: Ask, answer: Page, code: str
) -> None:
    """Rather than asking for ever."""
    found = next_ask(how, ask, answer, received=5, total=None)
    assert isinstance(found, Failure)
    assert found.code == code


def test_a_next_link_brings_its_own_parameters() -> None:
    """Nothing is added to it."""
    assert parameters(paging("link", size_parameter="n", size=5), Ask(url="?from=5")) == {}
    assert parameters(paging("cursor", cursor="/n"), Ask(cursor="c5")) == {"p": "c5"}


@pytest.mark.parametrize(
    ("said", "total"), [(12, 12), ("12", 12), (0, 0), (True, None), (-1, None), ("x", None), (None, None)]
)
def test_the_total_that_a_source_says(said: object, total: int | None) -> None:
    """A number or its digits; anything else means that the document has another form."""
    found = told_total(paging("page", total="/total"), page(5, {"total": said}))
    assert found == total if total is not None else isinstance(found, Failure)
    assert told_total(paging("page"), page(5, {"total": said})) is None


@given(
    count=st.integers(0, 60),
    size=st.integers(1, 9),
    kind=st.sampled_from(["page", "offset", "cursor", "link"]),
    told=st.booleans(),
)
def test_every_record_comes_once_whatever_the_paging(*, count: int, size: int, kind: str, told: bool) -> None:
    """A source that pages honestly is read whole, and the asking ends."""
    records = list(range(count))
    how = paging(kind, cursor="/next", total="/total" if told else None)
    ask: Ask | Failure | None = first_ask(how)
    got: list[int] = []
    for _ in range(count + 3):
        if not isinstance(ask, Ask):
            break
        start = {
            "page": (ask.number - 1) * size,
            "offset": ask.number,
            "cursor": int(ask.cursor or 0),
            "link": int(ask.url or 0),
        }[kind]
        found = records[start : start + size]
        got += found
        more = str(start + size) if start + size < count else None
        answer = page(len(found), {"next": more, "total": count}, more)
        total = told_total(how, answer)
        assert not isinstance(total, Failure)
        again = Ask(**ask.document())
        assert again == ask
        ask = next_ask(how, again, answer, received=len(got), total=total)
    assert ask is None
    assert got == records
