"""OFDs of others, made by hand: one page of 100 mm × 100 mm with what a test puts onto it."""

import io
import zipfile

from PIL import Image, ImageOps

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(content: str, *, resources: str = "", more: dict[str, bytes | str] | None = None, **parts: str) -> bytes:
    """An OFD with this on its page. `parts` are put into its entry, document and page: `signatures`, `common`, …"""
    files: dict[str, bytes | str] = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE} Version='1.0' DocType='OFD'><ofd:DocBody><ofd:DocInfo/>"
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{parts.get('signatures', '')}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 100 100</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        f"{parts.get('common', '')}</ofd:CommonData><ofd:Pages><ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/>"
        f"</ofd:Pages>{parts.get('document', '')}</ofd:Document>",
        "Doc_0/PublicRes.xml": f"<ofd:Res {NAMESPACE} BaseLoc='Res'>{resources}</ofd:Res>",
        "Doc_0/Pages/Page_0/Content.xml": page(content, parts.get("page", "")),
        **(more or {}),
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def page(content: str, before: str = "") -> str:
    return (
        f"<ofd:Page {NAMESPACE}>{before}<ofd:Content><ofd:Layer ID='2'>{content}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def square(
    left: int,
    top: int,
    fill: str = "<ofd:FillColor Value='0 0 0'/>",
    within: str = "",
    box: int = 10,
    **attributes: str,
) -> str:
    """A filled square of 10 mm in a box of its own, black unless `fill` says otherwise."""
    more = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return (
        f"<ofd:PathObject ID='3' Boundary='{left} {top} {box} {box}' Stroke='false' Fill='true'{more}>{within}{fill}"
        "<ofd:AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def text(said: str, left: int, top: int, size: int = 10, before: str = "", high: int = 0, **attributes: str) -> str:
    more = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return (
        f"<ofd:TextObject ID='4' Boundary='{left} {top} 90 {high or size * 2}' Font='9' Size='{size}'>{before}"
        f"<ofd:TextCode X='0' Y='{size}'{more}>{said}</ofd:TextCode></ofd:TextObject>"
    )


def image(left: int, top: int, ident: str = "8") -> str:
    return f"<ofd:ImageObject ID='5' Boundary='{left} {top} 20 20' CTM='20 0 0 20 0 0' ResourceID='{ident}'/>"


def media(name: str, ident: str = "8") -> str:
    entry = f"<ofd:MultiMedia ID='{ident}' Type='Image'><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>"
    return f"<ofd:MultiMedias>{entry}</ofd:MultiMedias>"


def half_black(mode: str = "1") -> Image.Image:
    """A picture whose left half is black."""
    picture = Image.new(mode, (64, 64), "white")
    picture.paste("black", (0, 0, 32, 64))
    return picture


def saved(picture: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind)
    return target.getvalue()


def scan() -> bytes:
    """The same in JBIG2, as scanners write it: a page, and one region in the coding of fax machines (MMR)."""
    tiff = io.BytesIO()
    # Pillow codes black as fax machines code white.
    ImageOps.invert(half_black("L")).convert("1").save(tiff, "TIFF", compression="group4")
    with Image.open(tiff) as opened:
        tags: dict[int, tuple[int, ...]] = dict(opened.tag_v2)  # type: ignore[attr-defined]
    start, length = tags[273][0], tags[279][0]
    coded = tiff.getvalue()[start : start + length]
    size = (64).to_bytes(4, "big") * 2

    def segment(number: int, kind: int, data: bytes) -> bytes:
        return number.to_bytes(4, "big") + bytes((kind, 0, 1)) + len(data).to_bytes(4, "big") + data

    head = b"\x97JB2\r\n\x1a\n\x01" + (1).to_bytes(4, "big")
    return head + segment(0, 48, size + bytes(11)) + segment(1, 38, size + bytes(9) + b"\x01" + coded)


def signed(picture: bytes) -> tuple[str, dict[str, bytes | str]]:
    """The entry and the parts of a signature whose seal is over 40 mm from 50, 50; the rest of it isn't looked at."""
    size = len(picture).to_bytes(4, "big")
    value = b"\x30\x84\0\0\0\0\x16\x02ES\x16\x03png\x04\x84" + size + picture + b"\x02\x01\x28"
    parts: dict[str, bytes | str] = {
        "Doc_0/Signs/Signatures.xml": f"<ofd:Signatures {NAMESPACE}>"
        "<ofd:Signature ID='1' Type='Seal' BaseLoc='Sign_0/Signature.xml'/></ofd:Signatures>",
        "Doc_0/Signs/Sign_0/Signature.xml": f"<ofd:Signature {NAMESPACE}><ofd:SignedInfo>"
        "<ofd:StampAnnot ID='1' PageRef='1' Boundary='50 50 40 40'/></ofd:SignedInfo>"
        "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>",
        "Doc_0/Signs/Sign_0/SignedValue.dat": value,
    }
    return "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>", parts
