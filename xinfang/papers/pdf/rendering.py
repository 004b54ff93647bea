"""One typst compiler a process, kept open; what a paper says goes in as JSON, never as typst source."""

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from xinfang.papers.content import PaperContent, PaperForm, Paragraph
from xinfang.papers.pdf.template_data import template_data
from xinfang.papers.pdf_pages import page_count
from xinfang.papers.source import PaperError
from xinfang.procedure.words import PaperKind

from . import fonts as _fonts

_TEMPLATES = Path(__file__).parent / "data"
_turn = Lock()
_first_used_by = 0
"""The process that first set a paper.

Its threads don't live on in a copy of it (fork), which would wait for them for ever.
"""
_BOXED = re.compile(r'the text `"(.+)"` could not be displayed')


class Unprintable(PaperError):
    """A paper that can't be printed as it is.

    Its text tells the clerk which characters no font has, and what to do.
    """

    def __init__(self, chars: tuple[str, ...]) -> None:
        self.chars = chars
        named = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in chars[:10])
        more = f"等 {len(chars)} 个字" if len(chars) > 10 else ""
        super().__init__(
            f"本机没有字体能印出{named}{more}，为免姓名或内容缺字，文书没有生成。"
            "请管理员把含有这些字的字体文件放入 XINFANG_FONTS 所指的文件夹并重新启动，或改用其他写法。"
        )


_LINES, _CLOSER, _CLOSEST = 22, 23, 24
"""Lines of a page: as GB/T 9704-2012 5.2.3 asks, and where that would leave a page to the signature (7.3.5.5)."""

_LOWER_BLANKS = (0.8, 0.6)
"""How high the blanks of a form are, of what was asked for, where that takes it onto one page."""


def render_pdf(content: PaperContent, fonts: _fonts.FontSet | None = None) -> bytes:
    """Render the paper as PDF/A-2b; the same content with a day gives the same bytes.

    Where a line or two and the signature would stand on a second page of their own, the lines are set a little closer;
    where the end of a form would, the blanks in it are lower.

    Raises:
        Unprintable: a character would be printed as a box.
    """
    return _set(content, fonts)[0]


def pdf_and_lines(content: PaperContent) -> tuple[bytes, int]:
    """Return a paper as PDF and how many lines a page of it has: 22, or 23 or 24 where the paper is closed up.

    Raises:
        Unprintable: a character would be printed as a box.
    """
    return _set(content, None)


def _set(content: PaperContent, fonts: _fonts.FontSet | None) -> tuple[bytes, int]:
    fonts = fonts or _fonts.font_set()
    data = template_data(content)
    said = json.dumps(data, ensure_ascii=False)
    absent = _fonts.missing_characters(said, fonts)
    if absent:
        raise Unprintable(absent)
    rare, lower_by = _fonts.rare_characters(said, fonts)
    data |= {"rare": rare, "lower": lower_by}
    pdf = compile_template(data, fonts)
    if page_count(pdf) != 2:
        return pdf, _LINES
    if content.form not in (PaperForm.LETTER, PaperForm.DOCUMENT):
        for blanks in _LOWER_BLANKS:
            lower = compile_template(data | {"blanks": blanks}, fonts)
            if page_count(lower) == 1:
                return lower, _LINES
        return pdf, _LINES
    closest = compile_template(data | {"lines": _CLOSEST}, fonts)
    if page_count(closest) > 1:
        return pdf, _LINES
    closer = compile_template(data | {"lines": _CLOSER}, fonts)
    return (closer, _CLOSER) if page_count(closer) == 1 else (closest, _CLOSEST)


def compile_template(data: dict[str, Any], fonts: _fonts.FontSet) -> bytes:
    """Return what the templates make of the data.

    Raises:
        Unprintable: no font draws some characters as they are joined here.
        RuntimeError: this process was forked from one that has set papers.
        TypstError: a template is wrong.
    """
    families = {role.value: list(names) for role, names in fonts.families.items()}
    data = (
        {"lines": _LINES, "blanks": 1, "rare": "", "lower": 0}
        | data
        | {"fonts": families, "thin-titles": fonts.thin_titles}
    )
    # The compiler keeps what it has set for the next paper, and is one at a time.
    global _first_used_by
    with _turn:
        _first_used_by = _first_used_by or os.getpid()
        if _first_used_by != os.getpid():
            raise RuntimeError(
                "This process was forked from one that has set papers: start it by itself (spawn) instead."
            )
        try:
            pdf = _compiler(fonts.folders).compile(
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards="a-2b",
            )
        except typst.TypstError as error:
            # PDF/A allows no box either: signs that a font has one by one, but not joined as they are here.
            boxed = _BOXED.search(str(error))
            if boxed is None:
                raise
            raise Unprintable(tuple(dict.fromkeys(boxed[1]))) from None
    assert isinstance(pdf, bytes)
    return pdf


def warm_up_compiler() -> None:
    """Open the fonts and read the templates, which takes a process a second the first time.

    Called while the process waits for something else.
    """
    render_pdf(PaperContent(kind=PaperKind.REPORT_PACKAGE, form=PaperForm.SHEET, title="文", blocks=(Paragraph("文"),)))


@lru_cache(maxsize=4)
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    return typst.Compiler(
        input=str(_TEMPLATES / "paper.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts.fonts_in(folders),
        ignore_system_fonts=True,
    )
