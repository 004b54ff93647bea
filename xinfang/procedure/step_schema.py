"""From raw answers (a form, JSON, a stored event) to a frozen step, and back.

`step_field` declares a field once: its Chinese label, its type, whether it is personal data. The forms of the pages,
the command line, the import and the printed procedure all read the same declaration.
"""

import dataclasses
import re
import types
import typing
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NewType, TypeVar

from xinfang.procedure.dated_rules import filled
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.limits import MAX_LINE_CHARACTERS, MAX_TEXT_CHARACTERS
from xinfang.procedure.written_dates import NotADay, parse_day

from .words import Word

UnitCode = NewType("UnitCode", str)
StaffCode = NewType("StaffCode", str)
CategoryCode = NewType("CategoryCode", str)

WITHHELD_MARK = "•"
"""What an event keeps in place of a withheld field: that something was given, not what."""


class InvalidAnswer(XinfangError):
    """Answers that don't have the shape of the step. `problems` maps a field's path to a sentence for the user."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


def step_field(
    label: str,
    *,
    default: Any = dataclasses.MISSING,
    long: bool = False,
    private: bool = False,
    plain: bool = False,
    help: str = "",
    max: int | None = None,
) -> Any:
    """Declare a field of a step: `label` is what the user reads.

    `private` marks personal data, which facts don't hold either. Events withhold it, and every other text unless it is
    `plain`: a number, digest or code without which numbering, figures, clocks or proof couldn't work.
    """
    metadata = {"label": label, "long": long, "private": private, "plain": plain, "help": help, "max": max}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What one field takes. `kind` is line, text, date, number, yes_no, word, unit, staff, category or list."""

    name: str
    label: str
    kind: str
    required: bool
    help_words: str
    private: bool
    plain: bool
    longest: int
    many: bool = False
    word: type[Word] | None = None
    item: Any = None
    default: Any = None

    @property
    def help(self) -> str:
        """The hint beside the field, with today's numbers."""
        return filled(self.help_words)

    @property
    def missing(self) -> str:
        """The sentence for a required field without an answer: what is offered is chosen, the rest is filled in."""
        chosen = self.kind in ("word", "unit", "staff", "category", "yes_no")
        return f"请{'选择' if chosen else '填写'}“{self.label}”。"

    @property
    def withheld(self) -> bool:
        """Whether an event only marks it as given: personal data, and all text that isn't declared plain."""
        return self.private or (self.kind in ("line", "text") and not self.plain)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The words that can be chosen, as stored and as read; empty where the field isn't one of several words."""
        return [(str(w.value), w.label) for w in self.word] if self.word else []


_REFERENCES = {UnitCode: "unit", StaffCode: "staff", CategoryCode: "category"}


_known: dict[Any, tuple[FieldSpec, ...]] = {}


def step_schema(cls: Any) -> tuple[FieldSpec, ...]:
    """Return the fields of a step (or of one row inside a step), in the order they are asked."""
    if cls not in _known:
        _known[cls] = _read(cls)
    return _known[cls]


def _read(cls: Any) -> tuple[FieldSpec, ...]:
    hints = typing.get_type_hints(cls)
    found = []
    for f in dataclasses.fields(cls):
        hint, optional, many = hints[f.name], False, False
        if typing.get_origin(hint) in (types.UnionType, typing.Union):  # a NewType | None is the latter
            optional = True
            hint = next(a for a in typing.get_args(hint) if a is not type(None))
        if typing.get_origin(hint) is tuple:
            many = True
            hint = typing.get_args(hint)[0]
        required = f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING and not optional
        word = item = None
        longest = f.metadata.get("max") or (MAX_TEXT_CHARACTERS if f.metadata.get("long") else MAX_LINE_CHARACTERS)
        if hint in _REFERENCES:
            kind = _REFERENCES[hint]
        elif isinstance(hint, type) and issubclass(hint, Word):
            kind, word = "word", hint
        elif hint is date:
            kind = "date"
        elif hint is bool:
            kind = "yes_no"
        elif hint is int:
            kind = "number"
        elif hint is str:
            kind = "text" if f.metadata.get("long") else "line"
        elif dataclasses.is_dataclass(hint):
            kind, item = "list", hint
        else:
            raise TypeError(f"{cls.__name__}.{f.name}: no shape for {hint!r}")
        found.append(
            FieldSpec(
                f.name,
                str(f.metadata.get("label", f.name)),
                kind,
                required,
                str(f.metadata.get("help", "")),
                bool(f.metadata.get("private", False)),
                bool(f.metadata.get("plain", False)),
                longest,
                many,
                word,
                item,
                None if f.default is dataclasses.MISSING else f.default,
            )
        )
    return tuple(found)


_BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def _is_noncharacter(point: int) -> bool:
    # Not the category "Cn": this Python's tables are older than the newest name characters (扩展H、I区).
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(map(chr, (p << 16 | low for p in range(17) for low in (0xFFFE, 0xFFFF))))
    + "".join(_BIDI)
    + "]"
)
"""Whatever `clean_text` may refuse; most texts hold none of it, and needn't be looked at sign by sign."""


