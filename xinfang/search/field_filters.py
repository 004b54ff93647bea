"""What typed fields ask for, mapped onto the filters of the list of cases; what can't be is said as the user has it."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xinfang.procedure.words import Channel, Source, State
from xinfang.registers.case_criteria import GROUPS, FilterChoices
from xinfang.search.folding import fold_text
from xinfang.search.typed_fields import DAYS, FIELDS_IN_WORDS, FILTER_FIELDS, split_fields

_MOST_NAMED = 6
_CHANNELS = {"电话": Channel.PHONE, "信件": Channel.LETTER, "书信": Channel.LETTER, "网上": Channel.ONLINE,
             "网信": Channel.ONLINE, "走访": Channel.VISIT}  # fmt: skip
_STATES = {"未办结": "open", "在办": "open", "已办结": "ended", "办结": "ended", "已有结果": "ended"}
_LABELS = {
    "unit": "承办单位",
    "channel": "信访形式",
    "source": "来源",
    "category": "内容分类",
    "state": "状态",
    "handler": "承办人",
    "leader": "包案领导",
}
_BETWEEN = re.compile(r"\.{2,}|…+|~|～|至|到|—+")
_DAY = re.compile(r"(\d{4})(?:[-年./](\d{1,2})(?:[-月./](\d{1,2})日?|月)?|年)?")


@dataclass(frozen=True)
class TypedFilters:
    """What was typed, read: the words left, the filters as addresses give them, and what was not understood."""

    words: str
    given: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def narrows(self) -> bool:
        """Whether any field was typed that is a filter, readable or not."""
        return bool(self.given or self.problems)


def read_filters(typed: str, known: FilterChoices | None = None) -> TypedFilters:
    """Read the fields that are filters (3 queries where one was typed, none with `known`)."""
    apart = split_fields(typed, FILTER_FIELDS)
    if not apart.fields:
        return TypedFilters(typed)
    known = known or FilterChoices.read()
    found = TypedFilters(apart.words)
    for name, value in apart.fields:
        if name == DAYS:
            _read_days(value, found)
            continue
        code, problem = _chosen(_LABELS[name], value, _offered(name, known))
        if problem:
            found.problems.append(problem)
        elif found.given.get(name, code) != code:
            found.problems.append(f"“{_LABELS[name]}”写了两个，只能按一个筛选，用的是前一个。")
        else:
            found.given[name] = code
    return found


def no_such_field(typed: str) -> str:
    """Return what to say where something like a field was typed and nothing found; empty where there is none."""
    unknown = split_fields(typed, {}).unknown
    named = "、".join(f"“{name}”" for name in dict.fromkeys(unknown))
    return f"没有{named}这样的条件，已按文字查找。可以写的条件：{FIELDS_IN_WORDS}。" if named else ""


def field_of(word: str, known: FilterChoices) -> list[tuple[str, str]]:
    """Return the fields of which this word is a value, whole: a unit, a channel, a state, a handler, a day."""
    if _DAY.fullmatch(word) and not word.isdigit():
        return [("日期", word)]
    asked = fold_text(word)
    named = (("单位", "unit"), ("渠道", "channel"), ("状态", "state"), ("承办人", "handler"))
    return [
        (typed, label)
        for typed, name in named
        for label in dict.fromkeys(label for _, label in _offered(name, known))
        if fold_text(label) == asked
    ]


def _offered(name: str, known: FilterChoices) -> Sequence[tuple[str, str]]:
    """Return what a filter offers, by what people call it: the code and each of its names."""
    if name == "unit":
        return [*((u.code, u.name) for u in known.units), ("none", "尚未确定")]
    if name in ("handler", "leader"):
        return [(s.username, s.name) for s in known.staff]
    if name == "category":
        return [(c.code, c.name) for c in known.categories]
    if name == "state":
        groups = [(code, words.partition("（")[0]) for code, words in GROUPS.items()]
        return [*((s.value, s.label) for s in State), *groups, *((code, words) for words, code in _STATES.items())]
    if name == "source":
        return [(s.value, s.label) for s in Source]
    return [*((c.value, c.label) for c in Channel), *((c.value, words) for words, c in _CHANNELS.items())]


def _chosen(label: str, value: str, offered: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the code that is meant, or what to say: the whole name, a part of it, or its characters in their order."""
    asked = fold_text(value)
    folded = [(code, name, fold_text(name)) for code, name in offered]
    ways = (
        [(c, n) for c, n, f in folded if asked in (f, c.casefold())],
        [(c, n) for c, n, f in folded if asked in f],
        [(c, n) for c, n, f in folded if len(asked) > 1 and _in_order(asked, f)],
    )
    fitting = dict(next(filter(None, ways), []))
    if len(fitting) == 1:
        return next(iter(fitting)), ""
    if fitting:
        return "", f"有几个{label}符合“{value}”：{_named(fitting.values())}。请写全称；这一项没有用于筛选。"
    names = dict.fromkeys(name for _, name in offered)
    return "", f"没有“{value}”这个{label}。可以写：{_named(names)}。这一项没有用于筛选。"


def _in_order(short: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in short)


def _named(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    return "、".join(listed[:_MOST_NAMED]) + (f"等 {len(listed)} 个" if len(listed) > _MOST_NAMED else "")


def _read_days(value: str, found: TypedFilters) -> None:
    parts = [part.strip() for part in _BETWEEN.split(value, maxsplit=1)]
    try:
        since = _span(parts[0])[0] if parts[0] else None
        until = _span(parts[-1])[1] if parts[-1] else None
    except ValueError:
        found.problems.append(
            f"看不懂日期“{value}”。可以写 2026-03-05、2026-03、2026，或者 2026-01..2026-03；这一项没有用于筛选。"
        )
        return
    days: Mapping[str, date | None] = {"since": since, "until": until}
    found.given.update({name: day.isoformat() for name, day in days.items() if day})


def _span(text: str) -> tuple[date, date]:
    """Return the first and last day of a day, a month or a year.

    Raises:
        ValueError: it is none.
    """
    read = _DAY.fullmatch(text)
    if read is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else 0 for part in read.groups())
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        first = date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
