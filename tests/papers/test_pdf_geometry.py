"""GB/T 9704-2012 measured from the PDF: nothing is further from its place than half a millimetre."""

import io
from collections.abc import Callable
from dataclasses import replace

import pdfplumber
import pytest

from tests.papers import papers
from tests.papers.geometry import BOTTOM, CHAR, LEFT, PITCH, RIGHT, TOP, Page, ink, pages_of
from xinfang.papers.actions.paper_texts import DRAFT_MARK
from xinfang.papers.content import Heading, PaperContent, PaperForm, Paragraph, SignatureLine
from xinfang.papers.pdf.fonts import FontSet, find_fonts, font_set
from xinfang.papers.pdf.rendering import render_pdf

MM = 25.4 / 72
NEAR = pytest.approx
HALF = 0.5


@pytest.fixture(params=["machine", "program"])
def fonts(request: pytest.FixtureRequest) -> FontSet:
    """The places are the same with the fonts of this machine and with the one that comes with the program."""
    return font_set() if request.param == "machine" else find_fonts("", ())


@pytest.fixture
def made(fonts: FontSet) -> Callable[[PaperContent], tuple[bytes, list[Page]]]:
    def make(content: PaperContent) -> tuple[bytes, list[Page]]:
        pdf = render_pdf(content, fonts)
        return pdf, pages_of(pdf)

    return make


Made = Callable[[PaperContent], tuple[bytes, list[Page]]]


@pytest.mark.parametrize("paper", [papers.letter, papers.document])
def test_a_full_page_has_22_lines_of_28_characters_within_the_margins(
    made: Made, paper: Callable[..., PaperContent]
) -> None:
    _, pages = made(paper(Paragraph(papers.HAN * 2000)))
    lines = pages[1].body
    assert [len(line.chars) for line in lines] == [28] * 22
    for place, line in enumerate(lines):
        assert line.left == NEAR(LEFT, abs=HALF)
        assert line.right == NEAR(RIGHT, abs=HALF)
        assert line.top == NEAR(TOP + place * PITCH, abs=HALF)
        assert line.chars[0].size == NEAR(16)
        for char, after in zip(line.chars, line.chars[1:], strict=False):
            assert after.left - char.left == NEAR(CHAR, abs=0.02)


def test_the_first_line_of_a_paragraph_is_two_characters_in(made: Made) -> None:
    _, pages = made(papers.letter(Paragraph(papers.HAN * 60), Paragraph("顶格" * 20, indent=False), Paragraph("末")))
    assert pages[0].line(papers.HAN).left == NEAR(LEFT + 2 * CHAR, abs=HALF)
    assert len(pages[0].line(papers.HAN).chars) == 26
    assert pages[0].line("顶格").left == NEAR(LEFT, abs=HALF)
    assert pages[0].line("张某某：").left == NEAR(LEFT, abs=HALF)


def test_head_of_a_letter(made: Made) -> None:
    """10.1: name 30 mm from the top, red double rule 4 mm below it, another 20 mm from the bottom; 170 mm both."""
    pdf, pages = made(papers.letter(urgency="特急"))
    page = pages[0]
    thick, thin, low_thin, low_thick = (r for r in page.rules if r.red)
    top, bottom = ink(pdf, 0, 20, thick.top - 0.1)
    assert top == NEAR(30, abs=HALF)
    assert thick.top == NEAR(bottom + 4, abs=HALF)
    for rule in (thick, thin, low_thin, low_thick):
        assert rule.left == NEAR(20, abs=HALF)
        assert rule.right == NEAR(190, abs=HALF)
    assert thick.thick > thin.thick
    assert low_thick.thick > low_thin.thick
    assert thin.top > thick.bottom
    assert low_thick.top > low_thin.bottom
    assert low_thick.bottom == NEAR(297 - 20, abs=HALF)
    name = page.line(papers.DEPARTMENT)
    assert name.middle == NEAR((LEFT + RIGHT) / 2, abs=HALF)
    # Urgency and number are 7/8 of a character under the rule, at the left and at the right edge.
    number = page.line("〔2026〕12号")
    assert number.text.startswith("特急")
    assert number.left == NEAR(LEFT, abs=HALF)
    assert number.right == NEAR(RIGHT, abs=HALF)
    assert number.top == NEAR(thin.bottom + 7 / 8 * 16 * 25.4 / 72, abs=HALF)
    title = page.line("处理意见书")
    assert title.chars[0].size == NEAR(22)
    assert title.top == NEAR(number.top + 3 * PITCH, abs=HALF), "two lines below the number"
    assert title.middle == NEAR((LEFT + RIGHT) / 2, abs=HALF)
    assert page.line("张某某：").top == NEAR(title.top + 2 * PITCH, abs=HALF), "one line below the title"


