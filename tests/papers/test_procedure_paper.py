"""The whole print as a paper: nothing of it is lost, in PDF and in Word, and a day's file is the same bytes."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from docx import Document

from xinfang.papers.content import Heading, PaperTable, Picture
from xinfang.papers.pdf import render_pdf
from xinfang.papers.procedure_paper import NO, YES, procedure_paper
from xinfang.papers.word import render_docx
from xinfang.procedure.articles import ALL_ARTICLES
from xinfang.procedure.printed_procedure import ARTICLES, tables

DAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def paper():
    return procedure_paper(DAY)


def test_every_cell_of_every_printed_table_is_in_it(paper) -> None:
    text = paper.text()
    lost = [
        cell
        for table in tables()
        if table.title != ARTICLES  # its last column lists what stands below the article itself
        for row in table.rows
        for cell in row
        if cell not in text and cell not in (YES, NO) and "（转述）" not in cell
    ]
    # A clause is printed below its article with its own place, a reading with its kind.
    articles = [str(a) for a in ALL_ARTICLES.values()]
    lost = [cell for cell in lost if not any(cell.startswith(a) for a in articles)]
    assert lost == []


def test_every_article_is_a_heading_with_its_title(paper) -> None:
    headings = [b.text for b in paper.blocks if isinstance(b, Heading) and b.level == 3]
    assert headings == [f"{a}　{a.title}" for a in ALL_ARTICLES.values()]


def test_tables_are_narrow_enough_to_be_read(paper) -> None:
    assert max(b.columns for b in paper.blocks if isinstance(b, PaperTable)) <= 4


def test_the_picture_is_on_two_sheets_and_described(paper) -> None:
    pictures = [b for b in paper.blocks if isinstance(b, Picture)]
    assert [p.width <= 156.5 and p.height <= 205.5 and "已登记经拟办到待批示" in p.words for p in pictures] == [
        True,
        True,
    ]
    assert all(p.drawing.png.startswith(b"\x89PNG") and p.drawing.svg.startswith("<svg") for p in pictures)


def test_it_is_printed_as_pdf_and_word(paper) -> None:
    made = render_pdf(paper)
    assert made == render_pdf(procedure_paper(DAY))
    pages = pypdfium2.PdfDocument(made)
    first = pages[0].get_textpage().get_text_range()
    assert "信访办理程序" in first and "打印日期：2026年11月29日" in first
    word = Document(BytesIO(render_docx(paper)))
    assert len(word.inline_shapes) == 2
    assert any("读法：拟办报给谁：主要领导和分管领导" in c.text for t in word.tables for r in t.rows for c in r.cells)
