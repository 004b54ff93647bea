"""What a paper says is in the PDF, all of it and nothing else, whatever signs it has and however long it is."""

import io
import re
import threading
from dataclasses import replace
from datetime import date
from multiprocessing import get_context

import pikepdf
import pytest

from tests.papers import papers
from tests.papers.geometry import BOTTOM, boxes, pages_of
from xinfang.papers.content import (
    Caption,
    Heading,
    PageBreak,
    PaperTable,
    Paragraph,
    SignatureLine,
    SignedHere,
    TableCell,
)
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf.template_data import chinese_number


def said(pdf: bytes) -> str:
    """The words of all pages without blanks."""
    return re.sub(r"\s", "", "".join(page.text for page in pages_of(pdf)))


@pytest.mark.parametrize(
    "text",
    [
        "#strong[x] #panic() *b* _i_ $a^2$ `c` @ref <label> // 注释 /* 注释 */ = 标题 - 项 + 项 / 项: \\n \\u{41}",
        "{{ case.name }} {% for x in y %} {# 注 #} ${x} %s %(name)s",
        "<b>z</b> <script>alert(1)</script> &amp; &#39; \"引\" '号' -- --- ... ~",
        'https://example.cn/#read("/etc/passwd") ]]> #[ )] }',
    ],
)
def test_signs_of_other_languages_print_as_they_are(text: str) -> None:
    everywhere = papers.letter(
        Paragraph(text),
        Heading(1, text),
        PaperTable(1, ((TableCell(text),), (TableCell(text, label=True),))),
        SignatureLine((text,)),
        title=text,
        addressee=text,
        attachments=(text, text),
        note=text,
        copies_to=(text,),
        signer=text[:20],
    )
    words = re.sub(r"\s", "", text)
    found = said(render_pdf(everywhere))
    assert found.count(words) == 11


def test_forty_pages_flow_in_order() -> None:
    sentences = [f"第{i}句查明的事实与证据相符，经办处室逐项核对了原始凭证。" * 3 for i in range(1, 421)]
    pages = pages_of(render_pdf(papers.letter(*[Paragraph(s) for s in sentences])))
    assert len(pages) >= 40
    whole = "".join(line.text for page in pages for line in page.lines if not line.text.startswith("—"))
    place = 0
    for sentence in sentences:
        place = whole.index(sentence, place) + len(sentence)
    assert all(len(page.body) == 22 for page in pages[1:-1])
    assert [page.lines[-1].text for page in pages[1:]] == [f"— {n} —" for n in range(2, len(pages) + 1)]


def test_what_is_not_given_leaves_nothing() -> None:
    bare = papers.letter(
        Paragraph("正文。"), department="", number="", addressee="", signer="", day=None, title="标题", sealed=False
    )
    assert [line.text for line in pages_of(render_pdf(bare))[0].lines] == ["标题", "正文。"]
    document = papers.document(
        Paragraph("正文。"), number="", addressee="", signer="", day=None, copies_to=(), printed_by="", title="标题"
    )
    (page,) = pages_of(render_pdf(document))
    assert [line.text for line in page.lines] == [papers.DEPARTMENT + "文件", "标题", "正文。", "— 1 —"]
    assert [r.red for r in page.rules] == [True]
    for nothing in (papers.sheet(title="标题"), papers.sheet(Paragraph(""), title="标题")):
        assert said(render_pdf(nothing)) == "标题"


def test_a_part_of_the_record_at_the_foot_stands_without_the_others() -> None:
    (copies,) = pages_of(render_pdf(papers.document(Paragraph("文"), printed_by="")))
    assert "印发" not in copies.text
    assert len([r for r in copies.rules if not r.red]) == 2
    (printed,) = pages_of(render_pdf(papers.document(Paragraph("文"), copies_to=())))
    assert "抄送" not in printed.text
    assert len([r for r in printed.rules if not r.red]) == 2


def test_marks_stand_on_every_page_and_only_if_there_are_any() -> None:
    pages = pages_of(render_pdf(papers.letter(marks=("草稿",))))
    assert len(pages) > 1
    assert all(page.text.count("草稿") == 1 and page.line("草稿").bottom < 25 for page in pages)
    assert "草稿" not in said(render_pdf(papers.letter()))


def test_a_table_repeats_its_head_and_loses_no_row() -> None:
    pages = pages_of(render_pdf(papers.sheet(papers.table(90))))
    assert len(pages) >= 3
    assert all(page.text.count("序号名称说明") == 1 for page in pages)
    whole = "".join(page.text for page in pages)
    assert all(f"材料{i}内容" in whole for i in range(1, 91))
    assert f"第 1 页　共 {len(pages)} 页" in pages[0].text


