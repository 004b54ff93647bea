"""The charts of a report: Vega-Lite specs made from tables, drawn on the server.

As SVG for pages and PDF, as PNG for Word. Nothing is fetched. Drawing takes a tenth of a second, so a chart is kept by
what it shows.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Any

import vl_convert

from xinfang.figures.periods import Span
from xinfang.figures.tables import FigureReport, FigureRow, FigureTable, FigureValue
from xinfang.papers.drawn import FONT, register_fonts

INK, SOFT, LINE = "#1f2937", "#4b5563", "#d1d5db"
NOW, BEFORE, YEAR_AGO = "#1d4ed8", "#7c8aa5", "#c2cad8"
_WIDE = 520
_NARROW = 300
"""As wide as a telephone has room for beside the edges of a page."""
_LABEL_SIZE = 12
_ON_A_LINE = 7
"""Characters of a name on one line of a narrow chart; it goes on below."""
_ROOM = 40
"""Beside the bars, for the number after the longest and the edges."""
_STEPS = (15, 13, 12)
"""The height of a bar where there are one, two or three of each kind; each has its number beside it."""
_LABELLED = 10
_KEPT = 128


@dataclass(frozen=True, slots=True)
class ChartDrawing:
    """A chart drawn when it is asked for: lines and letters for pages and PDF, dots for Word."""

    spec: str

    @property
    def svg(self) -> str:
        """The picture as SVG without style attributes, which the content policy refuses."""
        return drawn_svg(self.spec)

    @property
    def png(self) -> bytes:
        """The picture at 190 dots an inch when 14 cm wide.

        Bars and letters are sharp, and it takes half the time of 300.
        """
        return drawn_png(self.spec)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in dots of the screen."""
        found = _SIZE.search(self.svg)
        assert found, "the renderer gives every picture its size"
        return float(found[1]), float(found[2])


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: what it shows in words, as a list a screen reader reads, and its drawing as pages show it.

    The narrow drawing is for telephones: the same bars and numbers, long names on several lines.
    """

    code: str
    title: str
    unit: str
    words: str
    drawing: ChartDrawing
    narrow: ChartDrawing


_STYLE = re.compile(r'\sstyle="([^"]*)"')
_ROLES = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SCRIPTS = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>", re.S)


def _as_attributes(found: re.Match[str]) -> str:
    """Turn style="fill: red" into fill="red": the same look as presentation attributes."""
    pairs = (p.split(":", 1) for p in found[1].split(";") if ":" in p)
    kept = [(name.strip(), value.strip()) for name, value in pairs]
    return "".join(f' {name}="{value}"' for name, value in kept if name in ("fill", "stroke", "opacity", "font-size"))


def warm_up_charts() -> None:
    """Start the renderer and open its fonts, which takes a process a second the first time.

    To be called while something else is waited for.
    """
    spec = {"data": {"values": []}, "mark": "bar", "title": {"text": "图", "font": FONT}}
    drawn_svg(json.dumps(spec, ensure_ascii=False))


@lru_cache(maxsize=_KEPT)
def drawn_svg(spec: str) -> str:
    """Return the spec as SVG; all text in it was escaped by the renderer."""
    register_fonts()
    svg = vl_convert.vegalite_to_svg(json.loads(spec))
    svg = _SCRIPTS.sub("", _STYLE.sub(_as_attributes, svg))
    svg = _ROLES.sub("", svg)
    # The figure around it has the name and the words; inside there is nothing to be read twice.
    return re.sub(r"<svg\b", '<svg aria-hidden="true" focusable="false"', svg, count=1)


@lru_cache(maxsize=_KEPT)
def drawn_png(spec: str) -> bytes:
    """Return the spec as PNG."""
    png: bytes = vl_convert.svg_to_png(drawn_svg(spec), scale=2)
    return png


def charts(report: FigureReport) -> tuple[Chart, ...]:
    """Return the charts of the tables a report holds; one without any number is left out."""
    made: list[Chart | None] = []
    for table in report.tables:
        if table.code == "1":
            made.append(_bars("channels", "件次", "按信访形式", _part(table, "ordinary"), report))
        elif table.code == "3":
            made.append(_bars("contents", "件次", "按内容分类", _part(table, "all"), report))
        elif table.code == "5":
            made.append(_bars("conclusions", "项", "诉求结论", _part(table, "all"), report))
        elif table.code == "7":
            made.append(_bars("units", "件次", "各承办单位本期收到", _part(table, "all"), report))
    return tuple(c for c in made if c)


def _part(table: FigureTable, of: str) -> list[FigureRow]:
    return [r for r in table.rows if r.part_of == of]


def _bar(value: FigureValue | None) -> float:
    """Return how long a bar is: none for what is covered."""
    return (value.number or 0) if value is not None and not value.veiled else 0


def _bars(code: str, unit: str, title: str, rows: list[FigureRow], report: FigureReport) -> Chart | None:
    """Draw this period, the one before and last year's side by side, as far as there are any.

    A covered number has no bar; without a bar of this period there is no chart.
    """
    figures = [(row.label, f.values()[:3]) for row in rows if (f := row.figures[0])]
    figures = [(label, values) for label, values in figures if any(v and (v.number or v.veiled) for v in values)]
    # The year before is the same year a year ago.
    stretches = ("本年", "上年") if report.period.span is Span.YEAR else ("本期", "上期", "去年同期")
    series = [
        (name, place, colour)
        for place, (name, colour) in enumerate(zip(stretches, (NOW, BEFORE, YEAR_AGO), strict=False))
        if any(_bar(values[place]) for _, values in figures)
    ]
    if not any(place == 0 for _, place, _ in series):
        return None
    points = [
        {"of": label, "when": name, "n": _bar(values[place]), "text": value.text if (value := values[place]) else ""}
        for label, values in figures
        for name, place, _ in series
    ]
    words = [f"{label} {now.text}" for label, (now, *_) in figures if now]
    most = max(_bar(values[place]) for _, values in figures for _, place, _ in series)
    names = [name for name, *_ in series]
    # Few cases are labelled one by one: half a case would be rounded to a whole one.
    ticks = {"values": list(range(int(most) + 1))} if most <= _LABELLED else {"tickCount": 5}
    said = f"{report.period.label}{title}（{unit}）：{'；'.join(words)}"
    longest = max(len(label) for label, _ in figures)
    colours = [c for *_, c in series]
    wide = _drawing(points, names, colours, unit, ticks, _WIDE, longest, longest)
    narrow = _drawing(points, names, colours, unit, ticks, _NARROW, longest, _ON_A_LINE)
    return Chart(code, title, unit, said, wide, narrow)


def _broken(name: str, on_a_line: int) -> str:
    """Return a name on as many lines as it needs, about equally long."""
    lines = -(-len(name) // on_a_line)
    return "\n".join(wrap(name, -(-len(name) // lines)))


def _drawing(
    points: list[dict[str, Any]],
    names: list[str],
    colours: list[str],
    unit: str,
    ticks: dict[str, Any],
    whole: int,
    longest: int,
    on_a_line: int,
) -> ChartDrawing:
    """Return the bars drawn, `whole` dots wide, a name broken after so many characters."""
    labels = min(longest, on_a_line) * _LABEL_SIZE
    lines = -(-longest // on_a_line)
    # A group of bars is as high as its name.
    step = max(_STEPS[len(names) - 1], lines * (_LABEL_SIZE + 2) // len(names) + 2 if lines > 1 else 0)
    if lines > 1:
        points = [{**point, "of": _broken(point["of"], on_a_line)} for point in points]
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": whole - _ROOM - labels,
        "height": {"step": step},
        "background": "white",
        "data": {"values": points},
        "encoding": {
            "y": {
                "field": "of",
                "type": "nominal",
                "sort": None,
                "title": None,
                "axis": {
                    "labelLimit": 0,
                    "ticks": False,
                    "domainColor": LINE,
                    **({"labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 13} if lines > 1 else {}),
                },
            },
            "yOffset": {"field": "when", "sort": names},
            "x": {
                "field": "n",
                "type": "quantitative",
                "title": unit,
                "axis": {
                    **ticks,
                    "grid": True,
                    "gridColor": LINE,
                    "tickMinStep": 1,
                    "format": "d",
                    "domain": False,
                    "labelFlush": False,
                },
            },
        },
        "layer": [
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "color": {
                        "field": "when",
                        "scale": {"domain": names, "range": colours},
                        "sort": names,
                        "legend": {"title": None, "orient": "top"},
                    }
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 3, "fontSize": 10, "color": INK},
                "encoding": {"text": {"field": "text"}},
            },
        ],
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelColor": INK, "titleColor": SOFT, "labelFontSize": _LABEL_SIZE, "titleFontSize": 11},
            "legend": {"labelColor": INK, "labelFontSize": 12},
        },
    }
    return ChartDrawing(json.dumps(spec, ensure_ascii=False, sort_keys=True))
