"""Plots as SVG text, without a library: bars side by side or stacked, and lines over time.

Each plot is a column of panels to be read on paper too: no script, no style sheet, nothing fetched, colours
that colour-blind people tell apart (Okabe and Ito), and every number that matters written beside its mark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_WIDTH: Final = 960
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 58, 44
_HEIGHT: Final = 290
_HEAD: Final = 64
_NOTE: Final = 18
_COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999")
_MARK: Final = "#D00000"
_FONT: Final = "'Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
_MOST_LABELS: Final = 54
_NICE: Final = (1, 2, 2.5, 5, 10)
_TICKS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values of one name; of bars one for each label, of lines one for each day."""

    name: str
    values: tuple[float, ...]
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars by label; labels at the places in `marked` are shown in red."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines over time."""

    title: str
    series: tuple[Series, ...]


Panel = Bars | Lines


def plot(title: str, panels: Sequence[Panel], *, notes: Sequence[str] = ()) -> str:
    """Give a plot as an SVG document.

    Args:
        title: above everything.
        panels: from the top down; one without any value is left out.
        notes: small lines under the title.
    """
    shown = [panel for panel in panels if any(series.values for series in panel.series)]
    head = _HEAD + _NOTE * len(notes)
    height = head + _HEIGHT * len(shown)
    size = f'width="{_WIDTH}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {_WIDTH} {height}" role="img">',
        f'<g font-family={quoteattr(_FONT)} font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect {size} fill="#fff"/>',
        f'<text x="{_LEFT}" y="34" font-size="19" font-weight="bold">{escape(title)}</text>',
    ]
    for n, note in enumerate(notes):
        lines.append(f'<text x="{_LEFT}" y="{56 + _NOTE * n}" fill="#444">{escape(note)}</text>')
    for n, panel in enumerate(shown):
        lines.append(f'<g transform="translate(0 {head + n * _HEIGHT})">')
        lines += _bars(panel) if isinstance(panel, Bars) else _lines(panel)
        lines.append("</g>")
    return "\n".join([*lines, "</g>", "</svg>", ""])


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to heights: 0 stands at the bottom, the highest tick at the top."""

    step: float
    top: float

    @classmethod
    def up_to(cls, most: float) -> "_Scale":
        """Choose round ticks."""
        rough = (most or 1) / _TICKS
        power = 10 ** floor(log10(rough))
        step = power * next(nice for nice in _NICE if power * nice >= rough)
        return cls(step, step * ceil((most or 1) / step))

    def y(self, value: float) -> float:
        """Give the height of a value, from above."""
        return round(_HEIGHT - _BOTTOM - value / self.top * (_HEIGHT - _BOTTOM - _TOP), 1)


def _frame(title: str, series: Sequence[Series], scale: _Scale) -> Iterator[str]:
    yield f'<text x="{_LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>'
    x = _LEFT
    for n, one in enumerate(series):
        yield f'<rect x="{x}" y="30" width="11" height="11" fill="{_COLOURS[n % len(_COLOURS)]}"/>'
        yield f'<text x="{x + 16}" y="40">{escape(one.name)}</text>'
        x += 34 + 13 * len(one.name)
    value = 0.0
    while value <= scale.top * 1.0001:
        y = scale.y(value)
        yield f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end" fill="#444">{_number(value)}</text>'
        value += scale.step


def _bars(panel: Bars) -> Iterator[str]:
    count = len(panel.labels)
    most = max(
        sum(one.values[n] for one in panel.series) if panel.stacked else one.values[n]
        for n in range(count)
        for one in panel.series
    )
    scale = _Scale.up_to(most)
    yield from _frame(panel.title, panel.series, scale)
    room = (_WIDTH - _LEFT - _RIGHT) / count
    wide = room * 0.78 / (1 if panel.stacked else len(panel.series))
    every = ceil(count / _MOST_LABELS)
    for n, label in enumerate(panel.labels):
        left, under = _LEFT + n * room + room * 0.11, 0.0
        for place, one in enumerate(panel.series):
            value = one.values[n]
            x = left if panel.stacked else left + place * wide
            yield _bar(
                x, wide, scale.y(under + value), scale.y(under), place, f"{label} {one.name} {_number(value)}"
            )
            if panel.stacked:
                under += value
            elif wide > 22:  # noqa: PLR2004 - narrower bars have no room for a number
                yield (
                    f'<text x="{x + wide / 2:.1f}" y="{scale.y(value) - 3}" font-size="10" '
                    f'text-anchor="middle">{_number(value)}</text>'
                )
        if n % every == 0:
            yield _label(left + room * 0.39, label, red=n in panel.marked, slanted=count > 12)  # noqa: PLR2004 - as many fit
        elif n in panel.marked:
            yield _label(left + room * 0.39, label, red=True, slanted=True)


def _bar(x: float, wide: float, top: float, bottom: float, colour: int, said: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{top}" width="{wide:.1f}" height="{max(bottom - top, 0):.1f}" '
        f'fill="{_COLOURS[colour % len(_COLOURS)]}"><title>{escape(said)}</title></rect>'
    )


def _label(x: float, label: str, *, red: bool, slanted: bool) -> str:
    y = _HEIGHT - _BOTTOM + 15
    turned = (
        f' transform="rotate(-40 {x:.1f} {y})" text-anchor="end" font-size="9"'
        if slanted
        else ' text-anchor="middle"'
    )
    colour = f' fill="{_MARK}" font-weight="bold"' if red else ""
    return f'<text x="{x:.1f}" y="{y}"{turned}{colour}>{escape(label)}</text>'


def _lines(panel: Lines) -> Iterator[str]:
    days = [day for one in panel.series for day in one.days]
    first, span = min(days), max((max(days) - min(days)).days, 1)
    scale = _Scale.up_to(max(value for one in panel.series for value in one.values))
    yield from _frame(panel.title, panel.series, scale)
    width = _WIDTH - _LEFT - _RIGHT
    for n, one in enumerate(panel.series):
        points = " ".join(
            f"{_LEFT + (day - first).days / span * width:.1f},{scale.y(value)}"
            for day, value in zip(one.days, one.values, strict=True)
        )
        colour = _COLOURS[n % len(_COLOURS)]
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.3"/>'
    for year in range(first.year, max(days).year + 1):
        start = max((date(year, 1, 1) - first).days, 0)
        yield _label(_LEFT + start / span * width + 14, str(year), red=False, slanted=False)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
