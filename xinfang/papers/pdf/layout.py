"""Content as the plain data that the templates read: numbers of headings, words without unseen characters."""

import re
from collections.abc import Iterable
from typing import Any

from xinfang.papers.content import Block, Break, Content, Heading, Para, Picture, Sign, Table, chinese_day
from xinfang.papers.layout import columns_of, copies_of, feet_of, house_name, label_of

from .fonts import unseen

_DIGITS = "〇一二三四五六七八九"
_LONG_RUN = re.compile(r"[!-~]{17,}")
"""What has no place to break: addresses of pages, long numbers. It would run off the paper."""
_MAY_BREAK = "\u200b"


def clean(text: str) -> str:
    """The words as they are printed: without what leaves no ink, long runs of Latin letters breakable."""
    return _LONG_RUN.sub(lambda run: _MAY_BREAK.join(run[0]), "\n".join(map(_whole, text.splitlines())))


def _whole(text: str) -> str:
    """The same for words that stay on one line."""
    return "".join(c for c in " ".join(text.splitlines()).replace("\t", " ") if not unseen(c))


def chinese_number(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    """一、（一） 1. （1）: GB/T 9704-2012 7.3.3."""
    return (f"{chinese_number(number)}、", f"（{chinese_number(number)}）", f"{number}.", f"（{number}）")[level - 1]


def data_of(content: Content) -> dict[str, Any]:
    """Everything a template needs, as JSON would have it."""
    blocks, feet = feet_of(content)
    return {
        "form": content.form.value,
        "title": clean(content.title),
        "department": _whole(house_name(content)),
        "number": _whole(content.number),
        "addressee": clean(content.addressee),
        "blocks": _blocks(blocks),
        "feet": [[_label(name) for name in sign.labels] for sign in feet],
        "attachments": [clean(a) for a in content.attachments],
        "signer": _whole(content.signer),
        "day": chinese_day(content.day),
        "date": [content.day.year, content.day.month, content.day.day] if content.day else [],
        "sealed": content.sealed,
        "note": clean(content.note),
        "copies": "，".join(map(clean, copies_of(content))),
        "printed_by": clean(content.printed_by),
        "urgency": _whole(content.urgency),
        "approver": _whole(content.approver),
        "marks": "　".join(_whole(m) for m in content.marks),
    }


def _label(name: str) -> str:
    return clean(label_of(name)).rstrip(":") + "："


def _blocks(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    counts = [0, 0, 0, 0]
    found: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Para):
            found.append({"is": "para", "text": clean(block.text), "indent": block.indent})
        elif isinstance(block, Heading):
            level = min(max(block.level, 1), 4)
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
            text = heading_number(level, counts[level - 1]) + clean(block.text)
            found.append({"is": "heading", "level": level, "text": text})
        elif isinstance(block, Table):
            found.append(_table(block))
        elif isinstance(block, Sign):
            found.append({"is": "sign", "labels": [_label(name) for name in block.labels]})
        elif isinstance(block, Picture):
            size = {"width": block.width, "height": block.height}
            found.append({"is": "picture", "svg": block.drawing.svg, "words": clean(block.words), **size})
        elif isinstance(block, Break):
            found.append({"is": "break"})
    return found


def _table(table: Table) -> dict[str, Any]:
    rows = [
        [{"text": clean(c.text), "span": c.span, "lines": c.lines, "label": c.label} for c in row] for row in table.rows
    ]
    return {"is": "table", "widths": columns_of(table), "head": table.head, "rows": rows}
