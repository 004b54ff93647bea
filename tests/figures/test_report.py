"""The periodic report: a draft until all is written, one version for the department and one for everybody."""

import io
import re
from datetime import date

import pypdfium2
import pytest
from django.test import Client
from docx import Document
from PIL import Image, ImageColor

from tests.casework.test_looking import away_for_ten_minutes
from tests.figures.ways import SHAPES, WAYS, go
from tests.urls import url
from tests.world import as_, make_department
from xinfang.accounts.models import Staff
from xinfang.figures.actions import first_report_text, report_of
from xinfang.figures.charts import NOW
from xinfang.figures.models import ReportText
from xinfang.figures.periods import parse_period
from xinfang.figures.sentences import comparison
from xinfang.figures.stored_report import from_json, to_json
from xinfang.figures.suppression import published_report
from xinfang.figures.tables import FigureValue, figure_report
from xinfang.figures.versions import ReportVersion
from xinfang.papers.content import Caption, Heading, PaperTable, Paragraph, SignedHere

PERIOD, TODAY = "2026-q3", date(2026, 11, 20)
INTERNAL, PUBLISHED = ReportVersion.INTERNAL, ReportVersion.PUBLISHED


@pytest.fixture
def year(db) -> None:
    make_department()
    for n, way in enumerate(WAYS):
        go(way, sorted(SHAPES)[n % 5], date(2026, 8, 3), 2, TODAY)


@pytest.fixture
def few(db) -> None:
    """Enough to print, for what doesn't depend on the numbers."""
    make_department()
    for way in ("registered", "accepted", "withdrawn"):
        go(way, "letter", date(2026, 8, 3), 2, TODAY)


def page(version: ReportVersion) -> str:
    return url("figures-report", PERIOD, version.value)


def file(version: ReportVersion, form: str) -> str:
    return url("figures-report-file", PERIOD, version.value, form)


def whole_text() -> str:
    """The first text with everything that people must write."""
    lines = first_report_text(parse_period(PERIOD)).split("\n")
    return "\n".join("没有。" if line.startswith("【待填") else line for line in lines)


def save(client: Client, version: ReportVersion, text: str, seen: int, do: str = "save"):
    return client.post(page(version), {"text": text, "revision": str(seen), "do": do})


def pages(client: Client, version: ReportVersion) -> list[str]:
    data = client.get(file(version, "pdf")).content
    return [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(data)]


# --- a draft and a finished report -------------------------------------------------------------------------------
def test_it_is_written_in_revisions_by_the_office(few) -> None:
    clerk = as_("clerk")
    text = clerk.get(page(INTERNAL)).context["text"]
    assert text.startswith("标题：2026年第三季度信访工作季度报告")
    assert save(clerk, INTERNAL, text, 0).status_code == 302
    late = save(as_("clerk2"), INTERNAL, text, 0)
    assert late.status_code == 422 and "另有人保存过" in late.content.decode()
    assert save(clerk, INTERNAL, "没有抬头", 1).status_code == 422
    assert save(as_("leader"), INTERNAL, text, 1).status_code == 422
    assert [(t.version, t.revision) for t in ReportText.objects.all()] == [("internal", 1)]
    away_for_ten_minutes(clerk)
    assert clerk.get(file(INTERNAL, "pdf"))["Location"].startswith(url("confirm"))
    assert clerk.get(f"{page(INTERNAL)}odt/").status_code == 404
    assert clerk.get(url("figures-report", PERIOD, "everybody")).status_code == 404


@pytest.mark.parametrize("saved", [False, True])
def test_a_draft_says_so_on_every_page_and_is_neither_signed_nor_dated(few, saved: bool) -> None:
    clerk = as_("clerk")
    if saved:
        save(clerk, INTERNAL, whole_text(), 0)
    found = pages(clerk, INTERNAL)
    assert len(found) > 4 and all("内部使用　草稿" in text for text in found)
    paper = report_of(parse_period(PERIOD), INTERNAL, TODAY)
    assert (paper.signer, paper.day) == ("", None)
    answer = clerk.get(file(INTERNAL, "docx"))
    assert "%E8%8D%89%E7%A8%BF" in answer["Content-Disposition"]
    word = Document(io.BytesIO(answer.content))
    headers = [word.sections[0].header, word.sections[0].even_page_header]
    assert all("草稿" in "".join(p.text for p in header.paragraphs) for header in headers)
    assert not any(p.text == "某自治区科学技术厅" for p in word.paragraphs)


