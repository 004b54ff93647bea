"""What the lists of the desk share: the line of a case, the pager, and reading filters from an address."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest

from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.limits import WORKING
from xinfang.procedure.shapes import read_date
from xinfang.procedure.words import State
from xinfang.records.lists import COUNTED, Cut
from xinfang.records.models import Petition, Petitioner
from xinfang.records.models.case import FOREVER

from .shell import due_chip, masked, short_date

PLACES = ("after", "before", "end")
_FOREVER = date.fromisoformat(FOREVER)

_LINE = (
    "number", "subject", "channel", "state", "received_on", "accepted_on", "anonymous", "group_size", "sealed", "simple", "supervised",
    "repeat_of", "next_due", "next_clock", "next_provisional", "handling_unit__name",
)  # fmt: skip


def lines_of(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """The same cases with what a line shows of them, and nothing else read: neither what they wrote nor what only steps need."""
    return petitions.select_related("handling_unit").only(*_LINE)


def rows_of(
    petitions: Sequence[Petition], day: date, working: Calendar, asked: Mapping[int, Sequence[str]] | None = None
) -> list[dict[str, Any]]:
    """The lines of these cases as `lines_of` loads them (1 query, for their people). `asked` is what is asked of the reader."""
    first_two = Petitioner.objects.filter(place__lte=2).order_by("petition_id", "place")
    prefetch_related_objects(list(petitions), Prefetch("petitioners", queryset=first_two, to_attr="first_people"))
    return [_row(p, day, working, (asked or {}).get(p.pk, ())) for p in petitions]


def _row(p: Petition, day: date, working: Calendar, asked: Sequence[str]) -> dict[str, Any]:
    return {
        "number": p.number,
        "url": f"/petitions/{p.number}/",
        # What a sealed report says stays out of lists, also on its officer's own screen (N30).
        "subject": "密封件" if p.sealed else p.subject or "（未写事由）",
        "channel": p.channel_label,
        "day": f"{short_date(p.accepted_on)}受理" if p.accepted_on else f"{short_date(p.received_on)}收到",
        "who": who_of(p),
        "others": _several(p),
        "state": p.state_label,
        "state_kind": "ok" if p.state == State.HANDLING else "plain",
        "chip": chip_of(p, day, working),
        "clock": p.next_clock_label if p.next_due < _FOREVER else "",
        "due": short_date(p.next_due) if p.next_due < _FOREVER else "",
        "provisional": p.next_provisional,
        "marks": [words for words, holds in _marks(p) if holds],
        "asked": list(dict.fromkeys(asked)),
        "unit": p.handling_unit.name if p.handling_unit else "",
    }


def chip_of(p: Petition, day: date, working: Calendar) -> dict[str, str] | None:
    """The chip of the due date that comes first, counted in the days its clock counts in."""
    if p.next_due >= _FOREVER:
        return None
    clock = CLOCKS.get(p.next_clock)
    in_working_days = clock is not None and clock.limit is not None and clock.limit.unit == WORKING
    return due_chip(p.next_due, day, working=working if in_working_days else None)


def who_of(p: Petition) -> str:
    """The first petitioner, masked; nobody of a sealed case."""
    if p.sealed:
        return "——"
    if p.anonymous:
        return "匿名"
    people = p.first_people
    return masked(people[0].name, people[0].kind) if people else "姓名不清"


def _several(p: Petition) -> bool:
    return p.group_size > 1 or len(p.first_people) > 1


def _marks(p: Petition) -> Iterable[tuple[str, bool]]:
    yield "已督办", p.supervised
    # Not the number of the first: whoever reads this line may not see that case.
    yield "重复件", p.repeat_of_id is not None
    yield "简易办理", p.simple
    yield f"{p.group_size} 人", p.group_size > 1
    yield "密封", p.sealed


# ---- addresses ----


def address(path: str, given: Mapping[str, str]) -> str:
    """The address of a list with these filters; empty ones are left out."""
    query = urlencode({k: v for k, v in given.items() if v})
    return f"{path}?{query}" if query else path


def place_of(request: HttpRequest) -> tuple[str, str]:
    """(place, after|before|end) from ?after=…, ?before=…, ?end=1; from the beginning without them."""
    for where in PLACES:
        at = request.GET.get(where, "")
        if at:
            return at[:60], where
    return "", "after"


def pager(path: str, given: Mapping[str, str], page: Cut, text: str = "", *, last: bool = True) -> dict[str, str]:
    """The context of parts/pager.html for a page of a list."""
    urls: dict[str, str] = {"text": text}
    if page.more_before:
        urls["first_url"] = address(path, given)
        urls["prev_url"] = address(path, {**given, "before": page.first})
    if page.more_after:
        urls["next_url"] = address(path, {**given, "after": page.last})
        if last:
            urls["last_url"] = address(path, {**given, "end": "1"})
    return urls


def count_text(count: int, more: bool) -> str:
    """共 1,234 件; 1万+ where counting stopped."""
    return f"共 {COUNTED // 10_000}万+ 件" if more else f"共 {count:,} 件"


def day_from(text: str, label: str, problems: list[str]) -> date | None:
    """A day from an address; what can't be one is a sentence for the page, not an error."""
    if not text.strip():
        return None
    try:
        return read_date(text, label)
    except ValueError as wrong:
        problems.append(f"{wrong}这一项没有用于筛选。")
        return None


def choice_from(text: str, label: str, known: Iterable[str], problems: list[str]) -> str:
    """A known word from an address, or nothing and a note."""
    if not text or text in known:
        return text
    problems.append(f"“{label}”没有“{text[:20]}”这一项，没有用于筛选。")
    return ""
