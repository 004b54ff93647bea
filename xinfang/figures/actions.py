"""The monthly, quarterly and annual report (条例41).

Its text is written by people and kept in revisions, its tables are counted. It names no petitioner. There are two of
each period: for the department's leaders with the real numbers, and for everybody with small ones covered.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.figures.suppression import published_report
from xinfang.figures.tables import (
    NO_VALUE,
    Figure,
    FigureReport,
    FigureRow,
    FigureValue,
    change_text,
    counted_by,
    figure_report,
)
from xinfang.figures.tables import FigureTable as Counted
from xinfang.papers.content import (
    Block,
    Caption,
    PageBreak,
    PaperContent,
    PaperForm,
    PaperTable,
    Paragraph,
    Picture,
    SignedHere,
    TableCell,
)
from xinfang.papers.source import ParsedSource, WordingSyntaxError, parse_source, quote_words
from xinfang.papers.wording import unfilled_blanks
from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.words import PaperKind

from .charts import charts
from .models import ReportText
from .periods import Period, Span
from .sentences import MIN_COMPARED_COUNT, SENTENCES, marker, printed_numbers, sentences
from .stored_report import from_json, to_json
from .versions import ReportVersion

MAX_REPORT_CHARACTERS = 30_000
DRAFT_MARK = "草稿"
_NARROW = 4
"""With more columns there is no room for the two numbers of a rate."""
_WIDE = 124.0
"""Of a chart on paper, mm."""
PERIOD_KINDS = {Span.MONTH: "月度", Span.QUARTER: "季度", Span.YEAR: "年度"}
_OLD_BLANK = re.compile(r"（请填写[^）]*）|【待填】")
_COUNT = re.compile(r"(?<![\d.,])(\d[\d,]*)\s*(?:件|批|人次|起)")


def report_title(period: Period) -> str:
    """Return a title such as 2026年10月信访工作月度报告."""
    return f"{period.label}信访工作{PERIOD_KINDS[period.span]}报告"


def counted_report(period: Period, version: ReportVersion, today: date) -> FigureReport:
    """Return the figures that a version of the report prints."""
    if version is ReportVersion.PUBLISHED:
        return published_report(period, today, printed=True)
    return figure_report(period, today, printed=True)


def first_report_text(period: Period) -> str:
    """Return a first text, in the four parts of 条例41.

    The person who writes the report completes it; the sentences with figures come in when it is printed.
    """
    lines = [
        f"标题：{report_title(period)}",
        f"落款：{settings.DEPARTMENT}",
        "---",
        "# 信访事项数据统计",
        "【数据：收到情况】",
        "# 涉及领域和被反映较多的单位",
        "【数据：涉及领域】",
        "【待填：被反映较多的机关、单位及所反映的主要问题；没有的写“没有反映较为集中的单位”】",
        "# 转送、交办和督办情况",
        "【数据：转送和交办】",
        "【数据：督办】",
        "# 办理情况",
        "【数据：办理情况】",
        "【数据：结论和复查复核】",
        "【数据：领导接访】",
        "# 改进工作、完善政策和追究责任的建议及采纳情况",
        "【待填：提出了哪些建议，有关单位是否采纳；没有的写“本期没有提出建议”】",
        "# 其他需要报告的事项",
        "【待填：其他需要报告的事项；没有的删去这一行，标题随之不印】",
    ]
    return "\n".join(lines) + "\n"


def latest_report_text(period: Period, version: ReportVersion) -> ReportText | None:
    """Return the last revision of the text of a period, or None (1 query)."""
    rows = ReportText.objects.filter(period=period.code, version=version.value)
    return rows.select_related("by").order_by("-revision").first()


def text_to_edit(period: Period, version: ReportVersion, last: ReportText | None) -> str:
    """Return what somebody goes on from: the last text, for everybody that of the department, else the first (1 query).

    The text of the department has the names of figures, so that nothing covered comes along.
    """
    if last is None and version is ReportVersion.PUBLISHED:
        last = latest_report_text(period, ReportVersion.INTERNAL)
    return last.text if last else first_report_text(period)


def save_report_text(
    period: Period, version: ReportVersion, text: str, seen: int, by: Staff, *, today: date, finish: bool = False
) -> ReportText:
    """Save a new revision, which follows the one that the writer has seen (`seen` is its number).

    With `finish` it is a draft no more, and its figures stay those of this day.

    Raises:
        WordingSyntaxError: the text is too long, a row of it is wrong, or it can't be finished; it says why.
        EditConflict: there is a newer revision than `seen`.
    """
    if len(text) > MAX_REPORT_CHARACTERS:
        raise WordingSyntaxError(f"正文超过 {MAX_REPORT_CHARACTERS:,} 字，请精简后再保存。")
    parse_source(_filled(text, None))
    figures = counted_report(period, version, today) if finish else None
    if figures is not None:
        wrong = _what_is_missing(text)
        if version is ReportVersion.PUBLISHED:
            wrong = wrong or _what_tells_too_much(text, figures)
        if wrong:
            raise WordingSyntaxError(wrong)
    last = latest_report_text(period, version)
    if (last.revision if last else 0) != seen:
        raise EditConflict
    try:
        with transaction.atomic():
            return ReportText.objects.create(
                period=period.code,
                version=version.value,
                revision=seen + 1,
                text=text,
                figures=to_json(figures) if figures is not None else None,
                by=by,
                at=timezone.now(),
            )
    except IntegrityError:
        raise EditConflict from None


def _what_is_missing(text: str) -> str:
    """Return why a text can't be finished as it is; nothing if it can."""
    left = [*unfilled_blanks(text), *_OLD_BLANK.findall(text)]
    if not left:
        return ""
    return (
        f"还有 {len(left)} 处没有填写，不能定稿：{'、'.join(left[:3])}{'等' if len(left) > 3 else ''}。"
        "请填写后再定稿；没有内容的，写明没有，或者删去这一行。"
    )


