"""`papers`: every paper of the demo's cases as PDF and Word file, with a sheet of small pictures to look at."""

import argparse
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.core.output import OK, WRONG_CALL, CommandFailed, print_json, print_line, write_file

if TYPE_CHECKING:
    from PIL.Image import Image

    from xinfang.papers.content import PaperContent
    from xinfang.procedure.words import PaperKind

MARK = "演示"
ACROSS, DOWN = 6, 3
WIDTH, GAP, LINE = 400, 24, 34
"""Of a contact sheet: pictures a row, rows, and their sizes in pixels."""


def add(commands: Any) -> None:
    """Add `papers`."""
    p = commands.add_parser("papers", help="把演示事项的全部文书写成 PDF、Word 和 OFD，附缩略图（正式使用时不可用）")
    p.add_argument("--out", type=Path, required=True, metavar="文件夹", help="写到哪个文件夹；没有则新建")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_papers, needs="database")


@dataclass(frozen=True)
class _Made:
    """One paper: what it is, whose it is, what it says."""

    kind: "PaperKind"
    case: str
    content: "PaperContent"


def run_papers(args: argparse.Namespace) -> int:
    """Write every kind of paper of the demo's cases as PDF, Word and OFD, with small pictures: `xinfang papers`.

    Raises:
        CommandFailed: this is no demo, where it would put everybody's letters, readable, into a folder.
    """
    from django.conf import settings

    if settings.MODE == "production":
        # It would put everybody's letters, readable, into a folder.
        raise CommandFailed(WRONG_CALL, "正式使用的系统不能把文书成批写到文件夹。请在“文书”页面逐件印发、打印。")
    from xinfang.core.clock import today
    from xinfang.papers.pdf import fallback_sentences, pdf_and_lines

    from .ofd import pdf_as_ofd
    from .word import render_docx

    args.out.mkdir(parents=True, exist_ok=True)
    pictures, written = [], []
    for made in _papers(today()):
        name = f"{_code(made.kind)}-{made.kind.value}"
        pdf, lines = pdf_and_lines(made.content)
        write_file(args.out / f"{name}.pdf", pdf)
        write_file(args.out / f"{name}.docx", render_docx(made.content, lines=lines))
        write_file(args.out / f"{name}.ofd", pdf_as_ofd(pdf))
        pages = _pages(pdf)
        pictures.append((f"{_code(made.kind)} {made.kind.label}", pages[0], len(pages)))
        written.append(
            {"paper": made.kind.value, "label": made.kind.label, "case": made.case, "file": name, "pages": len(pages)}
        )
    if not written:
        raise CommandFailed(WRONG_CALL, "没有演示事项。请先运行 xinfang demo（XINFANG_MODE=demo）。")
    sheets = _contact_sheets(pictures, args.out)
    if args.json:
        print_json({"papers": written, "sheets": [s.name for s in sheets], "fallbacks": list(fallback_sentences())})
        return OK
    print_line(f"已写出 {len(written)} 种文书，各有 PDF、Word 和 OFD 三种，缩略图 {len(sheets)} 张：{args.out}")
    for note in fallback_sentences():
        print_line(str(note))
    return OK


def _code(kind: "PaperKind") -> str:
    from xinfang.procedure.papers import PAPERS

    return PAPERS[kind].code


def _papers(day: date) -> Iterator[_Made]:
    """Yield every kind of paper once, each of the case that shows it best."""
    from xinfang.cases.access import open_case
    from xinfang.papers.queries.best_example_cases import example_case
    from xinfang.papers.wording import compose_paper, paper_content
    from xinfang.procedure.facts import SYSTEM
    from xinfang.procedure.papers import PAPERS

    for n, rule in enumerate(sorted(PAPERS.values(), key=lambda r: int(r.code[1:])), 1):
        found = example_case(rule.kind)
        if found is None:
            return
        petition, seq = found
        document = f"{rule.series}〔{day.year}〕{n}号" if rule.series else ""
        text = compose_paper(
            rule.kind, petition, open_case(SYSTEM, petition.number).facts, event_seq=seq, day=day, number=document
        )
        yield _Made(rule.kind, petition.number, paper_content(rule.kind, text, number=document, marks=(MARK,)))


def _pages(pdf: bytes) -> list["Image"]:
    """Draw the first page, and as many blanks as there are further pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        first = document[0]
        picture = first.render(scale=WIDTH / first.get_width()).to_pil()
        return [picture] * len(document)
    finally:
        document.close()


def _contact_sheets(pictures: list[tuple[str, "Image", int]], folder: Path) -> list[Path]:
    """Write sheets of small pictures with their names, as many as are needed."""
    from PIL import Image, ImageDraw

    each = ACROSS * DOWN
    height = max(p.height for _, p, _ in pictures) + LINE
    sheets = []
    for first in range(0, len(pictures), each):
        sheet = Image.new("RGB", (ACROSS * (WIDTH + GAP) + GAP, DOWN * (height + GAP) + GAP), "#d8dadd")
        draw, font = ImageDraw.Draw(sheet), _font()
        for place, (name, picture, pages) in enumerate(pictures[first : first + each]):
            left = GAP + (place % ACROSS) * (WIDTH + GAP)
            top = GAP + (place // ACROSS) * (height + GAP)
            more = f"（共{pages}页）" if pages > 1 else ""
            draw.text((left, top), f"{name}{more}", fill="black", font=font)
            sheet.paste(picture, (left, top + LINE))
        path = folder / f"contact-sheet-{first // each + 1}.png"
        drawn = io.BytesIO()
        sheet.save(drawn, "PNG")
        write_file(path, drawn.getvalue())
        sheets.append(path)
    return sheets


def _font() -> Any:
    """Return the Chinese font that ships as a package, so that the names are readable on any machine."""
    from PIL import ImageFont

    from xinfang.papers.pdf.fonts import bundled_font_folder

    faces = sorted(Path(bundled_font_folder()).rglob("*Sans*.otf"))
    return ImageFont.truetype(str(faces[0]), 20)
