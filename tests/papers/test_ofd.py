"""Papers as OFD: what other readers read and draw of them is what the PDF says and shows."""

import io
import os
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.papers import papers
from tests.papers.foreign_ofd import OFD_JS, SCALE, differing, drawn, fonts_of, part, printed, texts_of
from tests.papers.test_word_reading import FORMS
from xinfang.papers.content import PaperContent, Paragraph
from xinfang.papers.ofd import NotInOfd, pdf_as_ofd, render_ofd
from xinfang.papers.ofd.printed_pages import shown_parts
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf.fonts import FontRole, find_fonts, font_set

PICTURES = os.environ.get("XINFANG_TEST_PICTURES", "")
"""A folder to keep what was drawn, to be looked at by a person."""
WENKAI = Path("/usr/share/fonts/truetype/lxgw-wenkai")
"""A font in TrueType's outlines; the others have those of CFF."""
FIRST_PAGE = "Doc_0/Pages/Page_0/Content.xml"
SIGNS = "“引”—……〔2026〕①《书》 office VA 3.5% a@b.cn"
PAPERS: dict[str, PaperContent] = {**FORMS, "long": papers.letter(), "signs": papers.letter(Paragraph(SIGNS))}


def said(pdf: bytes) -> list[str]:
    """What each page of a PDF says, without blanks."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    return ["".join(text.split()) for text in pages]


def units(data: bytes) -> set[int]:
    return {TTFont(io.BytesIO(font))["head"].unitsPerEm for _, font in fonts_of(data)}


@pytest.fixture
def many_units(tmp_path: Path) -> str:
    """A folder with a 仿宋 whose em has 2048 units instead of the 1000 that fonts of this kind have."""
    font = TTFont(next(face.path for face in font_set().faces if face.family == "FandolHei"))
    keep = subset.Subsetter(subset.Options(notdef_outline=True, name_IDs=["*"]))
    keep.populate(text=FORMS["letter"].text())
    keep.subset(font)
    scale_upem(font, 2048)
    for record in font["name"].names:
        record.string = "FangSong Wide"
    font.save(tmp_path / "wide.otf")
    return str(tmp_path)


def compare(pdf: bytes, browser: Browser, name: str) -> None:
    """Hold the pages as drawn from the OFD against those of the PDF.

    At most two of a hundred pixels differ; and as some pages have hardly more ink than that: where the eye sees no
    edges, at half a millimetre, less than a third of what an empty page would differ.
    """
    pairs = list(zip(drawn(pdf_as_ofd(pdf), browser), printed(pdf), strict=True))
    for number, (ours, theirs) in enumerate(pairs):
        if PICTURES:
            ours.save(Path(PICTURES) / f"ofd-{name}-{number}.png")
            theirs.save(Path(PICTURES) / f"ofd-{name}-{number}-pdf.png")
        assert differing(ours, theirs) <= 0.02, f"page {number + 1} of {name}"
        coarse, wanted = ours.reduce(SCALE // 2), theirs.reduce(SCALE // 2)
        empty = Image.new("L", wanted.size, 255)
        assert differing(coarse, wanted) < differing(empty, wanted) / 3, f"page {number + 1} of {name}"


@pytest.mark.parametrize("name", PAPERS)
def test_another_reader_reads_the_same_text(name: str) -> None:
    pdf = render_pdf(PAPERS[name])
    assert texts_of(pdf_as_ofd(pdf)) == said(pdf)


@pytest.mark.parametrize("name", PAPERS)
def test_another_reader_draws_the_same_pages(name: str, browser: Browser) -> None:
    compare(render_pdf(PAPERS[name]), browser, name)


def test_a_paper_is_the_same_in_the_fonts_of_the_program_alone(browser: Browser) -> None:
    pdf = render_pdf(FORMS["letter"], find_fonts("", ()))
    assert texts_of(pdf_as_ofd(pdf)) == said(pdf)
    compare(pdf, browser, "own-fonts")


def test_an_office_may_have_fonts_in_truetype(browser: Browser) -> None:
    fonts = find_fonts(str(WENKAI), ())
    assert "KAI" in [role.name for role in FontRole if role not in fonts.replaced]
    fonts = replace(fonts, families=dict.fromkeys(FontRole, fonts.families[FontRole.KAI]))
    pdf = render_pdf(FORMS["letter"], fonts)
    data = pdf_as_ofd(pdf)
    assert any("glyf" in TTFont(io.BytesIO(font)) for _, font in fonts_of(data))
    assert texts_of(data) == said(pdf)
    compare(pdf, browser, "truetype")


def test_an_office_may_have_fonts_with_other_units(many_units: str, browser: Browser) -> None:
    pdf = render_pdf(FORMS["letter"], find_fonts(many_units, ()))
    assert units(pdf_as_ofd(pdf)) == {1000, 2048}
    compare(pdf, browser, "units")


def test_the_comparison_sees_what_is_wrong(browser: Browser) -> None:
    (page,) = printed(render_pdf(papers.letter(Paragraph("一行"))))
    moved = ImageChops.offset(page, 0, SCALE).reduce(SCALE // 2)
    page = page.reduce(SCALE // 2)
    assert differing(moved, page) > differing(Image.new("L", page.size, 255), page) / 3


def test_the_reader_is_the_one_that_is_named() -> None:
    named = OFD_JS.with_name("README.md").read_text()
    assert f"`{sha256(OFD_JS.read_bytes()).hexdigest()}`" in named


@pytest.mark.parametrize("name", PAPERS)
def test_every_font_is_in_the_file_with_every_character(name: str) -> None:
    data = render_ofd(PAPERS[name])
    fonts = {str(n): font for n, (_, font) in enumerate(fonts_of(data), 1)}
    used = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [n for n in archive.namelist() if n.endswith("Content.xml")]
    for page in pages:
        for text in part(data, page).findall(".//{*}TextObject"):
            characters = TTFont(io.BytesIO(fonts[text.attrib["Font"]])).getBestCmap()
            code = text.find("{*}TextCode")
            assert code is not None and code.text
            assert set(map(ord, code.text)) <= set(characters)
            used.add(text.attrib["Font"])
    assert used == set(fonts)


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_ofd(FORMS["document"]) == render_ofd(FORMS["document"])
    with zipfile.ZipFile(io.BytesIO(render_ofd(FORMS["document"]))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_the_parts_are_those_of_the_standard() -> None:
    content = FORMS["document"]
    data = render_ofd(content)
    entry = part(data, "OFD.xml")
    assert entry.tag == "{http://www.ofdspec.org/2016}OFD" and entry.attrib == {"Version": "1.0", "DocType": "OFD"}
    assert entry.findtext(".//{*}Title") == content.title
    assert content.day is not None and entry.findtext(".//{*}CreationDate") == content.day.isoformat()
    assert len(entry.findtext(".//{*}DocID") or "") == 32
    document = part(data, "Doc_0/Document.xml")
    boxes = [v.text for v in document.findall(".//{*}PhysicalBox")]
    pages = [page.attrib["BaseLoc"] for page in document.findall(".//{*}Page")]
    assert boxes == ["0 0 210 297"] and pages
    ids = [e.attrib["ID"] for name in pages for e in part(data, f"Doc_0/{name}").iter() if "ID" in e.attrib]
    ids += [
        e.attrib["ID"] for root in (document, part(data, "Doc_0/PublicRes.xml")) for e in root.findall(".//{*}Page")
    ]
    ids += [e.attrib["ID"] for e in part(data, "Doc_0/PublicRes.xml").findall(".//{*}Font")]
    assert len(set(ids)) == len(ids)
    assert document.findtext(".//{*}MaxUnitID") == str(max(map(int, ids)))


def test_bold_is_an_outline_where_no_font_has_it() -> None:
    data = pdf_as_ofd(render_pdf(FORMS["letter"], find_fonts("", ())))
    texts = list(part(data, FIRST_PAGE).findall(".//{*}TextObject"))
    bold = [t for t in texts if t.get("Stroke") == "true"]
    assert bold and len(bold) < len(texts)
    for text in bold:
        stroke, fill = text.find("{*}StrokeColor"), text.find("{*}FillColor")
        assert stroke is not None and fill is not None and stroke.attrib == fill.attrib
        assert 0 < float(text.attrib["LineWidth"]) < float(text.attrib["Size"]) / 10


def test_a_rare_character_is_a_text_of_its_own() -> None:
    face = next(face for face in font_set().faces if face.family == "Noto Serif CJK SC")
    with TTCollection(face.path, lazy=True) as fonts:
        rare = next(chr(code) for code in sorted(fonts.fonts[face.index].getBestCmap()) if code > 0x20000)
    pdf = render_pdf(papers.letter(Paragraph(f"张{rare}某")))
    data = pdf_as_ofd(pdf)
    assert rare in [code.text for code in part(data, FIRST_PAGE).findall(".//{*}TextCode")]
    assert texts_of(data) == said(pdf)


@pytest.mark.parametrize(("glyph", "says", "glyphs"), [("0002", "某", ["2"]), ("0002", "自己", ["2"])])
def test_a_character_that_does_not_say_its_glyph_names_it(glyph: str, says: str, glyphs: list[str]) -> None:
    """Two glyphs for one character, and a glyph for two of them, as a font may have them."""
    with pikepdf.open(io.BytesIO(render_pdf(papers.letter()))) as pdf:
        stream = pdf.pages[0].Resources.Font["/f0"].ToUnicode
        codes = re.sub(rb"<%b> <[0-9A-F]+>" % glyph.encode(), b"", stream.read_bytes())
        line = f"<{glyph}> <{says.encode('utf-16-be').hex().upper()}>\nendbfchar"
        stream.write(codes.replace(b"endbfchar", line.encode(), 1))
        target = io.BytesIO()
        pdf.save(target)
    data = pdf_as_ofd(target.getvalue())
    named = [e.text for e in part(data, FIRST_PAGE).findall(".//{*}Glyphs")]
    assert set(named) == set(glyphs)
    assert f"某某{says}" in texts_of(data)[0]


@given(st.lists(st.lists(st.sampled_from(b"()\\<>[] \n\r\tab19-.+\0\xff"), min_size=2, max_size=2), max_size=8))
def test_glyphs_are_read_whatever_signs_their_numbers_make(pairs: list[list[int]]) -> None:
    written = pikepdf.Array([pikepdf.String(bytes(high_low)) for high_low in pairs] + [Decimal("12.5")])
    wanted = [(high << 8 | low,) for high, low in pairs]
    assert list(shown_parts(written)) == [*wanted, 0.0125]


def test_what_our_templates_do_not_draw_is_refused() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(FORMS["sheet"]))) as pdf:
        page = pdf.pages[0]
        for more in (b"0 0 m 9 9 l W n", b"/x Do", b"1 0 0 0 k", b"q 0 1 -1 0 0 0 cm BT /f0 9 Tf (\0\1) Tj ET Q"):
            other = pikepdf.new()
            other.pages.append(page)
            other.pages[0].contents_add(more)
            target = io.BytesIO()
            other.save(target)
            with pytest.raises(NotInOfd):
                pdf_as_ofd(target.getvalue())
