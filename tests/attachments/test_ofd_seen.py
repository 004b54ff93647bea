"""OFD in the page and in the volume: pages of other programs are drawn as they are, or it is said what is not."""

import io
import resource
import time
import zipfile

import pytest
from PIL import Image

from tests.archive.test_evidence_in_volume import bound
from tests.attachments import ofd
from tests.attachments.ofd import half_black, image, media, saved, scan, signed, square, text
from tests.attachments.test_seeing import SHOWN, add, number, opened, signed_in
from tests.papers.foreign_ofd import differing
from tests.papers.test_word_reading import FORMS
from tests.urls import url
from xinfang.archive.dossier.blanking import pages_without
from xinfang.attachments.ofd_pages import as_pdf
from xinfang.attachments.ofd_weight import MAX_WEIGHT
from xinfang.attachments.page_images import RenderingFailed, render_page_image
from xinfang.papers.ofd import pdf_as_ofd
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf.fonts import find_fonts

__all__ = ["number"]
PIXELS = 1000
WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (255, 0, 0)
RED_FILL = "<ofd:FillColor Value='255 0 0'/>"
GRADIENT = "<ofd:FillColor><ofd:AxialShd StartPoint='0 0' EndPoint='10 0'/></ofd:FillColor>"


def seen(data: bytes) -> Image.Image:
    """The page as it is drawn, 10 pixels a millimetre; what is said at its foot is under it."""
    drawn = opened(render_page_image(data, "ofd", 1, PIXELS).jpeg)
    if drawn.width < PIXELS:
        drawn = opened(render_page_image(data, "ofd", 1, PIXELS * PIXELS // drawn.width).jpeg)
    return drawn


def at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in millimetres, as near as JPEG keeps it."""
    pixel = picture.getpixel((int(x * 10), int(y * 10)))
    assert isinstance(pixel, tuple)
    return tuple(255 if v > 200 else 0 if v < 55 else v for v in pixel)


def ink(picture: Image.Image, left: int, top: int, right: int, bottom: int) -> float:
    part = picture.crop((left * 10, top * 10, right * 10, bottom * 10)).convert("L")
    return sum(part.histogram()[:128]) / (part.width * part.height)


def said(picture: Image.Image) -> bool:
    """Whether something is said at the foot."""
    return picture.height > PIXELS + 20 and picture.crop((0, PIXELS + 5, PIXELS, picture.height)).getcolors(2) is None


@pytest.mark.parametrize("form", [*FORMS, "letter with bold by outlines"])
def test_our_own_papers_look_like_their_pdf(form: str) -> None:
    pdf = render_pdf(FORMS[form]) if form in FORMS else render_pdf(FORMS["letter"], find_fonts("", ()))
    data = pdf_as_ofd(pdf)
    pages = render_page_image(pdf, "pdf", 0, 0).pages
    assert render_page_image(data, "ofd", 0, 0).pages == pages
    for page in range(1, pages + 1):
        ours, theirs = (render_page_image(d, kind, page, 2000) for d, kind in ((data, "ofd"), (pdf, "pdf")))
        assert differing(opened(ours.jpeg).convert("L"), opened(theirs.jpeg).convert("L")) < 0.005
        assert "".join(ours.text.split()) == "".join(theirs.text.split())


def test_paths_and_colours() -> None:
    blue = "<ofd:FillColor Value='255 255 0 0'/>"
    round_one = (
        "<ofd:PathObject ID='6' Boundary='60 60 30 30' LineWidth='2'><ofd:StrokeColor Value='0'/>"
        "<ofd:AbbreviatedData>M 5 15 A 10 10 0 0 1 25 15 A 10 10 0 0 1 5 15 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    hidden = square(80, 10, Visible="false")
    half = square(40, 40, Alpha="127")
    found = seen(ofd.ofd(square(10, 10) + square(30, 10, RED_FILL) + square(50, 10, blue) + hidden + half + round_one))
    assert [at(found, x, 15) for x in (15, 35, 85)] == [BLACK, RED, WHITE]
    assert at(found, 55, 15)[2] > 100 > at(found, 55, 15)[0]
    assert 100 < at(found, 45, 45)[0] < 160
    assert [at(found, x, 75) for x in (65, 75, 85)] == [BLACK, WHITE, BLACK] and at(found, 75, 65) == BLACK
    assert not said(found)


def test_an_object_stands_by_its_matrix_and_within_its_clip() -> None:
    clip = (
        "<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary='0 0 10 10' CTM='0.5 0 0 1 0 0'>"
        "<ofd:AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip>"
        "</ofd:Clips>"
    )
    clipped = square(50, 50, within=clip, box=20, CTM="2 0 0 2 0 0")
    found = seen(ofd.ofd(square(10, 10, box=30, CTM="2 0 0 2 5 0") + clipped))
    assert [at(found, x, 25) for x in (12, 17, 33, 37)] == [WHITE, BLACK, BLACK, WHITE]
    assert [at(found, x, 65) for x in (55, 65)] == [BLACK, WHITE]


def test_nothing_is_shown_outside_the_boundary_of_an_object() -> None:
    wide = square(10, 10).replace("L 10 0 L 10 10", "L 30 0 L 30 10")
    turned = square(10, 30, CTM="3 0 0 1 0 0")
    line = (
        "<ofd:PathObject ID='6' Boundary='10 50 30 0' LineWidth='2'><ofd:AbbreviatedData>M 0 0 L 30 0"
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )
    picture = image(10, 60).replace("CTM='20 0 0 20 0 0'", "CTM='40 0 0 40 0 0'")
    parts: dict[str, bytes | str] = {"Doc_0/Res/a.png": saved(Image.new("RGB", (8, 8), "black"), "PNG")}
    found = seen(ofd.ofd(wide + turned + line + picture, resources=media("a.png"), more=parts))
    assert [at(found, x, y) for y in (15, 35) for x in (15, 25)] == [BLACK, WHITE] * 2
    assert [at(found, 15, 75), at(found, 35, 75), at(found, 15, 85)] == [BLACK, WHITE, WHITE]
    # A line has no height: it is shown as other readers do.
    assert at(found, 25, 50) == BLACK and not said(found)


def test_the_parts_that_pages_share_lie_under_and_over_them() -> None:
    common = "".join(f"<ofd:TemplatePage ID='{n}' BaseLoc='Tpls/{n}.xml'/>" for n in (11, 12))
    wanted = "<ofd:Template TemplateID='11' ZOrder='Foreground'/><ofd:Template TemplateID='12'/>"
    more: dict[str, bytes | str] = {
        "Doc_0/Tpls/11.xml": ofd.page(square(10, 10, RED_FILL)),
        "Doc_0/Tpls/12.xml": ofd.page(square(30, 10, RED_FILL) + square(50, 10, RED_FILL)),
        "Doc_0/Annots/All.xml": f"<ofd:Annotations {ofd.NAMESPACE}><ofd:Page PageID='1'>"
        "<ofd:FileLoc>1.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Doc_0/Annots/1.xml": f"<ofd:PageAnnot {ofd.NAMESPACE}><ofd:Annot ID='1' Type='Stamp'>"
        f"<ofd:Appearance Boundary='60 60 20 20'>{square(5, 5, RED_FILL)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>",
    }
    grouped = (
        "<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='20' Width='20' Height='20'><ofd:Content>"
        f"{square(0, 0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    group = "<ofd:PageBlock ID='7'><ofd:CompositeObject ID='8' Boundary='10 60 20 20' ResourceID='20'/></ofd:PageBlock>"
    content = square(10, 10) + square(30, 10) + group
    annotations = "<ofd:Annotations>Annots/All.xml</ofd:Annotations>"
    data = ofd.ofd(content, resources=grouped, more=more, common=common, page=wanted, document=annotations)
    found = seen(data)
    assert [at(found, x, 15) for x in (15, 35, 55)] == [RED, BLACK, RED]
    assert [at(found, 15, 65), at(found, 70, 70), at(found, 62, 62)] == [BLACK, RED, WHITE]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "JB2"])
def test_pictures_and_scans(kind: str) -> None:
    data = scan() if kind == "JB2" else saved(half_black("L" if kind == "JPEG" else "1"), kind)
    found = seen(ofd.ofd(image(10, 10), resources=media("a.bin"), more={"Doc_0/Res/a.bin": data}))
    assert [at(found, x, 20) for x in (15, 25)] == [BLACK, WHITE] and not said(found)


def test_a_picture_that_is_shown_often_is_read_once() -> None:
    large = saved(half_black("1").resize((5000, 5000)), "PNG")
    data = ofd.ofd(image(10, 10) * 200, resources=media("a.png"), more={"Doc_0/Res/a.png": large})
    began = time.process_time()
    assert len(as_pdf(data)) < 200_000 and time.process_time() - began < 4


def test_text_stands_where_it_says() -> None:
    rows = text("一一一", 10, 10, DeltaX="g 2 30") + text("一一", 10, 40, DeltaX="0", DeltaY="20", high=40)
    found = seen(ofd.ofd(rows))
    assert all(ink(found, x, 10, x + 10, 20) > 0.02 for x in (10, 40, 70))
    assert all(ink(found, 10, y, 20, y + 10) > 0.02 for y in (40, 60)) and not ink(found, 20, 10, 40, 60)
    assert "".join(render_page_image(ofd.ofd(rows), "ofd", 1, 200).text.split()) == "一一一一一"


def test_a_font_that_is_not_there_is_replaced_and_that_is_said() -> None:
    assert said(seen(ofd.ofd(text("测", 10, 10))))
    broken = "<ofd:Fonts><ofd:Font ID='9' FontName='宋体'><ofd:FontFile>a.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>"
    found = seen(ofd.ofd(text("测", 10, 10), resources=broken, more={"Doc_0/Res/a.ttf": b"no font"}))
    assert ink(found, 10, 10, 20, 22) > 0.05 and said(found)


@pytest.mark.parametrize(
    "content",
    [
        square(10, 10, GRADIENT),
        image(10, 10, "404"),
        "<ofd:CompositeObject ID='7' Boundary='10 10 20 20' ResourceID='404'/>",
        "<ofd:VideoObject ID='7' Boundary='10 10 20 20'/>",
    ],
)
def test_what_is_not_drawn_is_said(content: str) -> None:
    found = seen(ofd.ofd(content))
    assert ink(found, 0, 0, 99, 99) == 0 and said(found)


@pytest.mark.parametrize(
    "page",
    [
        "<ofd:Content><ofd:Layer ID='7' Type='Custom'>{}</ofd:Layer></ofd:Content>",
        "<ofd:Template TemplateID='11' ZOrder='Middle'/>",
        "<ofd:Template TemplateID='404'/>",
        "<ofd:Template/>",
    ],
    ids=["layer", "order", "unknown", "unnamed"],
)
def test_a_layer_or_template_that_is_not_drawn_is_said(page: str) -> None:
    data = ofd.ofd(
        square(30, 10),
        common="<ofd:TemplatePage ID='11' BaseLoc='Tpl.xml'/>",
        more={"Doc_0/Tpl.xml": ofd.page(square(10, 10))},
        page=page.format(square(10, 10)),
    )
    found = seen(data)
    assert [at(found, x, 15) for x in (15, 35)] == [WHITE, BLACK] and said(found)


def test_a_seal_is_shown_and_said_to_be_unverified() -> None:
    named, parts = signed(saved(Image.new("RGBA", (40, 40), RED), "PNG"))
    found = seen(ofd.ofd(square(10, 10), more=parts, signatures=named))
    assert [at(found, 70, 70), at(found, 45, 45)] == [RED, WHITE] and said(found)
    named, parts = signed(b"no picture")
    assert said(seen(ofd.ofd(square(10, 10), more=parts, signatures=named)))


NESTED = (
    "<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='20'><ofd:Content>"
    "<ofd:CompositeObject ID='8' Boundary='0 0 9 9' ResourceID='20'/></ofd:Content></ofd:CompositeGraphicUnit>"
    "</ofd:CompositeGraphicUnits>"
)
ENTITY = f"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><ofd:Page {ofd.NAMESPACE}>&b;</ofd:Page>"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        ofd.ofd("<ofd:TextObject"),
        ofd.ofd("", more={"Doc_0/Document.xml": ofd.page("").replace("<ofd:Page ", "<ofd:Document ")[:90]}),
        ofd.ofd("<ofd:CompositeObject ID='8' Boundary='0 0 9 9' ResourceID='20'/>", resources=NESTED),
        ofd.ofd("", more={"Doc_0/Pages/Page_0/Content.xml": ENTITY}),
        ofd.ofd("", more={"Doc_0/Pages/Page_0/Content.xml": b"<a>" + b" " * (101 * 2**20) + b"</a>"}),
        ofd.ofd("", common="<ofd:DocumentRes/>", document="<ofd:Annotations>/etc/passwd</ofd:Annotations>"),
    ],
    ids=["no archive", "no XML", "half", "without end", "entity", "bomb", "outside"],
)
def test_damaged_or_hostile(data: bytes) -> None:
    with pytest.raises(RenderingFailed):
        render_page_image(data, "ofd", 1, 200)


def groups(levels: int, times: int, inner: str) -> bytes:
    """A page with a group that shows the next one so many times, and so on; the last one shows what is given."""
    shown = [
        f"<ofd:CompositeObject ID='8' Boundary='0 0 99 99' ResourceID='{n + 1}'/>" * times for n in range(1, levels)
    ]
    units = "".join(
        f"<ofd:CompositeGraphicUnit ID='{n}'><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>"
        for n, content in enumerate([*shown, inner], 1)
    )
    first = "<ofd:CompositeObject ID='8' Boundary='0 0 99 99' ResourceID='1'/>"
    return ofd.ofd(first, resources=f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")


@pytest.mark.parametrize(
    "data",
    [
        groups(19, 10, square(10, 10)),
        groups(3, 10, text("一" * 600, 10, 10)),
        groups(3, 100, square(10, 10).replace("L 0 10", "L 0 10 " * 200)),
        groups(5, 100, "<ofd:PageBlock ID='7'/>"),
        ofd.ofd(square(10, 10) * (MAX_WEIGHT + 1)),
        groups(40, 1, square(10, 10)),
    ],
    ids=["groups", "characters", "lines", "nothing", "one by one", "deep"],
)
def test_what_multiplies_is_refused_before_it_is_drawn(data: bytes) -> None:
    began = process_time_of_children()
    with pytest.raises(RenderingFailed):
        render_page_image(data, "ofd", 1, 200)
    # The program itself needs some of it to begin.
    assert process_time_of_children() - began < 4


def process_time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_group_may_be_shown_many_times() -> None:
    found = seen(groups(4, 10, square(10, 10)))
    assert at(found, 15, 15) == BLACK and not said(found)


def test_a_file_lists_more_pages_than_it_draws_at_once() -> None:
    data = ofd.ofd(square(10, 10))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        document = archive.read("Doc_0/Document.xml").decode()
    page = "<ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/>"
    many = ofd.ofd(square(10, 10), more={"Doc_0/Document.xml": document.replace(page, page * 3)})
    assert render_page_image(many, "ofd", 3, 200).pages == 3
    with pytest.raises(RenderingFailed):
        render_page_image(many, "ofd", 4, 200)


@pytest.mark.django_db
def test_it_is_seen_in_the_page(number: str) -> None:
    add(number, pdf_as_ofd(render_pdf(FORMS["letter"])), "复函.ofd")
    client = signed_in()
    for route in SHOWN:
        assert client.get(url(route[0], number, 1, *route[1:])).status_code == 200
    page = client.get(url("file-see", number, 1)).content.decode()
    assert "OFD 版式文件" in page and "第 1 页" in page


def test_it_is_bound_into_the_volume() -> None:
    data = pdf_as_ofd(render_pdf(FORMS["letter"]))
    whole, first = bound(data, "ofd")
    drawn = opened(render_page_image(whole, "pdf", first, 2400).jpeg).convert("L")
    plain = opened(render_page_image(data, "ofd", 1, 2400).jpeg).convert("L")
    # But for its number in the volume, in a corner.
    size = (min(drawn.width, plain.width), 2200)
    assert differing(drawn.crop((0, 200, *size)), plain.crop((0, 200, *size))) < 0.02


def test_words_are_blanked_in_it() -> None:
    data = ofd.ofd(text("甲乙丙丁", 10, 10, DeltaX="g 3 15"))
    found = Image.open(io.BytesIO(pages_without("乙丙", data, PIXELS)[1])).convert("RGB")
    found = found.resize((PIXELS, PIXELS * found.height // found.width))
    assert [ink(found, x, 10, x + 10, 20) > 0.01 for x in (10, 25, 40, 55)] == [True, False, False, True]