@pytest.mark.parametrize("blank", ["【待填：采纳情况】", "（请填写；没有的写“无”。）", "【待填】"])
def test_unwritten_text_cannot_be_finished_and_nothing_is_lost(few, blank: str) -> None:
    typed = whole_text() + blank + "\n"
    answer = save(as_("clerk"), INTERNAL, typed, 0, "finish")
    assert answer.status_code == 422 and answer.context["text"] == typed
    said = answer.context["errors"][0]
    assert "还有 1 处没有填写，不能定稿" in said["reason"] and blank in said["reason"] and "没有丢失" in said["todo"]
    assert not ReportText.objects.exists()


def test_a_finished_report_is_signed_and_its_numbers_stay(few) -> None:
    clerk = as_("clerk")
    assert save(clerk, INTERNAL, whole_text(), 0, "finish").status_code == 302
    first = report_of(parse_period(PERIOD), INTERNAL, date(2026, 11, 20))
    assert first.signer == "某自治区科学技术厅" and first.day is not None and first.marks == ("内部使用",)
    assert all("草稿" not in text for text in pages(clerk, INTERNAL))
    go("registered", "letter", date(2026, 9, 3), 0, TODAY)
    assert report_of(parse_period(PERIOD), INTERNAL, date(2026, 12, 1)) == first
    save(clerk, INTERNAL, whole_text(), 1)
    assert report_of(parse_period(PERIOD), INTERNAL, date(2026, 12, 1)).marks == ("内部使用", "草稿")


def test_it_is_signed_where_its_text_ends_and_charts_and_tables_are_annexed(few) -> None:
    clerk = as_("clerk")
    save(clerk, INTERNAL, whole_text(), 0, "finish")
    found = pages(clerk, INTERNAL)
    (signed,) = (n for n, text in enumerate(found) if "某自治区科学技术厅\n" in text.replace("\r", ""))
    assert "附件：1. 统计图" in found[signed] and "请勿外传" in found[signed]
    assert all("表1" not in text for text in found[: signed + 1])
    assert any("附件2　统计表" in text for text in found[signed + 1 :])
    assert any(all(f"图{n}" in text for n in (1, 2, 3)) for text in found), "the charts of a small department"


def test_figures_are_stored_as_they_are_printed_and_covered_ones_not_at_all(year) -> None:
    for counted in (figure_report(parse_period(PERIOD), TODAY), published_report(parse_period(PERIOD), TODAY)):
        kept = from_json(to_json(counted))
        assert to_json(kept) == to_json(counted)
        for table, again in zip(counted.tables, kept.tables, strict=True):
            for row, same in zip(table.rows, again.rows, strict=True):
                for figure, stored in zip(row.figures, same.figures, strict=True):
                    assert (figure is None) == (stored is None)
                    if figure and stored:
                        shown = [v and (v.text, v.of) for v in figure.values()]
                        assert shown == [v and (v.text, v.of) for v in stored.values()]
                        assert all(v is None or not v.veiled or v.number is None for v in stored.values())


