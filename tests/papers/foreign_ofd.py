"""OFD as readers that aren't ours see it: ofdkit its text, ofd.js in a browser its pages (`ofd_js/README.md`)."""

import base64
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import ofdkit
import pypdfium2
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.papers.word import changed

OFD_JS = Path(__file__).with_name("ofd_js") / "ofd.umd.min.js"
SCALE = 8
"""Pixels in a millimetre: 203 dots an inch."""
_DRAW = """async ([file, fonts, scale]) => {
    const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
    for (const [name, font] of fonts) document.fonts.add(await new FontFace(name, bytes(font)).load());
    const read = await new Promise((success, fail) =>
        ofd.parseOfdDocument({ofd: new File([bytes(file)], 'paper.ofd'), success, fail}));
    ofd.setPageScale(scale);
    for (const page of ofd.renderOfdByScale(read[0])) {
        page.style.marginBottom = '0';
        document.body.append(page);
    }
    await document.fonts.ready;
}"""


def part(data: bytes, name: str) -> ElementTree.Element:
    """A part of the archive as XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own output


def fonts_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The name and the file of each font."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for font in part(data, "Doc_0/PublicRes.xml").findall(".//{*}Font"):
            yield font.attrib["FontName"], archive.read(f"Doc_0/Res/{font.findtext('{*}FontFile')}")


def texts_of(data: bytes) -> list[str]:
    """What each page says, without blanks, in the order in which it is drawn."""
    with ofdkit.open(data) as document:
        return ["".join("".join(run.text for run in page.runs).split()) for page in document.pages]


def drawn(data: bytes, browser: Browser) -> list[Image.Image]:
    """The pages as ofd.js draws them, in greys."""
    # ofd.js knows a font by its name alone, and takes one called 楷体 or 黑体 for that of the machine.
    found = list(fonts_of(data))
    renamed = changed(data, "Doc_0/PublicRes.xml", lambda text: _numbered(text, [name for name, _ in found]))
    fonts = [(f"font-{n}", base64.b64encode(font).decode()) for n, (_, font) in enumerate(found)]
    context = browser.new_context(viewport={"width": 300 * SCALE, "height": 300 * SCALE}, offline=True)
    try:
        page = context.new_page()
        page.set_content("<body style='margin: 0'></body>")
        page.add_script_tag(path=OFD_JS)
        page.evaluate(_DRAW, [base64.b64encode(renamed).decode(), fonts, SCALE])
        sheets = page.locator("body > div").all()
        return [Image.open(io.BytesIO(sheet.screenshot())).convert("L") for sheet in sheets]
    finally:
        context.close()


def _numbered(text: str, names: list[str]) -> str:
    for n, name in enumerate(names):
        text = text.replace(f'"{name}"', f'"font-{n}"')
    return text


def printed(pdf: bytes) -> list[Image.Image]:
    """The pages of a PDF in the same size, in greys."""
    return [p.render(scale=SCALE * 25.4 / 72).to_pil().convert("L") for p in pypdfium2.PdfDocument(pdf)]


def differing(one: Image.Image, other: Image.Image) -> float:
    """Which part of the pixels differs by more than a quarter of black; pages may be a pixel longer than each other."""
    size = (min(one.width, other.width), min(one.height, other.height))
    assert max(one.width, other.width) - size[0] <= 1 and max(one.height, other.height) - size[1] <= 1
    counts = ImageChops.difference(one.crop((0, 0, *size)), other.crop((0, 0, *size))).histogram()
    return sum(counts[65:]) / (size[0] * size[1])