def test_only_the_first_page_of_a_letter_has_rules_and_no_number(made: Made) -> None:
    _, pages = made(papers.letter(Paragraph(papers.HAN * 1600)))
    assert "—" not in pages[0].text
    assert not any(r.red for page in pages[1:] for r in page.rules)
    assert "— 2 —" in pages[1].text


def test_head_of_a_document(made: Made) -> None:
    """7.2: name 35 mm below the area's top, number two lines below it, red rule 4 mm below that, 156 mm."""
    pdf, pages = made(papers.document(urgency="加急"))
    page = pages[0]
    (rule,) = (r for r in page.rules if r.red)
    number = page.line("〔2026〕3号")
    top, bottom = ink(pdf, 0, 50, number.top - 5)
    assert top == NEAR(TOP + 35, abs=HALF)
    assert page.line(papers.DEPARTMENT).text == papers.DEPARTMENT + "文件"
    assert number.top == NEAR(bottom + 2 * PITCH, abs=HALF)
    assert number.middle == NEAR((LEFT + RIGHT) / 2, abs=HALF)
    assert rule.top == NEAR(number.bottom + 4, abs=HALF)
    assert [rule.left, rule.right] == NEAR([LEFT, RIGHT], abs=HALF)
    assert page.line("加急").top == NEAR(TOP, abs=HALF)
    assert page.line("加急").left == NEAR(LEFT, abs=HALF)
    title = page.line("办理情况的报告")
    assert title.top == NEAR(rule.bottom + 2 * PITCH, abs=HALF)


def test_who_approved_stands_right_of_the_number_on_a_report_to_a_superior(made: Made) -> None:
    _, pages = made(papers.document(approver="王某某"))
    line = pages[0].line("签发人")
    assert line.text.endswith("签发人：王某某")
    assert line.left == NEAR(LEFT + CHAR, abs=HALF)
    assert line.right == NEAR(RIGHT - CHAR, abs=HALF)


def test_a_sealed_signature(made: Made) -> None:
    """7.3.5.1: the date ends four characters before the edge, the signer is centred above it.

    The seal begins within a line.
    """
    _, pages = made(papers.letter(Paragraph(papers.HAN * 60)))
    signer, day = pages[0].lines[-2:]
    assert signer.text == papers.DEPARTMENT
    assert day.text == "2026年11月2日"
    assert day.right == NEAR(RIGHT - 4 * CHAR, abs=HALF)
    assert signer.middle == NEAR(day.middle, abs=HALF)
    assert day.top == NEAR(signer.top + PITCH, abs=HALF)
    # A seal of 42 mm, its centre 4 mm above the middle of the two lines, begins less than a line below the text.
    body = [line for line in pages[0].lines if papers.HAN in line.text][-1]
    middle = (signer.top + day.bottom) / 2
    assert 0 < middle - 4 - 21 - body.bottom < PITCH


@pytest.mark.parametrize("signer", ["某厅", papers.DEPARTMENT])
def test_a_signature_without_a_seal(made: Made, signer: str) -> None:
    """7.3.5.2: signer two characters from the edge, the date two further in.

    Where the date is longer, it has the two.
    """
    _, pages = made(papers.letter(Paragraph(papers.HAN * 60), sealed=False, signer=signer))
    name, day = pages[0].lines[-2:]
    body = [line for line in pages[0].lines if papers.HAN in line.text][-1]
    assert name.top == NEAR(body.top + 2 * PITCH, abs=HALF)
    assert day.left == NEAR(name.left + 2 * CHAR, abs=HALF)
    assert max(name.right, day.right) == NEAR(RIGHT - 2 * CHAR, abs=HALF)


