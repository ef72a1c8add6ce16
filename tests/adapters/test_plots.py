"""Plots as SVG: well-formed, readable without a library, and true to their numbers."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from app.adapters.plots import Bars, Lines, Series, plot

SVG = "{http://www.w3.org/2000/svg}"


def _drawn(*panels: Bars | Lines, notes: tuple[str, ...] = ()) -> ET.Element:
    return ET.fromstring(plot("标题 <&>", panels, notes=notes))  # noqa: S314 - our own text


def _heights(root: ET.Element) -> list[float]:
    bars = [rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    return [float(rect.attrib["height"]) for rect in bars]


def _texts(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_bars_are_as_high_as_their_values() -> None:
    """2 is half of 4; the numbers stand beside the bars, and text is escaped."""
    root = _drawn(
        Bars(title="次数", labels=("甲", "乙"), series=(Series(name="<实际>", values=(2.0, 4.0)),)),
        notes=("说明",),
    )
    low, high = _heights(root)
    assert high == pytest.approx(2 * low, abs=0.2)
    assert {"标题 <&>", "<实际>", "说明", "甲", "乙", "2", "4"} <= set(_texts(root))


def test_stacked_bars_add_up() -> None:
    """1 and 3 reach as high as 4 beside them."""
    bars = Bars(
        title="t",
        labels=("a", "b"),
        series=(Series(name="x", values=(1.0, 4.0)), Series(name="y", values=(3.0, 0.0))),
        stacked=True,
    )
    one, three, four, nothing = _heights(_drawn(bars))
    assert one + three == pytest.approx(four, abs=0.3)
    assert nothing == 0


def test_many_labels_are_thinned_but_marked_ones_stay() -> None:
    """Of 120 weeks every third is named, and the red one."""
    labels = tuple(f"W{n}" for n in range(120))
    root = _drawn(
        Bars(title="t", labels=labels, series=(Series(name="x", values=(1.0,) * 120),), marked=frozenset({1}))
    )
    texts = _texts(root)
    assert {"W0", "W3", "W1"} <= set(texts)
    assert "W2" not in texts
    red = [text.text for text in root.iter(f"{SVG}text") if text.attrib.get("fill") == "#D00000"]
    assert red == ["W1"]


def test_lines_run_over_time() -> None:
    """From the first day at the left to the last at the right; a larger value is higher up."""
    days = (date(2026, 6, 1), date(2027, 6, 1))
    root = _drawn(Lines(title="t", series=(Series(name="x", values=(1.0, 2.0), days=days),)))
    (line,) = root.iter(f"{SVG}polyline")
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in line.attrib["points"].split())
    assert x1 < x2
    assert y1 > y2
    assert {"2026", "2027"} <= set(_texts(root))


def test_a_panel_without_values_is_left_out() -> None:
    """As where nothing was simulated; a row of zeros is a row of zeros."""
    empty = Lines(title="nothing", series=(Series(name="x", values=()),))
    zeros = Bars(title="zeros", labels=("a",), series=(Series(name="x", values=(0.0,)),))
    root = _drawn(empty, zeros)
    assert "nothing" not in _texts(root)
    assert _heights(root) == [0.0]
