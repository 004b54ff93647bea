"""What a scan's text suggests for a registration.

Suggestions only: the clerk compares each with the picture and takes it or not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LONGEST_SUBJECT = 60
_TITLE = re.compile(r"^(?:关于|有关).{2,50}(?:信|报告|申请|请求|反映|投诉|举报|建议|诉求|问题|情况)(?:书|信|材料|函)?$")
_TITLE_END = re.compile(r"(?:申请书|申诉书|信访信|反映信|举报信|投诉信|建议书|请求书|情况反映|情况说明)$")
_NAMED = re.compile(
    r"(?:信访人|反映人|申请人|投诉人|举报人|建议人|联系人|署名|签名|姓\s*名|本人)\s*(?:姓名)?\s*[:：]\s*([一-鿿㐀-䶿𠀀-𯟿·]{2,15})"
)
_ME = re.compile(r"(?:^|[，。；\s])(?:我叫|我是|本人)([一-鿿㐀-䶿·]{2,4})(?=[，,。（(])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-—– ]\d{7,8}(?!\d)")
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_ADDRESS = re.compile(r"(?:住址|地址|住所|通讯地址|联系地址)\s*[:：]\s*([^\n]{4,80})")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MARKS = "10X98765432"
_INDENT = "　　"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name or number that somebody must compare with the picture.

    `field` is the person's field of the form; `doubt` says what looks wrong in it.
    """

    field: str
    label: str
    value: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class OcrSuggestions:
    """`subject` may be empty: better none than a wrong one."""

    subject: str
    body: str
    people: tuple[Suggestion, ...]


def suggest_from_ocr(pages: Sequence[str]) -> OcrSuggestions:
    """Make subject, text and suggestions from the texts of a scan's pages, with lines as they are on the paper."""
    lines = [line.rstrip() for page in pages for line in page.split("\n") if line.strip()]
    return OcrSuggestions(_subject(lines), _body(lines), tuple(_people("\n".join(line.strip() for line in lines))))


def _subject(lines: Sequence[str]) -> str:
    for line in (line.strip(" 　《》") for line in lines[:6]):
        if len(line) <= _LONGEST_SUBJECT and (_TITLE.search(line) or _TITLE_END.search(line)):
            return line
    return ""


def _body(lines: Sequence[str]) -> str:
    """Join lines that belong together: a paragraph begins indented, or after a line that stops short."""
    if not lines:
        return ""
    full = sorted(len(line.strip()) for line in lines)[-max(1, len(lines) // 4)]
    paragraphs = [lines[0].strip()]
    for before, line in pairwise(lines):
        short = len(before.strip()) < full * 0.85
        if line.startswith(_INDENT) or short:
            paragraphs.append(line.strip())
        else:
            glue = " " if before[-1].isascii() and before[-1].isalnum() and line[0].isascii() else ""
            paragraphs[-1] += glue + line.strip()
    return "\n".join(paragraphs)


def _people(text: str) -> Iterator[Suggestion]:
    seen = set()
    for found in _found(text):
        if (found.field, found.value) not in seen:
            seen.add((found.field, found.value))
            yield found


def _found(text: str) -> Iterator[Suggestion]:
    for pattern in (_NAMED, _ME):
        for match in pattern.finditer(text):
            yield Suggestion("name", "姓名", match[1])
    for match in _MOBILE.finditer(text):
        yield Suggestion("phone", "电话", re.sub(r"\D", "", match[0]))
    for match in _LANDLINE.finditer(text):
        yield Suggestion("phone", "电话", re.sub(r"[^\d]+", "-", match[0]))
    for match in _ID.finditer(text):
        number = match[0].upper()
        yield Suggestion("id_number", "证件号码", number, "" if _adds_up(number) else "校验位不符，可能认错了数字")
    for match in _ADDRESS.finditer(text):
        yield Suggestion("address", "住址", match[1].strip())


def _adds_up(number: str) -> bool:
    """Tell whether the last digit of an identity number agrees with the others (GB 11643)."""
    return _MARKS[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11] == number[17]