def test_attachments_and_note(made: Made) -> None:
    """7.3.4: a line below the text, two characters in, wrapped lines aligned; no mark at the end."""
    long = "关于项目经费使用情况的专项审计报告和项目承担单位提供的原始凭证复印件目录"
    _, pages = made(papers.letter(Paragraph("正文"), attachments=("材料清单", long), note="联系电话：见信封"))
    lines = {part: pages[0].line(part) for part in ("正文", "附件：1. 材料清单", "2. 关于", "复印件目录", "（联系电话")}
    first, second, wrapped = lines["附件：1. 材料清单"], lines["2. 关于"], lines["复印件目录"]
    assert first.top == NEAR(lines["正文"].top + 2 * PITCH, abs=HALF)
    assert first.left == NEAR(LEFT + 2 * CHAR, abs=HALF)
    one = next(c for c in first.chars if c.text == "1")
    assert second.left == NEAR(one.left, abs=HALF)
    assert wrapped.left == NEAR(next(c for c in second.chars if c.text == "关").left, abs=HALF)
    assert first.text.endswith("清单")
    note = lines["（联系电话"]
    assert note.text.endswith("）")
    assert note.top == NEAR(pages[0].line("11月2日").top + PITCH, abs=HALF)
    _, (page, *_) = made(papers.letter(Paragraph("正文"), attachments=("材料清单",)))
    assert page.line("附件").text == "附件：材料清单"


@pytest.mark.parametrize("paper", [papers.letter, papers.document])
def test_page_numbers(made: Made, paper: Callable[..., PaperContent]) -> None:
    """7.5: the dashes 7 mm below the area; odd pages one character from the right edge, even ones from the left."""
    pdf, pages = made(paper(Paragraph(papers.HAN * 2200)))
    assert len(pages) >= 4
    character = 14 * 25.4 / 72
    for number, page in enumerate(pages, 1):
        if number == 1 and paper is papers.letter:
            continue
        line = page.lines[-1]
        assert line.text == f"— {number} —"
        assert all(c.size == NEAR(14) for c in line.chars)
        if number % 2:
            assert line.right == NEAR(RIGHT - character, abs=HALF)
        else:
            assert line.left == NEAR(LEFT + character, abs=HALF)
        dash = line.chars[0]
        top, _ = ink(pdf, number - 1, dash.top, dash.bottom, dash.left + 1, dash.right - 1)
        assert top == NEAR(BOTTOM + 7, abs=HALF)


def test_the_record_at_the_foot_of_a_document(made: Made) -> None:
    """7.4: on the last page; 0.35 mm outside, 0.25 mm between, the last on the area's lower edge."""
    _, pages = made(papers.document(Paragraph(papers.HAN * 900)))
    assert not any("抄送" in page.text for page in pages[:-1])
    last = pages[-1]
    upper, between, lower = (r for r in last.rules if not r.red)
    assert [r.thick for r in (upper, between, lower)] == [
        NEAR(0.35, abs=0.02),
        NEAR(0.25, abs=0.02),
        NEAR(0.35, abs=0.02),
    ]
    for rule in (upper, between, lower):
        assert [rule.left, rule.right] == NEAR([LEFT, RIGHT], abs=HALF)
    assert lower.bottom == NEAR(BOTTOM, abs=HALF)
    copies, printed = last.line("抄送："), last.line("印发")
    assert copies.text.endswith("某单位。")
    assert upper.bottom < copies.top < between.top < printed.top < lower.top
    character = 14 * 25.4 / 72
    assert copies.left == NEAR(LEFT + character, abs=HALF)
    assert printed.left == NEAR(LEFT + character, abs=HALF)
    assert printed.right == NEAR(RIGHT - character, abs=HALF)
    assert printed.text.endswith("2026年11月2日印发")
    assert copies.chars[0].size == NEAR(14)


