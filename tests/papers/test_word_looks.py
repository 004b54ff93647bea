"""The Word file by the numbers of GB/T 9704-2012, and in the order that Word's schema asks for."""

import io
import itertools
import re
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.papers import papers
from tests.papers.test_word_reading import FORMS
from tests.papers.word import part
from xinfang.papers.content import Caption, PaperContent, PaperTable, Paragraph, SignatureLine, TableCell
from xinfang.papers.pdf import pdf_and_lines, render_pdf
from xinfang.papers.shared_layout import signature_offset, title_lines, width_in_chars
from xinfang.papers.source import parse_source
from xinfang.papers.word import read_docx, render_docx

_PARTS = (
    "word/document.xml",
    "word/styles.xml",
    *(f"word/{kind}{n}.xml" for kind in ("header", "footer") for n in (1, 2, 3)),
)
# The order of the schema (ECMA-376, part 1, annex A), as far as we use it.
_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs overflowPunct "
    "autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b i strike vanish color spacing sz szCs vertAlign lang",
    "tcPr": "tcW gridSpan vMerge tcBorders shd tcMar vAlign",
    "trPr": "cantSplit trHeight tblHeader",
    "tblPr": "tblStyle tblpPr tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tblCellMar": "top left bottom right",
    "tblBorders": "top left bottom right insideH insideV",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg docGrid",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr",
    "tbl": "tblPr tblGrid tr",
    "tc": "tcPr p",
}


def local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def opened(content: PaperContent) -> Any:
    return Document(io.BytesIO(render_docx(content)))


@pytest.mark.parametrize("form", FORMS)
def test_properties_stand_in_the_order_of_the_schema(form: str) -> None:
    """Word refuses a file whose properties are in another order, or have one twice."""
    data = render_docx(FORMS[form])
    seen = set()
    for name in _PARTS:
        for element in parse_xml(part(data, name).encode()).iter():
            order = _ORDER.get(local(element), "").split()
            if not order:
                continue
            seen.add(local(element))
            names = [local(child) for child in element]
            if local(element) in ("sectPr", "tbl", "tc"):
                names = [key for key, _ in itertools.groupby(names)]
                names = list(dict.fromkeys(names)) if local(element) == "sectPr" else names
            places = [order.index(name) for name in names]
            assert places == sorted(set(places)), (local(element), names)
    assert {"pPr", "rPr", "style", "sectPr", "tblPr"} <= seen


@pytest.mark.parametrize("form", FORMS)
def test_the_parts_name_each_other(form: str) -> None:
    """Every relation leads to a part, every style, list and head that is used exists.

    A second library opens the file.
    """
    content = FORMS[form]
    data = render_docx(content)
    document = opened(content)
    ids = {style.style_id for style in document.styles}
    for name in _PARTS:
        text = part(data, name)
        assert set(re.findall(r'<w:(?:p|r)Style w:val="(\w+)"', text)) <= ids
    assert len(document.sections) == 1
    assert document.settings.odd_and_even_pages_header_footer
    table_cells = [cell for table in document.tables for row in table._tbl.tr_lst for cell in row.tc_lst]
    assert all(local(cell[-1]) == "p" for cell in table_cells), "Word asks for a paragraph at the end of a cell"
    after_tables = [local(table._tbl.getnext()) for table in document.tables]
    assert after_tables == ["p"] * len(document.tables), "two tables would become one"


def test_the_page_has_22_lines_of_28_characters() -> None:
    section = opened(FORMS["document"]).sections[0]
    near = pytest.approx
    assert section.page_width.mm == near(210, abs=0.1) and section.page_height.mm == near(297, abs=0.1)
    assert section.top_margin.mm == near(37, abs=0.1) and section.left_margin.mm == near(28, abs=0.1)
    assert section.right_margin.mm == near(26, abs=0.25) and section.bottom_margin.mm == near(35, abs=0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch")))
    high = (section.page_height - section.top_margin - section.bottom_margin) / 635
    assert high // pitch == 22 and high / 22 - pitch < 1
    body = opened(FORMS["document"]).styles["文书正文"]
    assert body.paragraph_format.line_spacing.pt * 20 == pitch
    spread = int(body.element.find(f"{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val")))
    wide = (section.page_width - section.left_margin - section.right_margin) / 12700
    char = body.font.size.pt + spread / 20
    assert wide // char == 28
    assert wide / 28 - char < 0.05


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("文书标题", "方正小标宋简体", 22),
        ("文书正文", "仿宋_GB2312", 16),
        ("heading 1", "黑体", 16),
        ("heading 2", "楷体_GB2312", 16),
        ("heading 3", "仿宋_GB2312", 16),
        ("文书抄送", "仿宋_GB2312", 14),
        ("文书页眉页脚", "宋体", 14),
    ],
)
def test_faces_and_sizes(style: str, font: str, size: int) -> None:
    found = next(s for s in opened(FORMS["document"]).styles if s.element.find(qn("w:name")).get(qn("w:val")) == style)
    fonts = found.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi")} == {font}
    assert found.font.size == Pt(size)


