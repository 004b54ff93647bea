"""The monthly, quarterly and annual report (条例41).

Its text is written by people and kept in versions, its tables are counted. A report names no petitioner, and small
numbers are covered in it, as in everything that is published or sent.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.figures.table_plans import SUPERVISED_COLUMNS
from xinfang.figures.tables import FigureReport, FigureValue
from xinfang.figures.tables import FigureTable as Counted
from xinfang.papers.content import (
    Block,
    Heading,
    PageBreak,
    PaperContent,
    PaperForm,
    PaperTable,
    Paragraph,
    Picture,
    TableCell,
)
from xinfang.papers.source import WordingSyntaxError, parse_source
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.words import PaperKind

from .charts import charts
from .models import ReportText
from .periods import Period, Span

MAX_REPORT_CHARACTERS = 30_000
_WIDE = 140.0
"""Of a chart on paper, mm."""
PERIOD_KINDS = {Span.MONTH: "月度", Span.QUARTER: "季度", Span.YEAR: "年度"}


def report_title(period: Period) -> str:
    """Return a title such as 2026年10月信访工作月度报告."""
    return f"{period.label}信访工作{PERIOD_KINDS[period.span]}报告"


def _text(value: FigureValue | None) -> str:
    return value.text if value else ""


def first_report_text(report: FigureReport) -> str:
    """Return a first text from the figures, in the four parts of 条例41.

    The person who writes the report completes it.
    """
    totals, handling, conclusions = report.table("1"), report.table("4"), report.table("5")
    contents = sorted(
        (r for r in report.table("3").rows if r.part_of and (v := r.figures[0]) and v.now.number and not v.now.veiled),
        key=lambda r: -(r.figures[0].now.number or 0) if r.figures[0] else 0,
    )
    fields = "、".join(f"{r.label}{_text(r.figures[0].now if r.figures[0] else None)}件" for r in contents[:5])

    def n(table: Counted, row: str) -> str:
        return table.figure(row).now.text

    all_of = totals.figure("ordinary")
    supervised, in_time, sent_back = (report.table("7").figure("all", column).now.text for column in SUPERVISED_COLUMNS)
    lines = [
        f"标题：{report_title(report.period)}",
        f"落款：{settings.DEPARTMENT}",
        "---",
        "# 信访事项数据统计、涉及领域和被反映较多的单位",
        f"{report.period.label}共收到信访事项{all_of.now.text}件（批）次，环比{all_of.change}，同比{all_of.yearly}；"
        f"年累计{_text(all_of.to_date)}件（批）次。其中来信{n(totals, 'letter')}件、"
        f"来访{n(totals, 'single')}批（个体）和{n(totals, 'group')}批（集体）、网络{n(totals, 'online')}件、"
        f"来电{n(totals, 'phone')}件、传真{n(totals, 'fax')}件。",
        f"涉及较多的领域：{fields or '无'}。",
        "# 转送、交办和督办情况",
        f"受理{n(handling, 'accept')}件，转送下级{n(handling, 'forward')}件，导入法定途径{n(handling, 'routed')}件，"
        f"不予受理{n(handling, 'declined')}件，存信{n(handling, 'filed')}件。"
        f"应书面告知{n(handling, 'notice-owed')}件，及时告知率{n(handling, 'notice-rate-due')}；"
        f"应办结{n(handling, 'handling-owed')}件，按期办结率{n(handling, 'handling-rate-due')}（均为到期口径）。"
        f"诉求结论{n(conclusions, 'all')}项，其中予以支持{n(conclusions, 'support')}项、"
        f"解释说明{n(conclusions, 'explain')}项、不予支持{n(conclusions, 'refuse')}项。"
        f"督办{supervised}次，按期反馈{in_time}次，承办单位退回{sent_back}次。",
        "# 改进工作、完善政策和追究责任的建议及采纳情况",
        "（请填写：提出了哪些建议，有关单位是否采纳。没有的写“本期无”。）",
        "# 其他需要报告的事项",
        "（请填写；没有的写“无”。）",
    ]
    return "\n".join(lines) + "\n"


def latest_report_text(period: Period) -> ReportText | None:
    """Return the last version of the text of a period, or None (1 query)."""
    return ReportText.objects.filter(period=period.code).select_related("by").order_by("-revision").first()


def save_report_text(period: Period, text: str, seen: int, by: Staff) -> ReportText:
    """Save a new version, which follows the one that the writer has seen (`seen` is its number).

    Raises:
        WordingSyntaxError: the text is too long, or a row of it is wrong; it says which.
        EditConflict: there is a newer version than `seen`.
    """
    if len(text) > MAX_REPORT_CHARACTERS:
        raise WordingSyntaxError(f"正文超过 {MAX_REPORT_CHARACTERS:,} 字，请精简后再保存。")
    parse_source(text)
    last = latest_report_text(period)
    if (last.revision if last else 0) != seen:
        raise EditConflict
    try:
        with transaction.atomic():
            return ReportText.objects.create(period=period.code, revision=seen + 1, text=text, by=by, at=timezone.now())
    except IntegrityError:
        raise EditConflict from None


def report_paper(report: FigureReport, text: str) -> PaperContent:
    """Return the report as a paper: the text, then the charts, then the nine tables.

    Raises:
        WordingSyntaxError: the text can't be read.
    """
    source = parse_source(text)
    blocks: list[Block] = list(source.blocks)
    drawn = charts(report)
    if drawn:
        blocks.append(Heading(1, "统计图"))
        for chart in drawn:
            drawing = chart.on_paper
            wide, high = drawing.size
            blocks.append(Picture(drawing, _WIDE, _WIDE * high / wide, chart.words))
    blocks += [PageBreak(), Heading(1, "统计表")]
    for table in report.tables:
        blocks += [Paragraph(table.title.replace("　", " "), indent=False), _paper_table(table)]
        blocks.append(Paragraph(f"口径：{'；'.join(table.bases)}。{''.join(table.notes)}", indent=False))
    counted = f"统计于{report.day.year}年{report.day.month}月{report.day.day}日"
    veil = "“*”表示为免指向个人而不列出的数"
    return PaperContent(
        kind=PaperKind.REPORT_PACKAGE,
        form=PaperForm.SHEET,
        title=source.one("标题"),
        blocks=tuple(blocks),
        signer=source.one("落款"),
        day=source.day or report.day,
        note=f"{counted}；{veil}；“—”表示没有可比或没有分母",
    )


def _paper_table(table: Counted) -> PaperTable:
    """Return a table for the paper: those of several columns show this period, those of one column the comparison."""
    wide = len(table.columns) > 1
    heads = ("项目", *table.columns) if wide else ("项目", "本期", "上期", "环比", "去年同期", "同比", "年累计")
    rows: list[tuple[TableCell, ...]] = [tuple(TableCell(h, label=True) for h in heads)]
    for row in table.rows:
        if row.heading:
            rows.append((TableCell(row.heading, span=len(heads), label=True),))
        f = row.figures[0]
        if wide:
            numbers = [_text(f.now) if f else "" for f in row.figures]
        elif f:
            numbers = [_text(f.now), _text(f.previous), f.change, _text(f.last_year), f.yearly, _text(f.to_date)]
        else:
            continue
        name = f"　{row.label}" if row.part_of else row.label
        rows.append((TableCell(name), *map(TableCell, numbers)))
    return PaperTable(len(heads), tuple(rows), head=1)
