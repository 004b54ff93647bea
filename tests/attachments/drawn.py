"""Real pages: photographs and scans drawn with Pillow, PDF with pictures and with text of their own."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LETTER = """关于科技特派员补助未发放问题的反映信
自治区科学技术厅：
　　本人其木格，担任某旗科技特派员已满三年，按照协议每月应领
取工作补助。自去年五月起，补助一直没有发放，多次询问旗科技局，
均答复预算正在调整，没有说明何时发放。
　　请求贵厅核实上述情况，说明未发放的原因，并督促有关单位尽
快补发。
联系电话：15000000001
地址：某盟某旗某苏木第三嘎查
反映人：其木格
"""


def font(size: int) -> ImageFont.FreeTypeFont:
    """A Chinese font of this machine; the tests' needs name it (fonts-noto-cjk)."""
    for place in (
        "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    ):
        if Path(place).exists():
            return ImageFont.truetype(place, size, index=2)
    raise FileNotFoundError("fonts-noto-cjk is missing; `scripts/needs test` says how to install it.")


def letter(text: str = LETTER, *, askew: float = 0.0) -> Image.Image:
    """A4 at 150 dots an inch, on paper that isn't quite white, lying askew by this many degrees."""
    sheet = Image.new("L", (1240, 1754), 250)
    pen, face = ImageDraw.Draw(sheet), font(29)
    for n, line in enumerate(text.splitlines()):
        pen.text((120, 150 + 52 * n), line, font=face, fill=25)
    return sheet.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=250) if askew else sheet


def jpeg(sheet: Image.Image, **options) -> bytes:
    target = io.BytesIO()
    sheet.convert("RGB").save(target, "JPEG", quality=85, **options)
    return target.getvalue()


def coloured(colour: str = "red", size: tuple[int, int] = (300, 200)) -> bytes:
    """A picture whose left upper corner is marked, so that turning it shows."""
    sheet = Image.new("RGB", size, "white")
    ImageDraw.Draw(sheet).rectangle((0, 0, size[0] // 3, size[1] // 3), fill=colour)
    target = io.BytesIO()
    sheet.save(target, "PNG")
    return target.getvalue()


def pdf_of(*sheets: Image.Image) -> bytes:
    """A scan: pages that are pictures."""
    target = io.BytesIO()
    first, *others = [sheet.convert("RGB") for sheet in sheets]
    first.save(target, "PDF", save_all=True, append_images=others, resolution=150)
    return target.getvalue()


def pdf_with_text(*pages: str) -> bytes:
    """A PDF that holds its text itself (ASCII), one page each."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        stream = b"BT /F1 14 Tf 60 760 Td (" + text.encode("ascii") + b") Tj ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [" + b" ".join(kids) + b"] /Count %d >>" % len(kids)
    whole, places = b"%PDF-1.7\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        whole
        + table
        + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(whole))
    )