def test_a_letter_has_its_red_head_on_the_first_page_and_no_number_there() -> None:
    section = opened(FORMS["letter"]).sections[0]
    assert section.different_first_page_header_footer
    assert section.header_distance.mm == pytest.approx(30, abs=0.5)
    assert [p.text for p in section.first_page_header.paragraphs if p.text] == ["草稿", papers.DEPARTMENT]
    assert "PAGE" not in section.first_page_footer._element.xml
    line = section.first_page_header.paragraphs[-1]._p.pPr
    border = line.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert (border.get(qn("w:val")), border.get(qn("w:color"))) == ("thickThinSmallGap", "E60012")
    indent = line.find(qn("w:ind"))
    wide = section.page_width - section.left_margin - section.right_margin
    assert wide / 36000 - sum(int(indent.get(qn(f"w:{s}"))) for s in ("left", "right")) / 56.6929 == pytest.approx(
        170, abs=0.2
    )


def test_page_numbers_are_outside() -> None:
    section = opened(FORMS["document"]).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd.text == even.text == "— 1 —"
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)


def test_the_foot_of_a_document_stands_at_the_bottom_of_the_last_page() -> None:
    document = opened(FORMS["document"])
    foot = [p for p in document.paragraphs if p._p.pPr.find(qn("w:framePr")) is not None]
    assert [p.text for p in foot if p.text] == [
        "抄送：某某自治区人民政府办公厅，某单位。",
        "某某自治区科学技术厅办公室\t2026年11月2日印发",
    ]
    assert [p.paragraph_format.line_spacing for p in foot if not p.text] == [Pt(1), Pt(0.7), Pt(1)]
    assert {p._p.pPr.find(qn("w:framePr")).get(qn("w:yAlign")) for p in foot} == {"bottom"}
    letter = opened(FORMS["letter"])
    assert not any("印发" in p.text for p in letter.paragraphs), "a letter names no printer"


def test_a_document_is_called_one_and_names_who_approved_it() -> None:
    texts = [p.text for p in opened(FORMS["document"]).paragraphs]
    assert texts[:3] == ["加急", f"{papers.DEPARTMENT}文件", "　某科信〔2026〕3号\t签发人：王某"]


@pytest.mark.parametrize(
    ("signer", "day", "sealed", "places"),
    [
        ("某某自治区科学技术厅", "2026年11月2日", True, (225, 400)),
        ("某某自治区科学技术厅", "2026年11月2日", False, (200, 350)),
        ("某厅", "2026年11月2日", False, (850, 200)),
        ("", "2026年11月2日", True, (725, 400)),
    ],
)
def test_where_signer_and_date_stand(signer: str, day: str, sealed: bool, places: tuple[int, int]) -> None:
    """In hundredths of a character from the right: 7.3.5.1 with a seal, 7.3.5.2 without."""
    assert signature_offset(signer, day, sealed) == places


def test_a_very_long_signer_stays_on_the_paper() -> None:
    signer_right, day_right = signature_offset("某" * 20, "2026年11月2日", True)
    assert (signer_right, day_right) == (0, 675)


@pytest.mark.parametrize("length", [1, 19, 20, 28, 45, 80])
def test_long_titles_are_set_in_lines_of_nearly_one_length(length: int) -> None:
    lines = title_lines("测" * length)
    assert "".join(lines) == "测" * length
    assert all(width_in_chars(line) <= 20 for line in lines)
    assert max(map(len, lines[:-1]), default=0) - min(map(len, lines[:-1]), default=0) <= 1


def test_a_title_is_not_broken_where_it_mustn_t_be() -> None:
    lines = title_lines("关于某某自治区重点研发计划（2026年度）项目评审问题的信访事项处理意见书")
    assert len(lines) == 2
    assert not lines[1].startswith(("）", "年", "026"))
    assert not lines[0].endswith("（")


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于转送银柳晶测传感器有限公司信访事项的函", ["关于转送银柳晶测传感器有限公司", "信访事项的函"]),
        ("关于银柳晶测传感器推广中心信访事项办理情况的报告", ["关于银柳晶测传感器推广中心", "信访事项办理情况的报告"]),
        (
            "关于康立群、萨仁高娃、俞启航等9人信访事项的处理意见书",
            ["关于康立群、萨仁高娃、俞启航", "等9人信访事项的处理意见书"],
        ),
        ("关于张三信访事项的函", ["关于张三信访事项的函"]),
        ("", [""]),
    ],
)
def test_a_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_a_title_without_end_or_break_is_set_all_the_same() -> None:
    for title in ("测" * 5000, "X" * 90, "的" * 60):
        assert "".join(title_lines(title)) == title
        assert render_pdf(papers.letter(title=title)) and render_docx(papers.letter(title=title))


