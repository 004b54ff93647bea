"""Content as the plain data that the templates read: numbers of headings, words without unseen characters."""

import re
from collections.abc import Iterable
from typing import Any

from xinfang.papers.content import (
    Block,
    Caption,
    Heading,
    PageBreak,
    PaperContent,
    PaperTable,
    Paragraph,
    Picture,
    SignatureLine,
    SignedHere,
    chinese_day,
)
from xinfang.papers.pdf.fonts import leaves_no_ink
from xinfang.papers.shared_layout import (
    column_widths,
    copy_recipients,
    department_heading,
    is_justified,
    lines_of_rows,
    page_feet,
    signature_label,
    stays_whole,
    table_stays_whole,
    title_lines,
)

_DIGITS = "〇一二三四五六七八九"
_LONG_RUN = re.compile(r"[!-~]{17,}")
"""What has no place to break: addresses of pages, long numbers. It would run off the paper."""
_MAY_BREAK = "\u200b"


def printable_text(text: str) -> str:
    """Return the words as they are printed: without what leaves no ink, long runs of Latin letters breakable."""
    return _LONG_RUN.sub(lambda run: _MAY_BREAK.join(run[0]), "\n".join(map(_whole, text.splitlines())))


def _whole(text: str) -> str:
    """Return words that stay on one line as they are printed."""
    return "".join(c for c in " ".join(text.splitlines()).replace("\t", " ") if not leaves_no_ink(c))


def chinese_number(number: int) -> str:
    """Write 1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    """Write a heading's number: 一、（一） 1. （1）, by GB/T 9704-2012 7.3.3."""
    return (f"{chinese_number(number)}、", f"（{chinese_number(number)}）", f"{number}.", f"（{number}）")[level - 1]


def template_data(content: PaperContent) -> dict[str, Any]:
    """Return everything a template needs, as JSON would have it."""
    blocks, feet = page_feet(content)
    return {
        "form": content.form.value,
        "title": _whole(content.title),
        "title_lines": [printable_text(line) for line in title_lines(content.title)],
        "department": _whole(department_heading(content)),
        "number": _whole(content.number),
        "addressee": printable_text(content.addressee),
        "blocks": _blocks(blocks),
        "feet": [[_label(name) for name in sign.labels] for sign in feet],
        "attachments": [printable_text(a) for a in content.attachments],
        "signer": _whole(content.signer),
        "day": chinese_day(content.day),
        "date": [content.day.year, content.day.month, content.day.day] if content.day else [],
        "sealed": content.sealed,
        "note": printable_text(content.note),
        "copies": "，".join(map(printable_text, copy_recipients(content))),
        "printed_by": printable_text(content.printed_by),
        "urgency": _whole(content.urgency),
        "approver": _whole(content.approver),
        "marks": "　".join(_whole(m) for m in content.marks),
    }


def _label(name: str) -> str:
    return printable_text(signature_label(name)).rstrip(":") + "："


def _blocks(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    counts = [0, 0, 0, 0]
    found: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append({"is": "para", "text": printable_text(block.text), "indent": block.indent})
        elif isinstance(block, Heading):
            level = min(max(block.level, 1), 4)
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
            text = heading_number(level, counts[level - 1]) + printable_text(block.text)
            found.append({"is": "heading", "level": level, "text": text})
        elif isinstance(block, Caption):
            # A heading without a number: it stays on the page of what follows.
            found.append({"is": "heading", "level": 1, "text": printable_text(block.text)})
        elif isinstance(block, PaperTable):
            found.append(_table(block))
        elif isinstance(block, SignatureLine):
            found.append({"is": "sign", "labels": [_label(name) for name in block.labels]})
        elif isinstance(block, Picture):
            size = {"width": block.width, "height": block.height}
            found.append({"is": "picture", "svg": block.drawing.svg, "words": printable_text(block.words), **size})
        elif isinstance(block, PageBreak):
            found.append({"is": "break"})
        elif isinstance(block, SignedHere):
            found.append({"is": "signed"})
    return found


def _table(table: PaperTable) -> dict[str, Any]:
    widths = column_widths(table)
    rows = []
    for row, high in zip(table.rows, lines_of_rows(table), strict=True):
        cells, at = [], 0
        for c in row:
            wide, at = sum(widths[at : at + c.span]), at + c.span
            said = {"text": printable_text(c.text), "span": c.span, "lines": c.lines, "label": c.label, "wide": wide}
            cells.append(said | {"justified": is_justified(wide), "whole": stays_whole(high)})
        rows.append(cells)
    return {"is": "table", "widths": widths, "head": table.head, "whole": table_stays_whole(table), "rows": rows}
