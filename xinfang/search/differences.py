"""Where two letters of one wording differ: the numbers, days and places that only one of them names, marked in it."""

import re
from dataclasses import dataclass
from itertools import chain
from unicodedata import normalize

MAX_MARKED = 6_000
"""Characters of a letter that are shown with marks; what comes after is shown without."""
_DAY = r"\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?|\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
_CHINESE = "一二三四五六七八九十百千〇零两"
_NUMBER = (
    rf"\d+(?:[.,]\d+)*(?:\s?(?:个月|号楼|[万亿]?[元块号楼栋室层户年月日岁人亩天次平%％]))?|第[{_CHINESE}]+[期批号栋届]"
)
_PLACE = r"[^\W\d_]{2}(?:自治区|[市县区旗盟镇乡村苏木嘎查街路巷])|[^\W\d_]{2}(?:小区|花园|大厦|公司|学院|大学)"
_NAMED = re.compile(f"{_DAY}|{_NUMBER}|{_PLACE}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a letter; `differs` where the other letter doesn't say this."""

    text: str
    differs: bool


def marked(text: str, others: str) -> list[Passage]:
    """Return a text in passages, with what the other text doesn't name marked as different."""
    there = _bare(others)
    found: list[Passage] = []
    done = 0
    for match in _NAMED.finditer(text, 0, MAX_MARKED):
        if _is_named(_bare(match[0]), there):
            continue
        if match.start() > done:
            found.append(Passage(text[done : match.start()], differs=False))
        found.append(Passage(match[0], differs=True))
        done = match.end()
    if done < len(text):
        found.append(Passage(text[done:], differs=False))
    return found


def only_named(passages: list[Passage], most: int = 8) -> list[str]:
    """Return what only this letter names, each once, in the order in which it is there."""
    return list(dict.fromkeys(chain(p.text for p in passages if p.differs)))[:most]


def _is_named(word: str, there: str) -> bool:
    """Tell whether a text has this word; 3号 isn't in 13号, nor 5 in 50."""
    before = r"(?<![\d.])" if word[0].isdigit() else ""
    after = r"(?![\d.]*\d)" if word[-1].isdigit() else ""
    return re.search(before + re.escape(word) + after, there) is not None


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", normalize("NFKC", text)).lower()
