"""The monthly report of the demo, as leaders get it: real numbers, nothing empty, and every number on the screen."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.urls import url
from tests.world import as_
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.figures.actions import report_of
from xinfang.figures.periods import Period, parse_period
from xinfang.figures.versions import ReportVersion
from xinfang.operations.demo.load import load_demo
from xinfang.papers.content import Caption, Heading, PageBreak, PaperContent, PaperTable, Paragraph, Picture, SignedHere
from xinfang.procedure.words import Role

NUMBER = re.compile(r"\d+/\d+|\d[\d,]*(?:\.\d+)?%?")
NO_FIGURE = re.compile(r"\d+年(?:\d+月)?(?:\d+日)?|\d+月\d+日|7日内")
Place = tuple[str, str, str, str]
"""A number's table, its part, its row and its column."""


class ScreenTables(HTMLParser):
    """The tables of the page of figures, without what only a screen reader reads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[Place, str] = {}
        self.title = self.part = ""
        self.heads: list[str] = []
        self.row: list[str] = []
        self.hidden = 0
        self.inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        kind = dict(attrs).get("class") or ""
        if tag == "span" and (self.hidden or "hidden-text" in kind):
            self.hidden += 1
        if tag == "table":
            self.part = ""
        if tag == "tr":
            self.row = []
        if tag == "h2":
            self.title = ""
        if tag in ("th", "td"):
            self.row.append("")
        self.inside.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag == "span" and self.hidden:
            self.hidden -= 1
        while self.inside and self.inside.pop() != tag:
            pass
        if tag != "tr":
            return
        cells = [" ".join(cell.split()) for cell in self.row]
        if "thead" in self.inside:
            self.heads = cells
        elif len(cells) == 1:
            self.part = cells[0]
        else:
            for head, cell in zip(self.heads[1:], cells[1:], strict=True):
                self.found.setdefault((self.title, self.part, cells[0], head), cell)

    def handle_data(self, data) -> None:
        if self.hidden:
            return
        if self.inside and self.inside[-1] == "h2":
            self.title += data
        elif self.row and {"th", "td"} & set(self.inside):
            self.row[-1] += data


@pytest.fixture
def demo(db) -> None:
    load_demo()


def last_months() -> list[Period]:
    this = today().replace(day=1)
    before = (this - timedelta(days=1)).replace(day=1)
    return [parse_period(f"{day:%Y-%m}") for day in (this, before)]


def test_every_number_of_the_monthly_report_is_on_the_screen(demo) -> None:
    clerk = Staff.objects.filter(duties__role=Role.OFFICE.value).order_by("pk").first()
    client = as_(clerk.get_username())
    looked_up = 0
    for period in last_months():
        paper = report_of(period, ReportVersion.INTERNAL, today())
        shown = ScreenTables(client.get(f"{url('figures')}?period={period.code}&table=all").content.decode()).found
        columns_of: dict[str, str] = {}
        for title, _, _, head in shown:
            columns_of.setdefault(title, head)
        for before, table in pairwise(paper.blocks):
            if not isinstance(table, PaperTable):
                continue
            assert isinstance(before, Caption)
            title, _, part = before.text.partition("：")
            heads = [cell.text for cell in table.rows[0]]
            for name, *cells in ([cell.text for cell in row] for row in table.rows[1:]):
                for head, cell in zip(heads[1:], cells, strict=True):
                    # A row of one number in a table of several columns is compared in the folded table.
                    rows = [name.strip("\u3000"), f"{name} {columns_of[title]}"]
                    cells_shown = [shown[title, part, row, head] for row in rows if (title, part, row, head) in shown]
                    on_screen = NUMBER.findall(" ".join(cells_shown))
                    assert set(NUMBER.findall(cell)) <= set(on_screen), (period.code, title, part, name, head)
                    looked_up += len(NUMBER.findall(cell))
        everything = {number for cell in shown.values() for number in NUMBER.findall(cell)}
        for text in sentences_of(paper):
            # How much more or less is told in words beside both numbers; the rest is read on the screen itself.
            plain = re.sub(r"(?:增加|减少)\d+", "", NO_FIGURE.sub("", text))
            assert set(NUMBER.findall(plain)) <= everything, (period.code, text)
    assert looked_up > 300


def test_the_monthly_report_has_real_numbers_and_nothing_empty(demo) -> None:
    for period in last_months():
        paper = report_of(period, ReportVersion.INTERNAL, today())
        said = paper.text()
        assert "<5" not in said and "*" not in said and "同比—" not in said
        for block, then in pairwise([b for b in paper.blocks if not isinstance(b, PageBreak)]):
            if isinstance(block, Heading):
                assert isinstance(then, Paragraph), block.text
            if isinstance(block, Caption):
                assert isinstance(then, PaperTable | Picture | Paragraph | Caption), block.text
                assert not (isinstance(then, Caption) and "附件" in then.text), "an annex with nothing in it"
            if isinstance(block, PaperTable):
                numbers = [NUMBER.findall(cell.text) for row in block.rows[1:] for cell in row[1:]]
                assert any(n not in ("0", "0.0%") for found in numbers for n in found)
            if isinstance(block, Picture):
                bars = json.loads(block.drawing.spec)["data"]["values"]
                assert any(bar["n"] for bar in bars if bar["when"] == "本期")
                assert all(bar["text"] for bar in bars), "every bar has its number"


def sentences_of(paper: PaperContent) -> list[str]:
    end = next(place for place, block in enumerate(paper.blocks) if isinstance(block, SignedHere))
    return [block.text for block in paper.blocks[:end] if isinstance(block, Paragraph) and "待填" not in block.text]
