"""Lists on the wire."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, Field
from pydantic_core import to_json

T = TypeVar("T")


class FoundRows(Protocol):
    """A page of rows as the store or a service gives it."""

    @property
    def rows(self) -> Sequence[Any]: ...  # noqa: D102 - said by the class
    @property
    def next_cursor(self) -> str | None: ...  # noqa: D102 - said by the class
    @property
    def count(self) -> int | None: ...  # noqa: D102 - said by the class


class PageOf(BaseModel, Generic[T]):
    """A page of a list; the next one is in the `Link` header."""

    items: list[T]
    count: int | None = Field(default=None, exclude_if=lambda value: value is None)
    """How many there are in all; only when asked for with `count=true`."""
    next_cursor: str | None = Field(default=None, exclude=True)

    @classmethod
    def of(cls, found: FoundRows, read: Callable[[Any], T]) -> Self:
        """A page, each row made into its wire form."""
        return cls.model_construct(
            items=[read(row) for row in found.rows], count=found.count, next_cursor=found.next_cursor
        )


class JsonItems(Protocol):
    """A page whose rows are JSON already, as the store gives it."""

    @property
    def items(self) -> str: ...  # noqa: D102 - said by the class
    @property
    def next_cursor(self) -> str | None: ...  # noqa: D102 - said by the class
    @property
    def count(self) -> int | None: ...  # noqa: D102 - said by the class


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page of a list that the database wrote as JSON: the wire form of `PageOf`, and of models like it.

    `more` are further members of the object.
    """

    page: JsonItems
    more: Mapping[str, object] = field(default_factory=dict)

    def body(self) -> bytes:
        """The page on the wire."""
        further = dict(self.more) if self.page.count is None else {**self.more, "count": self.page.count}
        rest = to_json(further)[1:] if further else b"}"
        return b'{"items":' + self.page.items.encode() + (b"," if further else b"") + rest
