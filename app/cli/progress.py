"""Progress bars on a terminal; in a pipe nothing of them is seen."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.domain.draw.basics.chunks import Mapper

Item = TypeVar("Item")
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Steps:
    """The steps of a long command, one bar after another."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def follow(self, label: str, items: Iterable[Item], *, total: int | None = None) -> Iterator[Item]:
        """Hand on the items, moving a bar."""
        task = self._progress.add_task(label, total=total)
        for item in items:
            yield item
            self._progress.advance(task)
        self._progress.remove_task(task)

    @contextmanager
    def step(self, label: str) -> Iterator[Callable[[int, int | None], None]]:
        """Show a bar that the function given moves to a count, and of how many once that is known."""
        task = self._progress.add_task(label, total=None)
        yield lambda done, of: self._progress.update(task, completed=done, total=of)
        self._progress.remove_task(task)

    def followed(self, label: str, mapper: Mapper) -> Mapper:
        """Give a mapper that shows how many chunks it has worked through."""
        return _FollowedMapper(self, label, mapper)


class _FollowedMapper:
    """A mapper that moves a bar."""

    def __init__(self, steps: Steps, label: str, mapper: Mapper) -> None:
        self._steps = steps
        self._label = label
        self._mapper = mapper

    def __call__(self, function: Callable[[Chunk], Result], chunks: Iterable[Chunk], /) -> Iterator[Result]:
        return self._steps.follow(self._label, self._mapper(function, chunks))


@contextmanager
def steps() -> Iterator[Steps]:
    """Bars on the terminal of the error stream while the block runs."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Steps(progress)