# --- two versions ------------------------------------------------------------------------------------------------
def test_leaders_read_real_numbers_and_everybody_covered_ones(year) -> None:
    inside, outside = (report_of(parse_period(PERIOD), version, TODAY) for version in ReportVersion)
    assert inside.urgency == "内部使用" and outside.urgency == "公开发布"
    assert "检举控告2件" in inside.text() and f"共收到信访事项{len(WAYS)}件" in inside.text()
    assert "*" not in inside.text() and "请勿外传" in inside.text()
    assert "检举控告2件" not in outside.text() and "检举控告（只计总数）" not in outside.text()
    assert f"共收到信访事项{len(WAYS) - 2}件" in outside.text() and "*" in outside.text()
    assert "其木格" not in inside.text() + outside.text()
    # Leaders are named in the report that is for them.
    names = list(Staff.objects.filter(duties__role__in=("leader", "principal_leader")).values_list("name", flat=True))
    assert names and not any(name in outside.text() for name in names)
    assert "包案合计" in inside.text() and "包案合计" in outside.text()
    shown = as_("leader").get(page(PUBLISHED))
    assert "公开发布" in shown.content.decode() and "内部使用" in shown.content.decode()
    # Who only reads finds the sentences in their places.
    assert f"共收到信访事项{len(WAYS) - 2}件" in shown.context["text"] and "【数据" not in shown.content.decode()


def test_published_sentences_tell_only_what_the_tables_print(year) -> None:
    for code in (PERIOD, "2026-08", "2026"):
        paper = report_of(parse_period(code), PUBLISHED, TODAY)
        at = next(n for n, b in enumerate(paper.blocks) if isinstance(b, SignedHere))
        said = [b.text for b in paper.blocks[:at] if isinstance(b, Paragraph)]
        told = {int(n) for text in said for n in re.findall(r"(\d+)(?:件|批|人次|项|次)", text)}
        cells = [c.text for b in paper.blocks if isinstance(b, PaperTable) for row in b.rows for c in row]
        printed = {int(n) for text in cells for n in re.findall(r"\d+", text)}
        assert told <= printed | {0}, (code, told - printed)
        assert not any(head in cells for head in ("上期", "上年", "去年同期", "年累计"))


def test_nobody_else_gets_either(few) -> None:
    for username in ("handler", "head", "adviser", "archivist", "sealed", "guard", "auditor"):
        for version in ReportVersion:
            assert as_(username).get(page(version)).status_code == 404
            assert as_(username).get(file(version, "pdf")).status_code == 404


def test_the_published_text_goes_on_from_the_internal_one(few) -> None:
    clerk = as_("clerk")
    save(clerk, INTERNAL, whole_text() + "补充的话。\n", 0)
    assert "补充的话。" in clerk.get(page(PUBLISHED)).context["text"]
    assert save(clerk, PUBLISHED, whole_text(), 0, "finish").status_code == 302
    assert report_of(parse_period(PERIOD), PUBLISHED, TODAY).signer


def test_what_is_covered_in_a_table_is_not_typed_into_the_published_text(year) -> None:
    clerk = as_("clerk")
    answer = save(clerk, PUBLISHED, whole_text() + "其中传真 3 件。\n", 0, "finish")
    assert answer.status_code == 422 and "“3 件”" in answer.context["errors"][0]["reason"]
    allowed = f"共{len(WAYS) - 2}件，提出建议3项。\n"
    assert save(clerk, PUBLISHED, whole_text() + allowed, 0, "finish").status_code == 302


def test_a_name_of_figures_that_there_are_not_is_refused(few) -> None:
    answer = save(as_("clerk"), INTERNAL, whole_text() + "【数据：排名】\n", 0)
    assert answer.status_code == 422 and "可以用的有：收到情况" in answer.context["errors"][0]["reason"]


# --- how it reads and looks --------------------------------------------------------------------------------------
def test_no_machine_made_joins(year) -> None:
    for version in ReportVersion:
        paper = report_of(parse_period(PERIOD), version, TODAY)
        said = "\n".join(b.text for b in paper.blocks if isinstance(b, Paragraph))
        assert (
            "环比" not in said
            and "同比" not in said
            and "：。" not in said
            and "，，" not in said
            and "。。" not in said
        )
        assert "上季度和上年同期无数据，不作比较。" in said
        assert "交办承办单位" in said or version is PUBLISHED
        for place, block in enumerate(paper.blocks):
            if isinstance(block, Heading | Caption):
                assert not isinstance(paper.blocks[place + 1], Heading), block


