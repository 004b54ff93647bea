"""Fields that somebody types among the words: 单位:高新处, 来文编号:内信网, 日期:2026-01..2026-03.

The colon may be full-width, and what is in quotes is one value. A name before a colon that is no field is a word like
any other. What a field asks for is read in `field_filters`; numbers and senders are looked for in `finding`.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

NUMBER, SENDER_NUMBER, SENDER, DOCUMENT = "编号", "来文编号", "来文机关", "文号"
TEXT_FIELDS: Mapping[str, str] = {
    NUMBER: NUMBER,
    SENDER_NUMBER: SENDER_NUMBER,
    "来文号": SENDER_NUMBER,
    "外部编号": SENDER_NUMBER,
    SENDER: SENDER,
    "来文单位": SENDER,
    DOCUMENT: DOCUMENT,
}
"""By what is typed: the fields that are looked for in numbers and names."""
DAYS = "days"
FILTER_FIELDS: Mapping[str, str] = {
    "单位": "unit",
    "承办单位": "unit",
    "处室": "unit",
    "渠道": "channel",
    "形式": "channel",
    "信访形式": "channel",
    "来源": "source",
    "类别": "category",
    "分类": "category",
    "内容分类": "category",
    "状态": "state",
    "承办人": "handler",
    "包案领导": "leader",
    "日期": DAYS,
    "收到日期": DAYS,
}
"""By what is typed: the filters of the list of cases."""
FIELDS_IN_WORDS = "单位、渠道、来源、类别、状态、承办人、包案领导、编号、来文编号、来文机关、文号、日期"
_QUOTES = '“[^“”]+”|"[^"]+"|「[^「」]+」|＂[^＂]+＂'
_NAMES = "|".join(sorted({*TEXT_FIELDS, *FILTER_FIELDS}, key=len, reverse=True))
_BREAK = r"\s、，；,;"
_TYPED = re.compile(
    rf"(?P<field>(?<![^{_BREAK}])(?P<name>{_NAMES})\s*[:：]\s*(?P<value>{_QUOTES}|[^{_BREAK}]+))"
    rf"|{_QUOTES}|(?P<unknown>(?<![^{_BREAK}])[\u4e00-\u9fff]{{2,5}})(?=[:：][^{_BREAK}])"
)


class TypedFields(NamedTuple):
    """What was typed, taken apart: the words without the fields, the fields, and names that are none."""

    words: str
    fields: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


def split_fields(typed: str, names: Mapping[str, str]) -> TypedFields:
    """Take the fields of these names out of what was typed; every other field stays among the words."""
    fields: list[tuple[str, str]] = []
    unknown: list[str] = []
    words, at = "", 0
    for found in _TYPED.finditer(typed):
        if found["unknown"]:
            unknown.append(found["unknown"])
        elif found["field"] and found["name"] in names:
            fields.append((names[found["name"]], found["value"].strip('“”"「」＂ ')))
            words, at = f"{words}{typed[at : found.start()]} ", found.end()
    return TypedFields((words + typed[at:]).strip(" 、，；,;") if fields else typed, tuple(fields), tuple(unknown))