def test_the_record_of_a_letter_has_no_lines_and_no_printer(made: Made) -> None:
    _, pages = made(papers.letter(Paragraph("短"), copies_to=("某单位",), printed_by="某办公室"))
    (page,) = pages
    assert len([r for r in page.rules if not r.red]) == 0
    assert "印发" not in page.text
    assert page.line("抄送").bottom == NEAR(BOTTOM, abs=HALF)


def test_a_page_with_only_the_record_at_the_foot_has_no_number(fonts: FontSet) -> None:
    """Filled until the record doesn't fit any more, it is alone on a page without a number."""
    alone = 0
    for lines in range(24, 36):
        pages = pages_of(render_pdf(papers.document(*[Paragraph("行")] * lines, copies_to=("某单位",) * 30), fonts))
        if not any(line.text.startswith("行") or line.text == "2026年11月2日" for line in pages[-1].lines):
            alone += 1
            assert "—" not in pages[-1].text
        else:
            assert f"— {len(pages)} —" in pages[-1].text
    assert alone


@pytest.mark.parametrize("attached", [(), ("材料清单",)])
def test_a_signature_never_stands_on_a_page_without_text(fonts: FontSet, attached: tuple[str, ...]) -> None:
    moved = 0
    for lines in range(4, 20):
        pages = pages_of(
            render_pdf(papers.letter(Paragraph(papers.HAN * (28 * lines - 2)), attachments=attached), fonts)
        )
        page = next(p for p in pages if any(line.text == "2026年11月2日" for line in p.lines))
        assert papers.HAN in page.text, lines
        moved += page is not pages[0]
        assert sum(line.text.count(papers.HAN) for p in pages for line in p.lines) == 28 * lines - 2
    assert 0 < moved < 16


@pytest.mark.parametrize(("before", "loose"), [(20, True), (21, True), (23, False)])
def test_a_line_before_a_number_that_does_not_fit_is_not_torn_apart(made: Made, before: int, loose: bool) -> None:
    """The number begins the next line; where it leaves more than two characters free, the line isn't stretched."""
    _, pages = made(papers.letter(Paragraph(f"{papers.HAN * before}编号WX2026000017、LX2026000018。")))
    first = next(line for line in pages[0].body if line.text.startswith(papers.HAN))
    after = next(line for line in pages[0].body if line.text.startswith("WX2026000017"))
    assert after.left == NEAR(LEFT, abs=HALF) and after.top > first.top
    assert first.right == NEAR(LEFT + (2 + before + 2) * CHAR if loose else RIGHT, abs=2 * HALF)


def test_a_number_in_its_line_changes_nothing(made: Made) -> None:
    _, pages = made(papers.letter(Paragraph(f"编号WX2026000017的{papers.HAN * 40}")))
    first, second = (line for line in pages[0].body if papers.HAN in line.text)
    assert first.text.startswith("编号WX2026000017的") and first.right == NEAR(RIGHT, abs=HALF)
    assert second.left == NEAR(LEFT, abs=HALF)


@pytest.mark.parametrize("paper", [papers.letter, papers.document])
def test_no_page_is_left_to_the_signature_where_closer_lines_take_it(
    fonts: FontSet, paper: Callable[..., PaperContent]
) -> None:
    """7.3.5.5: the lines of the paper are set closer, by at most two a page, and go on filling it."""
    closer = []
    for lines in range(4, 20):
        pages = pages_of(render_pdf(paper(*[Paragraph("行" * 20)] * lines), fonts))
        tops = [line.top for line in pages[0].body if line.text.startswith("行")]
        pitch = (tops[-1] - tops[0]) / (len(tops) - 1)
        closer.append(len(pages) == 1 and pitch < PITCH - 0.1)
        assert pitch >= 225 / 24 - 0.01
        if not closer[-1]:
            assert pitch == NEAR(PITCH, abs=0.05)
    assert 0 < sum(closer) <= 2


