"""Word files as another program sees them: LibreOffice saves them again, and prints them."""

import pypdfium2
import pytest

from tests.papers import papers
from tests.papers.geometry import Page, pages_of
from tests.papers.test_word_reading import FORMS, again
from tests.papers.word import FREE, changed, edited, through_libreoffice
from xinfang.papers.content import Caption, Heading, PaperContent, Paragraph
from xinfang.papers.pdf import render_pdf
from xinfang.papers.word import read_docx, render_docx

# Without digits: LibreOffice 7.4 sets a little space between Chinese and Western characters whatever the file says
# (autoSpaceDE).
_TEXT = "经查，你反映的自治区重点研发计划项目评审问题，我厅已责成资源配置与管理处会同监督处进行了核实，并听取了你的陈述，现将有关情况答复如下。"
FLOWING: dict[str, PaperContent] = {
    "letter": papers.letter(
        Paragraph(_TEXT),
        Heading(1, "诉求"),
        Paragraph(_TEXT * 2),
        Heading(2, "经过"),
        Paragraph(_TEXT * 6),
        Paragraph("特此答复。"),
        sealed=True,
    ),
    "document": papers.document(
        Paragraph(_TEXT * 2), Heading(1, "办理情况"), Paragraph(_TEXT * 9), Paragraph("特此报告。")
    ),
    "short": papers.letter(Paragraph(_TEXT * 2), Paragraph("特此告知。")),
    "sheet": FORMS["sheet"],
    "record": FORMS["record"],
    "picture": papers.sheet(Paragraph(_TEXT), Caption("图1　蓝色"), papers.picture(), Paragraph(_TEXT)),
}


def as_libreoffice_understands(data: bytes) -> bytes:
    """LibreOffice 7.4 takes overflowPunct for its opposite: 0, no marks in the margin, becomes hanging marks."""
    return changed(
        data, "word/styles.xml", lambda t: t.replace('<w:overflowPunct w:val="0"/>', '<w:overflowPunct w:val="1"/>')
    )


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    files = {name: as_libreoffice_understands(render_docx(content, fonts=FREE)) for name, content in FLOWING.items()}
    return through_libreoffice(files, tmp_path_factory.mktemp("print"), "pdf")


@pytest.fixture(scope="module")
def printed(pdfs: dict[str, bytes]) -> dict[str, list[Page]]:
    return {name: pages_of(pdf) for name, pdf in pdfs.items()}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    files = {name: render_docx(content) for name, content in FORMS.items()}
    files["changed"] = edited(files["letter"], "信访事项收悉。", "信访事项，厅里已经收到。")
    return through_libreoffice(files, tmp_path_factory.mktemp("save"), "docx")


@pytest.mark.parametrize("form", FORMS)
def test_saved_by_libreoffice_it_says_the_same(saved: dict[str, bytes], form: str) -> None:
    again(FORMS[form], saved[form])


def test_a_change_survives(saved: dict[str, bytes]) -> None:
    assert "信访事项，厅里已经收到。" in read_docx(saved["changed"])


def lines_of(page: Page) -> list[str]:
    return ["".join(line.text.split()) for line in page.lines]


@pytest.mark.parametrize("name", ["letter", "document", "short"])
def test_the_first_page_breaks_its_lines_as_the_pdf_does(printed: dict[str, list[Page]], name: str) -> None:
    pdf = pages_of(render_pdf(FLOWING[name]))
    assert lines_of(printed[name][0]) == lines_of(pdf[0])


@pytest.mark.parametrize("name", FLOWING)
def test_it_has_as_many_pages_as_the_pdf(printed: dict[str, list[Page]], name: str) -> None:
    assert len(printed[name]) == len(pages_of(render_pdf(FLOWING[name])))


def test_places_on_paper_are_near_those_of_the_standard(printed: dict[str, list[Page]]) -> None:
    """In millimetres; a line of Word holds its characters a little lower than a line of the PDF."""
    near = pytest.approx
    first = printed["letter"][0]
    red = [rule for rule in first.rules if rule.red]
    assert min(r.left for r in red) == near(20, abs=0.5) and max(r.right for r in red) == near(190, abs=0.5)
    assert first.lines[0].top == near(30, abs=1.5)
    assert max(r.bottom for r in red) == near(297 - 20, abs=1)
    body = [line for line in first.lines if len(line.text) == 28]
    assert len(body) >= 5
    assert all(line.left == near(28, abs=0.5) and line.right == near(184, abs=0.6) for line in body)
    second = printed["document"][1]
    number = second.line("— 2 —")
    assert number.left == near(28 + 14 * 0.3528, abs=0.7)
    assert number.middle < 60


def test_a_picture_is_printed_whole(pdfs: dict[str, bytes]) -> None:
    picture = papers.picture()
    dots = 4.0
    page = pypdfium2.PdfDocument(pdfs["picture"])[0].render(scale=dots * 25.4 / 72).to_pil().convert("RGB")
    blue = [page.getpixel((x, y)) == (0, 0, 255) for y in range(0, page.height, 8) for x in range(0, page.width, 8)]
    assert sum(blue) * (8 / dots) ** 2 == pytest.approx(picture.width * picture.height, rel=0.03)
