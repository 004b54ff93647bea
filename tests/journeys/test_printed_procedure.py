"""A lawyer opens the printed procedure, finds how an article is read, looks at the picture, and takes it all along."""

import json
from io import BytesIO

import pypdfium2
import pytest
from docx import Document

from tests.browser import page_width
from tests.urls import url

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def page(sign_in):
    page = sign_in("clerk").page
    page.goto(url("procedure"))
    return page


@pytest.mark.parametrize(("size", "shown", "hidden"), [(DESK, "wide", "narrow"), (PHONE, "narrow", "wide")])
def test_the_picture_is_read_at_a_desk_and_on_a_phone(page, axe, size, shown, hidden) -> None:
    page.set_viewport_size(size)
    assert page_width(page) <= size["width"]
    picture = page.locator(f".diagram-{shown} svg")
    assert picture.is_visible() and page.locator(f".diagram-{hidden} svg").is_hidden()
    letters = picture.locator("text").evaluate_all("all => all.map(t => t.getBoundingClientRect().height)")
    assert min(letters) >= 11, "no letter is smaller than small print"
    edge = picture.bounding_box()
    assert edge and edge["x"] >= 0 and edge["x"] + edge["width"] <= size["width"]
    axe(page)


def test_a_reading_is_found_from_the_index_and_stands_beside_its_article(page) -> None:
    page.get_by_role("link", name="息诉罢访承诺书", exact=True).first.click()
    article = page.locator("#article-H14")
    reading = article.locator("#reading-pledge")
    assert reading.is_visible()
    assert "不影响结案、归档" in reading.inner_text()
    assert "还涉及" in reading.inner_text() and "条例第三十五条" in reading.inner_text()


def test_all_of_it_is_taken_along(page) -> None:
    got = {}
    for name in ("PDF", "Word", "JSON"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=f"下载 {name}").click()
        got[name] = waiting.value.path().read_bytes()
        assert waiting.value.suggested_filename.startswith("信访办理程序_")
    text = "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(got["PDF"])).replace("\r\n", "")
    word = Document(BytesIO(got["Word"]))
    cells = [c.text for table in word.tables for row in table.rows for c in row.cells]
    told = json.loads(got["JSON"])["readings"]
    assert len(told) > 50
    assert all(any(r["about"] in c for c in cells) for r in told)
    assert "息诉罢访承诺书" in text and "状态图" in text
    assert len(word.inline_shapes) == 2, "the picture is on two sheets"