def clean_text(text: str, label: str, longest: int, *, lines: bool) -> str:
    """Return text as the user meant it: NFC, Unix line ends, no invisible characters that change what is read.

    It never drops a character without a word but outer blanks.

    Raises:
        ValueError: the text is too long or holds such a character; with a sentence for the user.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.strip(" \t\n\u3000\ufeff")
    if len(text) > longest:
        raise ValueError(f"“{label}”共 {len(text)} 个字，超过 {longest} 字的上限。请精简，或将全文作为附件保存。")
    if not _INVISIBLE.search(text):
        return text
    for place, ch in enumerate(text, 1):
        if ch in "\n\t" and lines:
            continue
        category = unicodedata.category(ch)
        if category in ("Cc", "Cs") or ch in _BIDI or _is_noncharacter(ord(ch)):
            raise ValueError(
                f"“{label}”第 {place} 个字是不可见的控制字符（U+{ord(ch):04X}），会使文字显示与内容不符。请删去后再提交。"
            )
    return text


_AS_STORED = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _number(raw: Any, label: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        raise ValueError(f"“{label}”应为整数。")
    try:
        number = int(str(raw).strip())
    except ValueError:
        raise ValueError(f"“{label}”应为整数，收到的是“{str(raw)[:20]}”。") from None
    if abs(number) > 1_000_000:
        raise ValueError(f"“{label}”数值过大。")
    return number


def read_date(raw: Any, label: str) -> date:
    """Return a calendar day (Asia/Shanghai), as people write one (`written_dates.py`).

    Raises:
        ValueError: it isn't a day, or not of a possible year; with a sentence for the user.
    """
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    try:
        # Every history is full of these.
        day = date.fromisoformat(text) if _AS_STORED.fullmatch(text) else parse_day(text)
    except ValueError as e:
        why = e if isinstance(e, NotADay) else f"“{text[:20]}”"
        raise ValueError(f"“{label}”不是有效日期：{why}。请写成 2026-11-22 的样子。") from None
    if not 1990 <= day.year <= 2100:
        raise ValueError(f"“{label}”的年份 {day.year} 不合理，请核对。")
    return day


def _yes_no(raw: Any, label: str) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in ("true", "on", "1", "yes", "是"):
        return True
    if word in ("false", "off", "0", "no", "否", ""):
        return False
    raise ValueError(f"“{label}”应答“是”或“否”。")


def _one(shape: FieldSpec, raw: Any, path: str) -> Any:
    if shape.kind == "list":
        assert shape.item is not None
        if not isinstance(raw, Mapping):
            raise InvalidAnswer({path: f"“{shape.label}”的每一项应逐栏填写。"})
        return load_step(shape.item, raw, path + ".")
    if shape.kind == "date":
        return read_date(raw, shape.label)
    if shape.kind == "number":
        return _number(raw, shape.label)
    if shape.kind == "yes_no":
        return _yes_no(raw, shape.label)
    if shape.kind == "word":
        assert shape.word is not None
        try:
            return shape.word.of(str(raw))
        except ValueError:
            options = "、".join(w.label for w in shape.word)
            raise ValueError(f"“{shape.label}”没有“{str(raw)[:20]}”这一项，可选：{options}。") from None
    if not isinstance(raw, str):
        raise ValueError(f"“{shape.label}”应为文字。")
    return clean_text(raw, shape.label, shape.longest, lines=shape.kind == "text")


T = TypeVar("T")


def load_step(cls: type[T], raw: Mapping[str, Any], path: str = "") -> T:
    """Return a frozen step from raw answers.

    Names that the step doesn't have are ignored, so that old events still load.

    Raises:
        InvalidAnswer: it holds every problem at once.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for shape in step_schema(cls):
        given = raw.get(shape.name)
        where = path + shape.name
        empty = given is None or given == "" or (isinstance(given, str) and not given.strip())
        if empty or (shape.many and not given):
            if shape.required:
                problems[where] = shape.missing
            continue
        try:
            if shape.many:
                if isinstance(given, str | Mapping) or not isinstance(given, list | tuple):
                    problems[where] = f"“{shape.label}”应为列表。"
                    continue
                values[shape.name] = tuple(_one(shape, g, f"{where}.{i}") for i, g in enumerate(given))
            else:
                value = _one(shape, given, where)
                if shape.required and value == "":
                    # Nothing was left after cleaning (a byte order mark): kept, the event could never be read again.
                    problems[where] = shape.missing
                    continue
                values[shape.name] = value
        except InvalidAnswer as e:
            problems.update(e.problems)
        except ValueError as e:
            problems[where] = str(e)
    if problems:
        raise InvalidAnswer(problems)
    return cls(**values)


def dump_step(step: Any, *, withhold: bool = False) -> dict[str, Any]:
    """Return a step as JSON values.

    With `withhold`, as an event shows it: withheld fields are marks that only say they were given.
    """
    return {s.name: _plain(getattr(step, s.name), s, withhold) for s in step_schema(type(step))}


def _plain(value: Any, shape: FieldSpec, withhold: bool) -> Any:
    if isinstance(value, tuple):
        return [_plain(v, shape, withhold) for v in value]
    if withhold and shape.withheld and isinstance(value, str):
        return WITHHELD_MARK if value else ""
    if isinstance(value, Word):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if shape.kind == "list":
        return dump_step(value, withhold=withhold)
    return value


@cache
def _to_fill(cls: Any) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """Return the names of the texts that are withheld without being personal, and the lists that may hold some."""
    texts = tuple(s.name for s in step_schema(cls) if s.withheld and not s.private)
    return texts, tuple((s.name, s.item) for s in step_schema(cls) if s.kind == "list")


def fill_in_withheld(cls: Any, shown: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event shows of its answers, with the text that it withholds; personal fields stay marked.

    `whole` holds all of its answers.
    """
    texts, lists = _to_fill(cls)
    answers = dict(shown)
    for name in texts:
        if answers.get(name):
            answers[name] = whole[name]
    for name, item in lists:
        if answers.get(name):
            answers[name] = [fill_in_withheld(item, s, w) for s, w in zip(answers[name], whole[name], strict=True)]
    return answers