def test_rates_have_their_numerator_and_denominator(year) -> None:
    said = report_of(parse_period(PERIOD), INTERNAL, TODAY).text()
    assert re.search(r"及时告知率为\d+\.\d%（\d+/\d+）", said)
    # In the tables too, where they aren't made of the columns beside them.
    assert re.search(r"及时告知率\t\d+\.\d%\n\(\d+/\d+\)", said)


def test_a_heading_with_nothing_under_it_is_not_printed(few) -> None:
    clerk = as_("clerk")
    text = whole_text().replace("# 其他需要报告的事项\n没有。\n", "# 其他需要报告的事项\n")
    save(clerk, INTERNAL, text, 0)
    headings = [b.text for b in report_of(parse_period(PERIOD), INTERNAL, TODAY).blocks if isinstance(b, Heading)]
    assert "其他需要报告的事项" not in headings and "办理情况" in headings


def test_a_period_that_goes_on_says_so_on_the_report(year) -> None:
    for version in ReportVersion:
        going_on = report_of(parse_period("2026-11"), version, TODAY).text()
        assert going_on.count("本期尚未结束") == 2 and "截至11月20日" in going_on
        assert "本期尚未结束" not in report_of(parse_period(PERIOD), version, TODAY).text()


def test_each_table_has_its_name_above_and_what_it_counts_below(year) -> None:
    paper = report_of(parse_period(PERIOD), INTERNAL, TODAY)
    tables = [place for place, block in enumerate(paper.blocks) if isinstance(block, PaperTable)]
    names = [block.text for place in tables if isinstance(block := paper.blocks[place - 1], Caption)]
    assert len(names) == len(tables) and {name[:2] for name in names} == {f"表{n}" for n in range(1, 10)}
    assert "表4　办理情况：十五日书面告知（条例23）" in names
    assert "注：按书面告知期限届满日统计。" in paper.text()
    assert "“本期收到”按收到日期统计；" in paper.text()


def test_charts_are_lines_in_the_pdf_and_whole_pictures_in_word(year) -> None:
    clerk = as_("clerk")
    word = Document(io.BytesIO(clerk.get(file(INTERNAL, "docx")).content))
    assert len(word.inline_shapes) >= 3
    found = list(pypdfium2.PdfDocument(clerk.get(file(INTERNAL, "pdf")).content))
    assert not any(o.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for p in found for o in p.get_objects())
    assert any(_blue_bars(p.render(scale=1).to_pil()) for p in found)
    dots = [part.blob for part in word.part.package.iter_parts() if str(part.partname).endswith(".png")]
    assert len(dots) == len(word.inline_shapes) and all(_blue_bars(Image.open(io.BytesIO(d))) for d in dots)
    # Without last quarter and last year there are no bars of them, and nothing explains their colours.
    spec = report_of(parse_period(PERIOD), INTERNAL, TODAY)
    drawings = [b.drawing.svg for b in spec.blocks if hasattr(b, "drawing")]
    assert drawings and all("本期" in svg and "上期" not in svg and "去年同期" not in svg for svg in drawings)


def _blue_bars(picture: Image.Image) -> bool:
    """Whether a picture has what is drawn in the colour of this period."""
    bar = ImageColor.getrgb(NOW)
    return sum(1 for dot in picture.convert("RGB").get_flattened_data() if dot == bar) > 200


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (FigureValue(35), FigureValue(11), "比上月增加24件，增长218.2%"),
        (FigureValue(9), FigureValue(12), "比上月减少3件，下降25.0%"),
        (FigureValue(35), FigureValue(3), "比上月增加32件（上月3件，基数过小，不计算增减幅度）"),
        (FigureValue(7), FigureValue(7), "与上月持平"),
        (FigureValue(7), FigureValue(0), ""),
        (FigureValue(7), FigureValue(6, veiled="*"), ""),
    ],
)
def test_a_comparison_is_in_words(now: FigureValue, before: FigureValue, said: str) -> None:
    assert comparison(now, before, "上月", "件") == said
