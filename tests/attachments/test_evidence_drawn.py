"""Evidence is drawn as it is: no stroke of a black-and-white scan, no filled field and no seal of a PDF is left out."""

import io
import time

import numpy
import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String
from PIL import Image, ImageDraw

from tests.attachments import drawn, made
from tests.attachments.forms import Form
from xinfang.attachments.page_images import RenderingFailed, render_page_image
from xinfang.attachments.rendering_program import MAX_TEXT_CHARACTERS

UPPER, SEAL = (150, 690, 450, 714), (350, 300, 470, 420)
BOX = (150, 690, 170, 710)
WIDTHS = (1200, 2400, 3000)


def page(dpi: int) -> Image.Image:
    """Thin lines as Song type has them, and words, in black on white, as a scanner that knows no grey makes them."""
    sheet = Image.new("L", (dpi * 2100 // 254, dpi * 2970 // 254), 255)
    pen, words = ImageDraw.Draw(sheet), drawn.font(dpi // 7)
    for n in range(60):
        top = dpi + n * (dpi // 9)
        pen.line((dpi // 2, top, dpi * 3, top), fill=0, width=max(1, dpi // 150))
    for n in range(8):
        pen.text((dpi * 4, dpi + n * dpi // 3), "二〇二三年十二月三日", font=words, fill=0)
    return sheet.point(lambda value: 255 if value > 127 else 0)


def packed(sheet: Image.Image, form: str) -> tuple[bytes, str]:
    """The page in a form of file, with the code of its kind."""
    target = io.BytesIO()
    if form == "tiff G4":
        sheet.convert("1").save(target, "TIFF", compression="group4")
    elif form == "tiff 1 bit":
        sheet.convert("1").save(target, "TIFF")
    elif form == "png 1 bit":
        sheet.convert("1").save(target, "PNG")
    elif form == "png palette":
        sheet.convert("RGB").quantize(8).save(target, "PNG")
    elif form == "gif":
        sheet.convert("P").save(target, "GIF")
    elif form == "bmp 1 bit":
        sheet.convert("1").save(target, "BMP")
    elif form == "png palette, clear paper":
        sheet.convert("RGB").quantize(2, dither=Image.Dither.NONE).save(target, "PNG", transparency=_paper(sheet))
    elif form == "png palette, half clear paper":
        clear = sheet.convert("RGB").quantize(2, dither=Image.Dither.NONE)
        paper = _paper(sheet)
        clear.save(target, "PNG", transparency=bytes(0 if n == paper else 255 for n in range(256)))
    elif form == "tiff palette and alpha":
        sheet.convert("RGB").quantize(8).convert("PA").save(target, "TIFF")
    elif form == "png grey and alpha":
        Image.merge("LA", (Image.new("L", sheet.size, 0), sheet.point(lambda value: 255 - value))).save(target, "PNG")
    elif form == "png grey, clear white":
        sheet.save(target, "PNG", transparency=255)
    elif form == "png colours, clear white":
        sheet.convert("RGB").save(target, "PNG", transparency=(255, 255, 255))
    else:
        raise LookupError(form)
    kind = form.split()[0]
    return target.getvalue(), kind


def _paper(sheet: Image.Image) -> int:
    return sheet.convert("RGB").quantize(2, dither=Image.Dither.NONE).getpixel((0, 0))


FORMS = (
    "tiff G4",
    "tiff 1 bit",
    "png 1 bit",
    "png palette",
    "gif",
    "bmp 1 bit",
    "png palette, clear paper",
    "png palette, half clear paper",
    "tiff palette and alpha",
    "png grey and alpha",
    "png grey, clear white",
    "png colours, clear white",
)


def grey(jpeg: bytes) -> numpy.ndarray:
    return numpy.asarray(Image.open(io.BytesIO(jpeg)).convert("L")).astype(int)


class TestPictures:
    @pytest.mark.parametrize("form", FORMS)
    def test_no_stroke_is_lost_when_a_page_without_greys_is_made_smaller(self, form):
        sheet = page(300)
        whole = io.BytesIO()
        sheet.save(whole, "PNG")
        data, kind = packed(sheet, form)
        right, found = (
            grey(render_page_image(whole.getvalue(), "png", 1, 1200).jpeg),
            grey(render_page_image(data, kind, 1, 1200).jpeg),
        )
        assert found.shape == right.shape
        # Not one row of the sixty lines is missing, and nothing else differs but by a breath of grey.
        assert abs(found - right).mean() < 2
        scale = 1200 / max(sheet.size)
        for n in range(60):
            row = round((300 + n * 33) * scale)
            assert found[row - 1 : row + 3, 200:300].min() < 200, n

    @pytest.mark.parametrize("dpi", [300, 600])
    @pytest.mark.parametrize("longest", WIDTHS)
    def test_as_black_as_the_grey_scan_of_the_same_page(self, dpi, longest):
        sheet = page(dpi)
        whole = io.BytesIO()
        sheet.save(whole, "PNG")
        right = 255 - grey(render_page_image(whole.getvalue(), "png", 1, longest).jpeg)
        found = 255 - grey(render_page_image(packed(sheet, "tiff G4")[0], "tiff", 1, longest).jpeg)
        assert 0.97 < found.sum() / right.sum() < 1.03
        assert abs(found - right).mean() < 2

    def test_sixteen_bits_of_grey_and_four_printing_colours_stay_right(self):
        target = io.BytesIO()
        Image.fromarray(numpy.full((50, 50), 0x8000, dtype=numpy.uint16)).save(target, "PNG")
        assert abs(grey(render_page_image(target.getvalue(), "png", 1, 160).jpeg).mean() - 128) < 3
        target = io.BytesIO()
        Image.fromarray(numpy.full((50, 50), 0x8000, dtype=numpy.uint16)).save(target, "TIFF")
        assert abs(grey(render_page_image(target.getvalue(), "tiff", 1, 160).jpeg).mean() - 128) < 3
        target = io.BytesIO()
        Image.new("RGB", (50, 50), (250, 10, 10)).convert("CMYK").save(target, "JPEG")
        red = (
            Image.open(io.BytesIO(render_page_image(target.getvalue(), "jpg", 1, 160).jpeg))
            .convert("RGB")
            .getpixel((25, 25))
        )
        assert red[0] > 200 and red[1] < 60

    @pytest.mark.parametrize(("clear", "seen"), [(None, 128), (0, 128), (0x8000, 255)])
    def test_sixteen_bits_of_grey_with_one_that_is_clear(self, clear, seen):
        found = grey(render_page_image(made.png16(0x8000, clear), "png", 1, 30).jpeg)
        assert abs(found.mean() - seen) < 3

    def test_sixteen_bits_of_grey_with_the_higher_byte_first(self):
        found = grey(render_page_image(made.tiff16(0x8000), "tiff", 1, 30).jpeg)
        assert abs(found.mean() - 128) < 3

    def test_every_page_of_a_black_and_white_fax(self):
        target = io.BytesIO()
        first, second = page(100).convert("1"), page(100).rotate(90, expand=True).convert("1")
        first.save(target, "TIFF", save_all=True, append_images=[second], compression="group4")
        found = [render_page_image(target.getvalue(), "tiff", n, 800) for n in (1, 2)]
        sizes = [Image.open(io.BytesIO(f.jpeg)).size for f in found]
        assert [f.pages for f in found] == [2, 2] and sizes[0][0] < sizes[0][1] and sizes[1][0] > sizes[1][1]

    def test_a_signature_on_clear_ground_is_black_on_white(self):
        target = io.BytesIO()
        clear = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
        ImageDraw.Draw(clear).line((20, 20, 380, 180), fill=(0, 0, 0, 255), width=6)
        clear.save(target, "PNG")
        found = grey(render_page_image(target.getvalue(), "png", 1, 160).jpeg)
        assert found[5, 150] > 240 and found.min() < 60


def ink(data: bytes, box: tuple[float, ...], *, longest: int = 1263, page: int = 1) -> tuple[int, int]:
    """How many dark and how many red pixels are in a box of an A4 page, in points from below."""
    found = Image.open(io.BytesIO(render_page_image(data, "pdf", page, longest).jpeg)).convert("RGB")
    scale = found.height / 842
    left, low, right, high = (v * scale for v in box)
    part = numpy.asarray(found.crop((int(left), int(found.height - high), int(right), int(found.height - low))))
    red = (part[..., 0] > 150) & (part[..., 1] < 100) & (part[..., 2] < 100)
    return int((part.min(axis=2) < 128).sum() - red.sum()), int(red.sum())


class TestFilledFields:
    @pytest.mark.parametrize("listed", [True, False])
    def test_a_field_that_was_filled_in(self, listed):
        form = Form()
        form.text("巴特尔·苏和 请求补发补助", listed=listed)
        assert ink(form.done(), UPPER)[0] > 300

    @pytest.mark.parametrize("asked", [None, False, True])
    @pytest.mark.parametrize("font", ["/C1 14 Tf 0 g", "/F1 12 Tf 0 g", "/Gone 12 Tf 0 g", ""])
    def test_a_value_whose_look_was_left_to_the_reader(self, asked, font):
        form = Form()
        field = form.text("巴特尔·苏和 请求补发补助", drawn=False)
        field.DA = String(font)
        if asked is not None:
            form.pdf.Root.AcroForm.NeedAppearances = asked
        assert ink(form.done(), UPPER)[0] > 300

    def test_a_page_with_fields_whose_form_was_lost(self):
        form = Form(acroform=False)
        form.text("巴特尔·苏和 请求补发补助")
        form.seal()
        assert ink(form.done(), UPPER)[0] > 300 and ink(form.done(), SEAL)[1] > 1000

    def test_a_tick_and_no_tick(self):
        form = Form()
        form.tick(BOX)
        form.tick((250, 690, 270, 710), on=False)
        assert ink(form.done(), BOX)[0] > 30 and ink(form.done(), (250, 690, 270, 710)) == (0, 0)

    def test_the_radio_button_that_was_chosen_and_no_other(self):
        form = Form()
        form.radio([BOX, (200, 690, 220, 710)], 1)
        assert ink(form.done(), BOX) == (0, 0) and ink(form.done(), (200, 690, 220, 710))[0] > 80

    @pytest.mark.parametrize("combo", [True, False])
    @pytest.mark.parametrize("looks", [True, False])
    def test_what_was_chosen_from_a_list(self, combo, looks):
        form = Form()
        form.choice("补助", ["补助", "项目"], (150, 650, 450, 714), combo=combo, drawn=looks)
        assert ink(form.done(), (150, 650, 450, 714))[0] > 80

    def test_a_hidden_field_stays_hidden(self):
        form = Form()
        form.text("不显示", F=2)
        assert ink(form.done(), UPPER) == (0, 0) and render_page_image(form.done(), "pdf", 1, 160).written == ""

    def test_fields_on_a_page_further_behind_and_in_a_packed_file(self):
        form = Form(pages=3)
        form.seal()
        form.pdf.pages.append(form.pdf.pages[0])
        del form.pdf.pages[0]
        data = form.done(object_stream_mode=ObjectStreamMode.generate)
        assert ink(data, SEAL, page=3)[1] > 1000 and ink(data, SEAL) == (0, 0)


class TestSeals:
    @pytest.mark.parametrize("longest", [160, *WIDTHS])
    def test_an_electronic_seal_is_red_at_every_size(self, longest):
        form = Form()
        form.seal()
        assert ink(form.done(), SEAL, longest=longest)[1] > longest**2 / 800

    def test_beside_a_form_made_for_another_program(self):
        form = Form()
        form.seal()
        form.pdf.Root.AcroForm.XFA = form.pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        assert ink(form.done(), SEAL)[1] > 1000

    def test_only_a_seal_and_no_list_of_fields(self):
        form = Form()
        form.seal(listed=False)
        assert ink(form.done(), SEAL)[1] > 1000


class TestWritten:
    """What is given to search of fields and remarks."""

    def test_values_of_fields_and_remarks_and_nothing_hidden(self):
        form = Form()
        form.text("巴特尔·苏和")
        form.text("没有外观的值", "middle", drawn=False)
        form.text("密码不是证据", (10, 10, 90, 30), Ff=1 << 13)
        form.text("看不见", (10, 40, 90, 60), F=2)
        form.choice("项目验收", ["补助", "项目验收"], (150, 600, 450, 620), combo=True)
        form.choice("补助发放", ["补助发放", "别的"], (150, 640, 450, 660), combo=False)
        form.tick(BOX)
        form.seal()
        form.note("收到 2026-11-03")
        form.note("此处与原件不符", "Text")
        form.note("隐藏的话", F=2)
        found = render_page_image(form.done(), "pdf", 1, 160)
        assert found.written.splitlines() == [
            "巴特尔·苏和",
            "没有外观的值",
            "项目验收",
            "补助发放",
            "收到 2026-11-03",
            "此处与原件不符",
        ]
        assert found.text == ""

    def test_the_same_value_in_several_places_is_given_once(self):
        form = Form()
        form.text("其木格")
        form.text("其木格", "middle")
        assert render_page_image(form.done(), "pdf", 1, 160).written == "其木格"

    def test_a_value_longer_than_a_page_is_bounded(self):
        form = Form()
        form.text("长" * 400_000, drawn=False)
        assert len(render_page_image(form.done(), "pdf", 1, 160).written) <= MAX_TEXT_CHARACTERS


def hostile(name: str) -> bytes:
    form = Form()
    if name == "thousands of fields":
        for n in range(6000):
            form.text("值", (10, 10 + n % 700, 50, 30 + n % 700), drawn=False)
    elif name == "an enormous look":
        form.seal().AP.N = form.look(b"1 0 0 rg 0 0 120 120 re f\n" * 200_000, 120, 120)
    elif name == "a look inside itself":
        look = form.look(b"/Me Do /Me Do", 120, 120)
        look.Resources.XObject = Dictionary(Me=look)
        form.seal().AP.N = look
    elif name == "looks that multiply":
        look = form.look(b"0 0 9 9 re f", 120, 120)
        for _ in range(24):
            above = form.look(b"/X Do " * 16, 120, 120)
            above.Resources.XObject = Dictionary(X=look)
            look = above
        form.seal().AP.N = look
    elif name == "a field that is its own child":
        field = form.seal()
        field.Kids = Array([field])
        field.Parent = field
    elif name == "children in a ring":
        one, two = form.text("一"), form.text("二", "middle")
        one.Kids, two.Kids = Array([two]), Array([one])
        one.Parent, two.Parent = two, one
    elif name == "a deep tree of fields":
        below = form.text("底")
        for _ in range(5000):
            above = form.pdf.make_indirect(Dictionary(T=String("层")))
            above.Kids, below.Parent = Array([below]), above
            below = above
        form.fields.append(below)
    elif name == "a box without end":
        form.text("值", (-1e30, -1e30, 1e30, 1e30), drawn=False)
    elif name == "a value without end":
        form.text("长" * 500_000, drawn=False, Ff=1 << 12)
    elif name == "a program that would run":
        act = Dictionary(S=Name.JavaScript, JS=String("while(true){}"))
        form.text("1", AA=Dictionary(K=act, F=act, V=act, C=act))
        form.pdf.Root.AcroForm.CO = Array([form.fields[0]])
        form.pdf.Root.OpenAction = act
    else:
        raise LookupError(name)
    return form.done(compress_streams=True)


@pytest.mark.parametrize(
    "name",
    [
        "thousands of fields",
        "an enormous look",
        "a look inside itself",
        "looks that multiply",
        "a field that is its own child",
        "children in a ring",
        "a deep tree of fields",
        "a box without end",
        "a value without end",
        "a program that would run",
    ],
)
def test_a_form_that_was_made_to_harm_is_drawn_or_refused_within_the_limits(name):
    data, began = hostile(name), time.monotonic()
    try:
        found = render_page_image(data, "pdf", 1, 1200)
        assert found.jpeg.startswith(b"\xff\xd8") and len(found.written) <= MAX_TEXT_CHARACTERS
    except RenderingFailed:
        pass
    assert time.monotonic() - began < 40


def test_the_program_that_draws_pdf_can_run_no_script():
    """It is asked to set up a form without a place for scripts, and was built without them."""
    import pypdfium2

    assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags)