def _what_tells_too_much(text: str, figures: FigureReport) -> str:
    """Return which number of cases people wrote that the published tables don't print; nothing if there is none."""
    printed = {number.replace(",", "") for number in printed_numbers(figures)}
    for place, line in enumerate(text.split("\n"), 1):
        for found in _COUNT.finditer(line):
            if found[1].replace(",", "") not in {"0", *printed}:
                return (
                    f"第 {place} 行写有“{found[0]}”，公开发布版的统计表没有列出这个数，"
                    "可能泄露为保护信访人不列出的数，不能定稿。请删去这个数，或者改用【数据：…】。"
                )
    return ""


def filled_source(text: str, figures: FigureReport) -> ParsedSource:
    """Return the text with the sentences of its figures in their places.

    Raises:
        WordingSyntaxError: the text can't be read, or names figures that there aren't.
    """
    return parse_source(_filled(text, figures))


def _filled(text: str, figures: FigureReport | None) -> str:
    """Return the text with sentences in the places of their names; without figures with the names, which are checked.

    Raises:
        WordingSyntaxError: there are no sentences of some name.
    """
    lines = []
    for place, line in enumerate(text.split("\n"), 1):
        name = marker(line)
        if name is not None and name not in SENTENCES:
            raise WordingSyntaxError(
                f"第 {place} 行的“【数据：{name[:20]}】”不是系统能填的数据。可以用的有：{'、'.join(SENTENCES)}。"
            )
        lines.append(line if name is None or figures is None else quote_words(sentences(figures, name)))
    return "\n".join(lines)


def text_to_read(period: Period, version: ReportVersion, last: ReportText | None, counted: FigureReport) -> str:
    """Return the text with its figures in their places, as those read it who don't write it (1 query)."""
    figures = from_json(last.figures) if last is not None and last.figures is not None else counted
    return _filled(text_to_edit(period, version, last), figures)


def report_of(period: Period, version: ReportVersion, today: date) -> PaperContent:
    """Return the report as it is now: the finished one with the figures of its day, else a draft with those of today.

    Raises:
        WordingSyntaxError: its text can't be read.
    """
    last = latest_report_text(period, version)
    if last is not None and last.figures is not None:
        return report_paper(from_json(last.figures), version, last.text, finished=True)
    counted = counted_report(period, version, today)
    return report_paper(counted, version, text_to_edit(period, version, last))


def report_paper(report: FigureReport, version: ReportVersion, text: str, *, finished: bool = False) -> PaperContent:
    """Return the report as a paper: the text, signed; annexed to it the charts and the nine tables.

    A draft is neither signed nor dated.

    Raises:
        WordingSyntaxError: the text can't be read.
    """
    source = filled_source(text, report)
    blocks: list[Block] = list(source.blocks)
    drawn = charts(report)
    annexes = ("统计图", "统计表") if drawn else ("统计表",)
    blocks.append(SignedHere())
    if drawn:
        blocks += [PageBreak(), Caption("附件1　统计图")]
        for place, chart in enumerate(drawn, 1):
            wide, high = chart.drawing.size
            blocks.append(Caption(f"图{place}　{chart.title}（单位：{chart.unit}）"))
            blocks.append(Picture(chart.drawing, _WIDE, _WIDE * high / wide, chart.words))
    blocks += [PageBreak(), Caption(f"附件{'2' if drawn else ''}　统计表")]
    printed = [(table, list(_paper_tables(table, report.period.span))) for table in report.tables]
    empty = [table for table, there in printed if not there]
    blocks.append(Paragraph(_how_to_read(report, version, empty)))
    for _, there in printed:
        blocks += there
    return PaperContent(
        kind=PaperKind.REPORT_PACKAGE,
        form=PaperForm.SHEET,
        title=source.one("标题"),
        urgency=version.label,
        blocks=tuple(blocks),
        attachments=annexes,
        signer=source.one("落款") if finished else "",
        day=(source.day or report.day) if finished else None,
        note="含未公开的数字，请勿外传" if version is ReportVersion.INTERNAL else "",
        marks=(version.label,) if finished else (version.label, DRAFT_MARK),
    )


