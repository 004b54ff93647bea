"""The registration sheet that a visitor signed on the tablet, as a PDF: what they read, and what they drew below it."""

import base64
import binascii
import io
import json
from functools import lru_cache
from pathlib import Path
from threading import Lock

import typst
from PIL import Image, UnidentifiedImageError

from xinfang.papers.pdf import fonts
from xinfang.papers.pdf.template_data import printable_text
from xinfang.procedure.errors import XinfangError
from xinfang.vault.sm_ciphers import sm3

TITLE = "信访事项登记表"
STATEMENT = "以上内容已经逐项读给我听（我已看过），与我反映的一致。"
NOT_SIGNED = "没有签名。请信访人用手指或者笔在框内签名；不能签的，打印后在纸上签名（按手印），再扫描添加。"
_PREFIX = "data:image/png;base64,"
_MAX_CHARACTERS = 1_500_000
_MAX_PIXELS = 4_000_000
_LEAST_INK = 60
"""Dark pixels that a signature has at least; less is a touch by mistake."""
_TEMPLATES = Path(__file__).parent / "data"
_turn = Lock()


class NotSigned(XinfangError):
    """What came is no signature. Its text says what to do."""

    def __init__(self) -> None:
        super().__init__(NOT_SIGNED)


def drawn_signature(sent: str) -> bytes:
    """Return a signature as the page sends it, drawn again as a black and white PNG of its own.

    Raises:
        NotSigned: it is none, or an empty one.
    """
    try:
        if not sent.startswith(_PREFIX) or len(sent) > _MAX_CHARACTERS:
            raise NotSigned
        data = base64.b64decode(sent[len(_PREFIX) :], validate=True)
        with Image.open(io.BytesIO(data), formats=["PNG"]) as drawn:
            if drawn.width * drawn.height > _MAX_PIXELS:
                raise NotSigned
            ink = drawn.convert("RGBA")
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise NotSigned from None
    white = Image.new("RGBA", ink.size, "white")
    white.alpha_composite(ink)
    grey = white.convert("L")
    if sum(grey.histogram()[:128]) < _LEAST_INK:
        raise NotSigned
    out = io.BytesIO()
    grey.save(out, "PNG", optimize=True)
    return out.getvalue()


def signed_sheet(rows: list[tuple[str, str]], signature: bytes, at: str) -> bytes:
    """Return the sheet as a PDF: `rows` are label and words as the visitor read them, `at` says when they signed."""
    found = fonts.font_set()
    absent = set(fonts.missing_characters("".join(words for _, words in rows), found))
    data = {
        "title": TITLE,
        "rows": [(label, _printable(words, absent)) for label, words in rows],
        "statement": STATEMENT,
        "signature": list(signature),
        "at": at,
        "digest": f"登记表文字的摘要（SM3）：{sm3(json.dumps(rows, ensure_ascii=False).encode()).hex()}",
        "fonts": {role.value: list(names) for role, names in found.families.items()},
    }
    with _turn:
        made = _compiler(found.folders).compile(
            format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
        )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _printable(words: str, absent: set[str]) -> str:
    # A sheet must be signed whatever is in it: a character that no font has is written by its code.
    return "".join(f"[U+{ord(c):04X}]" if c in absent else c for c in printable_text(words))


@lru_cache(maxsize=2)
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    return typst.Compiler(
        input=str(_TEMPLATES / "signed_sheet.typ"),
        root=str(_TEMPLATES),
        font_paths=fonts.fonts_in(folders),
        ignore_system_fonts=True,
    )