def test_a_long_cell_goes_on_over_pages() -> None:
    words = "".join(f"第{i}项诉求；" for i in range(1, 801))
    table = PaperTable(
        2,
        (
            (TableCell("诉求", label=True), TableCell(words)),
            (TableCell("意见", label=True), TableCell("同意", lines=5)),
        ),
    )
    pages = pages_of(render_pdf(papers.sheet(table)))
    assert len(pages) > 2
    # Right of the column of labels, in order.
    found = "".join(
        c.text
        for page in pages
        for line in page.lines
        for c in line.chars
        if c.left > 40 and c.size == pytest.approx(12)
    )
    assert words in found
    assert all(line.bottom < BOTTOM for page in pages for line in page.lines if "项诉求" in line.text)


def test_an_empty_cell_keeps_the_lines_that_it_was_given() -> None:
    def height(lines: int) -> float:
        rows = ((TableCell("上", label=True),), (TableCell("", lines=lines),), (TableCell("下", label=True),))
        (page,) = pages_of(render_pdf(papers.sheet(PaperTable(1, rows))))
        return page.line("下").top - page.line("上").top

    line = 12 * 1.5 * 25.4 / 72
    assert height(8) - height(3) == pytest.approx(5 * line, abs=0.5)


def test_spans_and_lines_within_a_cell() -> None:
    table = PaperTable(
        4,
        (
            (TableCell("甲", label=True), TableCell("乙"), TableCell("丙", label=True), TableCell("丁")),
            (TableCell("一\n二", span=4),),
        ),
    )
    (page,) = pages_of(render_pdf(papers.sheet(table)))
    assert [line.text for line in page.lines][1:] == ["甲乙丙丁", "一", "二"]


def test_a_record_is_signed_at_the_foot_of_every_page() -> None:
    talk = [Paragraph(f"问：第{i}个问题？" * 6) for i in range(60)]
    pages = pages_of(
        render_pdf(
            papers.record(
                SignatureLine(("主持人",)),
                *talk,
                SignatureLine(("被询问人（签名）", "日期")),
                SignatureLine(("记录人（签名）",)),
            )
        )
    )
    assert len(pages) > 2
    for page in pages:
        first, second = page.line("被询问人（签名）："), page.line("记录人（签名）：")
        assert first.text == "被询问人（签名）：日期："
        assert BOTTOM - 25 < first.top < second.top < BOTTOM + 7
        assert all(line.bottom < first.top for line in page.lines if "个问题" in line.text)
        assert len([r for r in page.rules if r.top > first.top]) == 3, "a blank to write on for each"
    assert "".join(page.text for page in pages).count("主持人：") == 1


@pytest.mark.parametrize("before", [10, 14, 18, 19, 20, 21, 22])
def test_signing_lines_keep_the_end_of_the_text_above_them(before: int) -> None:
    lines = [Paragraph("行")] * before
    content = papers.sheet(
        *lines,
        Paragraph("以上属实。"),
        SignatureLine(("签名",)),
        SignatureLine(("日期",)),
        Paragraph("又"),
        SignatureLine(("后签",)),
    )
    pages = pages_of(render_pdf(content))
    for words, sign in (("以上属实", "日期"), ("又", "后签")):
        assert [words in page.text for page in pages] == [sign in page.text for page in pages]
    assert [line.text for page in pages for line in page.lines if line.text.endswith("：")] == [
        "签名：",
        "日期：",
        "后签：",
    ]


def test_signature_after_a_table_or_a_signing_line() -> None:
    for end in (PaperTable(1, ((TableCell("格"),),)), SignatureLine(("签名",))):
        for blocks in ((end,), (Paragraph("文"), end)):
            content = papers.letter(*blocks, attachments=("甲",))
            assert said(render_pdf(content)).count("附件：甲" + papers.DEPARTMENT + "2026年11月2日") == 1


def test_a_new_page_begins_where_it_is_asked_for() -> None:
    first, second = pages_of(render_pdf(papers.sheet(Paragraph("前"), PageBreak(), Paragraph("后"))))
    assert "前" in first.text
    assert "后" in second.text


def test_long_addresses_stay_on_the_paper_and_can_be_read() -> None:
    address = "https://www.example.cn/" + "a1b2" * 60
    pdf = render_pdf(
        papers.letter(
            Paragraph(f"网址：{address}"), PaperTable(2, ((TableCell("网址", label=True), TableCell(address)),))
        )
    )
    assert address in said(pdf)
    cell = "".join(c.text for p in pages_of(pdf) for line in p.lines for c in line.chars if c.left > 40 and c.size < 13)
    assert address in cell
    assert boxes(pdf) == 0
    for page in pages_of(pdf):
        assert all(line.right < 184.5 for line in page.lines)