def _how_to_read(report: FigureReport, version: ReportVersion, empty: Sequence[Counted]) -> str:
    """Return what holds for all tables, said once above them, and which aren't there as they would be `empty`."""
    day = report.day
    parts = [f"以下各表统计于{in_chinese(day)}"]
    if report.unfinished:
        parts[0] += "，本期尚未结束，与整期的数不完全可比"
    if version is ReportVersion.PUBLISHED:
        parts.append("各表不含检举控告。“*”表示数量较少，或者可据以推算出较少的数，为保护信访人不列出；“—”表示没有分母")
    else:
        parts.append(f"“—”表示没有可比的数、没有分母，或者相比较的数不足{MIN_COMPARED_COUNT}，不计算增减幅度")
    parts[-1] += "；各栏均为0的行不列出"
    if empty:
        parts.append(f"{'、'.join(table.title.replace('　', '“') + '”' for table in empty)}没有可计入的数，不列出")
    return "。".join(parts) + "。"


def _text(value: FigureValue | None, between: str = "") -> str:
    if value is None:
        return ""
    of = f"{between}({value.of})" if between else f"（{value.of}）"
    return f"{value.text}{of if value.of else ''}"


def _change(now: FigureValue, before: FigureValue | None) -> str:
    """Return the change as the paper tells it: a percentage of few would mislead."""
    few = before is not None and not now.is_rate and (before.number or 0) < MIN_COMPARED_COUNT
    return NO_VALUE if few else change_text(now, before)


def _paper_tables(table: Counted, span: Span) -> Iterator[Block]:
    """Yield a table part by part, each with its name above and what it counts by below.

    What is none everywhere is left out; of a table in which all is none, nothing is left.
    """
    parts: list[tuple[str, list[FigureRow]]] = []
    for row in table.rows:
        if row.heading or not parts:
            parts.append((row.heading, []))
        parts[-1][1].append(row)
    printed = []
    for heading, rows in parts:
        wide = _is_wide(table.columns, rows)
        printed.append((heading, wide, [row for row in rows if _says_something(row, wide=wide)]))
    whole = [row for *_, rows in printed for row in rows]
    if not whole:
        return
    dates = [counted_by(table.columns, rows) for *_, rows in printed if rows]
    apart = len(set(dates)) > 1
    for heading, wide, rows in printed:
        if rows:
            yield Caption(f"{table.title}：{heading}" if heading else table.title)
            yield _paper_table(table.columns, rows, span, wide=wide)
            if apart:
                yield Paragraph(f"注：{counted_by(table.columns, rows)}。", indent=False)
    notes = [] if apart else [f"{dates[0]}。"]
    yield Paragraph(f"{table.title.split('　')[0]}说明：{''.join([*notes, *table.notes])}", indent=False)


def _is_wide(columns: Sequence[str], rows: Sequence[FigureRow]) -> bool:
    """Tell whether rows are printed with several columns of this period; others are compared with earlier ones."""
    return len(columns) > 1 and any(any(row.figures[1:]) for row in rows)


def _says_something(row: FigureRow, *, wide: bool) -> bool:
    """Tell whether there is a number other than none in what is printed of a row."""
    first = row.figures[0]
    printed = [f.now for f in row.figures if f] if wide else first.values() if first else ()
    return any(value is not None and (value.veiled or value.number) for value in printed)


def _paper_table(columns: Sequence[str], rows: Sequence[FigureRow], span: Span, *, wide: bool) -> PaperTable:
    """Return rows for the paper: of several columns this period, of one column its comparison with others."""
    heads: tuple[str, ...]
    if wide:
        heads = ("项目", *columns)
        # What a rate is made of is in the columns beside it, where there are many.
        text = _text if len(heads) <= _NARROW else (lambda value: value.text)
        numbers = [[text(figure.now) if figure else "" for figure in row.figures] for row in rows]
    else:
        heads = ("项目", "本年", "上年", "增减") if span is Span.YEAR else _COMPARED
        figures = [figure for row in rows if (figure := row.figures[0])]
        numbers = [_compared(figure)[: len(heads) - 1] for figure in figures]
        if not any(any(figure.values()[1:]) for figure in figures):
            heads, numbers = heads[:2], [[_text(figure.now)] for figure in figures]
    lines = [tuple(TableCell(head, label=True) for head in heads)]
    for row, cells in zip(rows, numbers, strict=True):
        name = f"　{row.label}" if row.part_of else row.label
        lines.append((TableCell(name), *map(TableCell, cells)))
    return PaperTable(len(heads), tuple(lines), head=1)


_COMPARED = ("项目", "本期", "上期", "环比", "去年同期", "同比", "年累计")


def _compared(figure: Figure) -> list[str]:
    now, previous, last_year, to_date = figure.values()
    assert now is not None
    return [
        _text(now, "\n"),
        _text(previous, "\n"),
        _change(now, previous),
        _text(last_year, "\n"),
        _change(now, last_year),
        _text(to_date, "\n"),
    ]
