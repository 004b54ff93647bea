"""The printed procedure as a paper: what the page 规程 and `docs/procedure.md` say, to be read as PDF or in Word."""

from collections.abc import Iterable, Iterator
from datetime import date

from xinfang.papers.content import (
    Block,
    Caption,
    Heading,
    PaperContent,
    PaperForm,
    PaperTable,
    Paragraph,
    Picture,
    TableCell,
    chinese_day,
)
from xinfang.papers.drawn import SvgDrawing
from xinfang.procedure.printed_articles import PrintedArticle, printed_articles
from xinfang.procedure.printed_diagram import WIDE, Part, as_svg, move_rows, picture_size
from xinfang.procedure.printed_procedure import (
    ABOUT,
    BESIDE_THE_ARTICLES,
    FIELDS,
    REFUSALS,
    STEPS_TABLE,
    TITLE,
    tables,
)
from xinfang.procedure.printed_table import PrintedTable
from xinfang.procedure.readings import TextReading
from xinfang.procedure.words import PaperKind

_TEXT_WIDTH, _TEXT_HEIGHT = 156.0, 205.0
"""What a page holds beside the caption of a picture, in mm."""
YES, NO = "可见", "不可见"
_MOST_COLUMNS = 4
"""A table with more is told row by row: its columns would be too narrow to read."""


def procedure_paper(day: date) -> PaperContent:
    """Return the whole print, as it was on this day."""
    printed = {t.title: t for t in tables() if t.title not in BESIDE_THE_ARTICLES}
    refusals, fields = printed.pop(REFUSALS), printed.pop(FIELDS)
    rest = tuple(printed.values())
    names = ["状态图", "条文、落实和读法", *(t.title for t in rest)]
    blocks: list[Block] = [
        Paragraph(ABOUT),
        Paragraph(f"打印日期：{chinese_day(day)}。内容依次为：{'；'.join(names)}。"),
    ]
    blocks += _diagram()
    blocks.append(Heading(1, "条文、落实和读法"))
    for chapter, articles in printed_articles():
        blocks.append(Heading(2, chapter))
        for entry in articles:
            blocks += _article(entry)
    for table in rest:
        blocks += _steps(table, refusals, fields) if table.title == STEPS_TABLE else _table(table)
    return PaperContent(kind=PaperKind.REPORT_PACKAGE, form=PaperForm.SHEET, title=TITLE, blocks=tuple(blocks), day=day)


def _diagram() -> Iterator[Block]:
    yield Heading(1, "状态图")
    for part in (Part.MAIN, Part.ASIDE):
        wide, high = picture_size(WIDE, part)
        scale = min(_TEXT_WIDTH / wide, _TEXT_HEIGHT / high)
        said = "；".join(f"{start}经{by}到{end}" for start, by, end in move_rows())
        yield Caption(part.value)
        yield Picture(SvgDrawing(as_svg(WIDE, part)), wide * scale, high * scale, f"{said}。")


def _article(entry: PrintedArticle) -> Iterator[Block]:
    article = entry.article
    yield Heading(3, f"{article}　{article.title}")
    yield Paragraph(article.says)
    if entry.clauses:
        rows = ((c.place or "全文", c.says, c.where or "—", c.reading) for c in entry.clauses)
        yield _rows(("句", "要点（转述）", "由什么落实", "读法"), rows)
    elif entry.where:
        yield Paragraph(f"落实：{'；'.join(entry.where)}。")
    if entry.why_nothing:
        yield Paragraph(f"没有可计算的内容：{entry.why_nothing}")
    for reading in entry.readings:
        yield _card(f"读法：{reading.about}（{reading.kind}）", _told(reading))
    if entry.read_elsewhere:
        named = (f"{r.about}（见{r.articles[0]}）" for r in entry.read_elsewhere)
        yield Paragraph(f"另见读法：{'；'.join(named)}。")


def _told(reading: TextReading) -> Iterator[tuple[str, str]]:
    if len(reading.articles) > 1:
        yield "条文", "、".join(map(str, reading.articles))
    yield "文本", reading.says
    yield "读作", reading.read
    yield "理由", reading.why
    yield "落实", reading.where


def _steps(steps: PrintedTable, refusals: PrintedTable, fields: PrintedTable) -> Iterator[Block]:
    """Yield each step with all that is asked of it."""
    asked = {row[0]: row[1] for row in fields.rows}
    yield Heading(1, steps.title)
    yield Paragraph("填写一栏中 * 为必填；不能办理一栏中，括号内是依据，其后是怎么办。")
    for label, *cells in steps.rows:
        pairs = [(head, cell) for head, cell in zip(steps.heads[1:], cells, strict=True) if cell]
        if asked.get(label):
            pairs.append(("填写", asked[label]))
        reasons = [row[1:] for row in refusals.rows if row[0] == label]
        if reasons:
            told = (f"{n}. {says}（{cites}）。{todo}" for n, (says, cites, todo) in enumerate(reasons, 1))
            pairs.append(("不能办理", "\n".join(told)))
        yield _card(label, pairs)


def _table(table: PrintedTable) -> Iterator[Block]:
    yield Heading(1, table.title)
    if table.note:
        yield Paragraph(table.note)
    if len(table.heads) <= _MOST_COLUMNS:
        yield _rows(table.heads, table.rows)
        return
    if {cell for row in table.rows for cell in row[1:]} <= {YES, NO}:
        # A grid of yes and no is told as lists.
        seen = (
            (row[0], "、".join(h for h, cell in zip(table.heads, row, strict=True) if cell == YES))
            for row in table.rows
        )
        yield _rows((table.heads[0], YES), seen)
        return
    for first, *cells in table.rows:
        yield _card(first, ((head, cell) for head, cell in zip(table.heads[1:], cells, strict=True) if cell))


def _rows(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> PaperTable:
    head = tuple(TableCell(h, label=True) for h in heads)
    return PaperTable(len(head), (head, *(tuple(TableCell(c or "—") for c in row) for row in rows)), head=1)


def _card(title: str, pairs: Iterable[tuple[str, str]]) -> PaperTable:
    """Return one row of a wide table as a small table of its own: its name above, then label and value."""
    rows: list[tuple[TableCell, ...]] = [(TableCell(title, span=2, label=True),)]
    rows += [(TableCell(label, label=True), TableCell(value)) for label, value in pairs]
    return PaperTable(2, tuple(rows), head=1)
