"""The numbers that Word puts before paragraphs of a list. They aren't in the text, so reading back writes them out."""

from typing import Any

from docx.oxml.ns import qn

from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.word.opening import WordParts, integer_property

_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
)


def chinese(number: int) -> str:
    """Write 1 to 99 as 一 to 九十九, then Arabic digits."""
    tens, ones = divmod(number, 10)
    if number > 99 or number < 1:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        while number >= value:
            written, number = written + sign, number - value
    return written


def written(kind: str, number: int) -> str | None:
    """Write a number in one of Word's ways of counting; None for a way that isn't known here."""
    if not 1 <= number <= 999 and kind not in ("none", "bullet"):
        return str(number)
    if kind in _CHINESE:
        return chinese(number)
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman"):
        return _roman(number) if kind == "lowerRoman" else _roman(number).upper()
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if kind == "decimalFullWidth":
        return str(number).translate({ord("0") + n: ord("０") + n for n in range(10)})
    return {"decimal": str(number), "decimalZero": f"{number:02d}", "none": ""}.get(kind)


def _number_of(element: Any) -> tuple[str, int] | None:
    """Return the list and level that a paragraph or a style names itself. List 0 is Word's way to say: none."""
    properties = element.find(qn("w:pPr"))
    found = properties.find(qn("w:numPr")) if properties is not None else None
    key = found.find(qn("w:numId")) if found is not None else None
    if found is None or key is None:
        return None
    depth = found.find(qn("w:ilvl"))
    return key.get(qn("w:val"), ""), integer_property(depth)


def without_number(paragraph: Any) -> bool:
    """Tell whether somebody has switched the number of this paragraph off."""
    own = _number_of(paragraph)
    return own is not None and own[0] == "0"


def _level(element: Any) -> int:
    value = element.get(qn("w:ilvl"), "0")
    return int(value) if value in tuple("012345678") else 0


class Counting:
    """Counts the lists of one file, from top to bottom."""

    def __init__(self, file: WordParts) -> None:
        self._file = file
        self._levels: dict[str, dict[int, Any]] = {}
        self._list_of: dict[str, str] = {}
        self._restart: dict[str, dict[int, int]] = {}
        self._at: dict[str, dict[int, int]] = {}
        root = file.numbering
        if root is None:
            return
        for abstract in root.findall(qn("w:abstractNum")):
            levels = {_level(level): level for level in abstract.findall(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"), "")] = levels
        for number in root.findall(qn("w:num")):
            key, kind = number.get(qn("w:numId"), ""), number.find(qn("w:abstractNumId"))
            self._list_of[key] = kind.get(qn("w:val"), "") if kind is not None else ""
            for override in number.findall(qn("w:lvlOverride")):
                start = override.find(qn("w:startOverride"))
                if start is not None:
                    self._restart.setdefault(key, {})[_level(override)] = int(start.get(qn("w:val"), "1"))

    def before(self, paragraph: Any, style: str) -> str:
        """Return the number before a paragraph, counted on; empty outside lists."""
        key, depth = self._place(paragraph, style)
        kind = self._list_of.get(key, "")
        levels = self._levels.get(kind, {})
        if key in ("", "0") or depth not in levels:
            return ""
        at = self._at.setdefault(kind, {})
        for place, start in self._restart.pop(key, {}).items():
            at[place] = start - 1
        at[depth] = at.get(depth, self._start(levels[depth]) - 1) + 1
        for deeper in [place for place in at if place > depth]:
            del at[deeper]
        return self._text(levels, at, depth)

    def _place(self, paragraph: Any, style: str) -> tuple[str, int]:
        """Return number and level of the list that a paragraph, or its style, belongs to."""
        found = _number_of(paragraph)
        seen: set[str] = set()
        while found is None and style not in seen:
            seen.add(style)
            part = self._file.style_parts.get(style)
            found = _number_of(part) if part is not None else None
            style = self._file.based.get(style, style)
        return found or ("", 0)

    @staticmethod
    def _start(level: Any) -> int:
        start = level.find(qn("w:start"))
        return integer_property(start, 1)

    def _text(self, levels: dict[int, Any], at: dict[int, int], depth: int) -> str:
        pattern = levels[depth].find(qn("w:lvlText"))
        text = pattern.get(qn("w:val"), "") if pattern is not None else ""
        if self._kind(levels[depth]) == "bullet":
            return "• "
        for place in range(depth + 1):
            if f"%{place + 1}" not in text:
                continue
            number = written(
                self._kind(levels[place]), at.get(place, self._start(levels[place])) if place in levels else 1
            )
            if number is None:
                raise WordingSyntaxError(
                    "Word 文件里有不认识的自动编号样式。请把编号改成手工输入的文字（例如“1.”）后再上传。"
                )
            text = text.replace(f"%{place + 1}", number)
        return text if not text or not text[-1].isascii() else f"{text} "

    @staticmethod
    def _kind(level: Any) -> str:
        kind = level.find(qn("w:numFmt"))
        return str(kind.get(qn("w:val"), "decimal")) if kind is not None else "decimal"