def test_a_long_name_of_a_house_fits_between_the_margins() -> None:
    for paper in (papers.letter, papers.document):
        line = pages_of(render_pdf(paper(department="某某自治区" * 5 + "厅")))[0].lines[0]
        assert line.left > 28 + 5
        assert line.right < 184 - 5


def test_the_lines_of_a_long_title_are_about_equally_long() -> None:
    lines = pages_of(render_pdf(papers.letter(title="关于" + "某" * 24 + "的意见书")))[0].lines
    first, second = (line for line in lines if line.chars[0].size == pytest.approx(22))
    assert abs(len(first.chars) - len(second.chars)) <= 3


def test_the_file_says_that_it_is_pdf_a_and_is_the_same_each_time() -> None:
    content = papers.letter()
    pdf = render_pdf(content)
    assert render_pdf(content) == pdf
    assert render_pdf(replace(content, title="另一件")) != pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
            assert metadata["dc:title"] == content.title
        assert "/OutputIntents" in document.Root
        for page in document.pages:
            for font in page.Resources.get("/Font", {}).values():
                (of,) = font.DescendantFonts
                assert any(name in of.FontDescriptor for name in ("/FontFile2", "/FontFile3")), "every font is inside"


def test_a_paper_without_a_day_is_made_too() -> None:
    assert said(render_pdf(papers.sheet(Paragraph("正文"), title="标题"))) == "标题正文"


def test_several_threads_make_papers_at_once() -> None:
    contents = [papers.letter(Paragraph(f"第{i}件的正文。" * 40), number=f"某科信答〔2026〕{i}号") for i in range(12)]
    alone = [render_pdf(content) for content in contents]
    together: dict[int, bytes] = {}

    def make(place: int) -> None:
        together[place] = render_pdf(contents[place])

    threads = [threading.Thread(target=make, args=(place,)) for place in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[place] for place in range(12)] == alone


def test_a_copy_of_a_process_that_made_papers_fails_and_does_not_hang() -> None:
    render_pdf(papers.letter())
    copy = get_context("fork").Process(target=render_pdf, args=(papers.letter(),))
    copy.start()
    copy.join(30)
    assert copy.exitcode == 1
    fresh = get_context("spawn").Process(target=render_pdf, args=(papers.letter(),))
    fresh.start()
    fresh.join(30)
    assert fresh.exitcode == 0


def test_numbers_of_headings() -> None:
    assert [chinese_number(n) for n in (1, 9, 10, 11, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_no_row_of_a_form_is_broken_over_pages_and_its_blanks_give_way_first() -> None:
    """The last row of 结案审批单 was torn in two, half of it alone on a page."""
    note = PaperTable(2, ((TableCell("备注", label=True), TableCell("结案以意见书已送达为准。" * 12)),))
    for rows in range(10, 30):
        blank = PaperTable(2, ((TableCell("意见", label=True), TableCell("", lines=6)),))
        lines = PaperTable(2, ((TableCell("栏目", label=True), TableCell("内容")),) * rows)
        pages = pages_of(render_pdf(papers.sheet(lines, blank, note)))
        assert sum("结案以意见书" in page.text for page in pages) == 1, rows
    tall = papers.sheet(PaperTable(2, ((TableCell("意见", label=True), TableCell("", lines=34)),)))
    assert len(pages_of(render_pdf(tall))) == 1


def test_a_short_table_stands_on_one_page_with_its_name() -> None:
    for lines in range(10, 30):
        pages = pages_of(render_pdf(papers.sheet(*[Paragraph("行")] * lines, Caption("表1　名称"), papers.table(6))))
        (page,) = (page for page in pages if "材料" in page.text)
        assert "表1" in page.text, lines


def test_annexes_follow_what_is_signed() -> None:
    content = papers.sheet(
        Paragraph("正文。"),
        SignedHere(),
        PageBreak(),
        Paragraph("附表。"),
        signer="某厅",
        day=date(2026, 11, 2),
        note="内部",
        attachments=("附表",),
    )
    first, second = pages_of(render_pdf(content))
    assert [line.text for line in first.lines if line.text][1:5] == ["正文。", "附件：附表", "某厅", "2026年11月2日"]
    assert "（内部）" in first.text and "某厅" not in second.text and "附表。" in second.text