def test_a_name_has_room_behind_the_longest_label(made: Made) -> None:
    labels = ("处室（单位）负责人（签名）", "日期")
    _, pages = made(papers.sheet(Paragraph("完"), SignatureLine(labels), SignatureLine(("甲方（签名）", "日期"))))
    rules = [r for r in pages[0].rules if r.right - r.left > 5]
    assert len(rules) == 4 and all(r.right - r.left >= 15 for r in rules)
    assert rules[2].left < rules[3].left and rules[3].right == NEAR(RIGHT, abs=HALF)


@pytest.mark.parametrize("words", [1, 30, 58, 86])
def test_a_signature_keeps_the_end_of_a_short_paragraph(words: int) -> None:
    moved = 0
    for lines in range(4, 16):
        pages = pages_of(render_pdf(papers.letter(*[Paragraph("行")] * lines, Paragraph("末" * words))))
        page = next(p for p in pages if any(line.text == "2026年11月2日" for line in p.lines))
        assert "末" in page.text
        moved += page is not pages[0]
    assert 0 < moved < 12


def test_headings_are_numbered_and_have_their_faces() -> None:
    _, = pages = pages_of(
        render_pdf(
            papers.letter(
                Heading(1, "甲"), Heading(2, "乙"), Heading(3, "丙"), Heading(4, "丁"), Heading(4, "戊"), Heading(2, "己"),
                Heading(1, "庚"), Heading(2, "辛"), Paragraph("末"), form=PaperForm.LETTER,
            )
        )
    )  # fmt: skip
    texts = ["一、甲", "（一）乙", "1.丙", "（1）丁", "（2）戊", "（二）己", "二、庚", "（一）辛"]
    lines = [pages[0].line(text) for text in texts]
    assert [line.text for line in lines] == texts
    families = font_set().families
    for line, role in zip(lines[:3], ("hei", "kai", "fangsong"), strict=True):
        family = next(names[0] for r, names in families.items() if r.value == role)
        assert {c.font.partition("-")[0] for c in line.chars} == {
            family.split(" R")[0].replace(" ", "").replace("CJKSC", "CJKsc")
        }
        assert all(c.size == NEAR(16) for c in line.chars)


def test_a_rare_character_of_a_name_stands_as_high_as_the_others(made: Made) -> None:
    """Another font draws it, whose characters are higher on the line; the lines keep their distance all the same."""
    _, plain = made(papers.letter(Paragraph("国" * 100)))
    _, pages = made(papers.letter(Paragraph("国" * 26 + "国堃" * 14 + "国" * 28)))
    tops = [line.top for line in pages[0].body if line.text.count("国") >= 14]
    assert tops == [NEAR(line.top, abs=0.02) for line in plain[0].body if line.text.count("国") >= 14][:3]

    def middle(of: str) -> float:
        alone, _ = made(papers.letter(Paragraph(of * 20)))
        return sum(ink(alone, 0, tops[0] - 2, tops[0] + 8)) / 2

    assert middle("堃") == NEAR(middle("国"), abs=0.25)


@pytest.mark.parametrize("lines", [1, 60, 800])
def test_a_draft_shows_where_the_seal_goes_and_an_issued_paper_does_not(made: Made, lines: int) -> None:
    """7.3.5.1: 42 mm wide over signer and date, which stand a little below its middle."""
    content = papers.letter(Paragraph(papers.HAN * lines))
    pdf, pages = made(replace(content, marks=(DRAFT_MARK,)))
    signer, day = (
        next(line for line in reversed(pages[-1].lines) if line.text == t) for t in (papers.DEPARTMENT, "2026年11月2日")
    )
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        (ring,) = opened.pages[-1].curves
        place = {side: float(ring[side]) * MM for side in ("x0", "x1", "top", "bottom")}
    assert place["x1"] - place["x0"] == NEAR(42, abs=HALF) and place["bottom"] - place["top"] == NEAR(42, abs=HALF)
    assert (place["x0"] + place["x1"]) / 2 == NEAR(signer.middle, abs=HALF)
    assert (place["top"] + place["bottom"]) / 2 == NEAR((signer.top + day.bottom) / 2 - 4, abs=HALF)
    with pdfplumber.open(io.BytesIO(made(content)[0])) as opened:
        assert opened.pages[-1].curves == []