def test_tables_keep_spans_heights_and_head_rows() -> None:
    table = papers.table(40)
    wide = PaperTable(3, ((TableCell("意见", label=True), TableCell("", 2, 6)),))
    document = opened(papers.sheet(table, wide))
    first, second = (t._tbl for t in document.tables)
    assert [row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None for row in first.tr_lst] == [True] + [
        False
    ] * 40
    cell = second.tr_lst[0].tc_lst[1]
    assert cell.grid_span == 2
    assert second.tr_lst[0].trHeight_val.pt == pytest.approx(6 * 18 + 5.5)
    grids = [sum(int(col.get(qn("w:w"))) for col in t.tblGrid) for t in (first, second)]
    assert all(abs(total - 8857) < 10 for total in grids)


def test_a_record_is_signed_on_every_page() -> None:
    content = papers.record(Paragraph("问：请说。"), SignatureLine(("被谈人（签名）", "日期")))
    section = opened(content).sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "被谈人（签名）：\t　日期：\t"
    assert not any("签名" in p.text for p in opened(content).paragraphs)


def test_the_same_paper_is_the_same_file() -> None:
    assert render_docx(FORMS["letter"]) == render_docx(FORMS["letter"])


def test_who_drafted_it_is_not_in_the_file() -> None:
    properties = opened(FORMS["letter"]).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")


def test_a_picture_is_in_a_line_as_high_as_itself_and_stays_with_its_name() -> None:
    document = opened(papers.sheet(Caption("图1　按信访形式"), papers.picture(), Paragraph("正文")))
    name = next(p for p in document.paragraphs if p.text == "图1　按信访形式")
    assert name.style.paragraph_format.keep_with_next
    (holder,) = (p for p in document.paragraphs if p._p.findall(f".//{qn('w:drawing')}"))
    spacing = holder.style.element.pPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:lineRule")) == "auto"
    assert holder._p.pPr.find(qn("w:spacing")) is None


@pytest.mark.parametrize(("before", "loose"), [(14, False), (19, True), (24, False)])
def test_a_line_before_a_number_that_does_not_fit_is_not_torn_apart(before: int, loose: bool) -> None:
    """It ends early, so it isn't filled up (doNotExpandShiftReturn); read back, nothing is left of that."""
    content = papers.letter(Paragraph("字" * before + "（编号：WX2026000017）。经审查，" + "字" * 40))
    text = next(p for p in opened(content).paragraphs if "WX2026000017" in p.text).text
    assert ("\nWX2026000017" in text) is loose and text.count("\n") == loose
    assert parse_source(read_docx(render_docx(content))).blocks == content.blocks


def test_lines_to_sign_the_signature_and_a_note_stay_with_the_text() -> None:
    content = papers.sheet(
        Paragraph("特此报告。"), SignatureLine(("承办人（签名）",)), signer="某处", day=date(2026, 11, 2), note="内部"
    )
    kept = {p.text.strip("\t_：（）"): _kept(p) for p in opened(content).paragraphs if p.text}
    assert kept["特此报告。"] and kept["承办人（签名"] and kept["2026年11月2日"] and not kept["内部"]


def _kept(paragraph: Any) -> bool:
    return bool(paragraph.paragraph_format.keep_with_next or paragraph.style.paragraph_format.keep_with_next)


def test_rows_and_short_tables_stay_on_a_page() -> None:
    short, long = papers.table(5), papers.table(40, "字" * 900)
    document = opened(papers.sheet(short, long))
    first, second = document.tables
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in first.rows)
    assert [_kept(row.cells[0].paragraphs[0]) for row in first.rows] == [True] * 5 + [False]
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in second.rows] == [True] + [False] * 40
    assert not _kept(second.rows[1].cells[0].paragraphs[0])


def test_what_the_pdf_closes_up_is_closed_up_in_word() -> None:
    content = papers.letter(*[Paragraph("行")] * 12)
    assert pdf_and_lines(content)[1] in (23, 24) and pdf_and_lines(papers.letter(Paragraph("行")))[1] == 22
    styles = {lines: part(render_docx(content, lines=lines), "word/styles.xml") for lines in (22, 24)}
    assert 'w:line="579"' in styles[22] and 'w:line="530"' not in styles[22]
    assert 'w:line="579"' not in styles[24].split('w:styleId="Body"')[1].split("</w:style>")[0]
    assert 'w:line="530"' in styles[24]
