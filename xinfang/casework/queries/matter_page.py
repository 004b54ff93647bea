"""What the page of a matter shows: the cases that people tied, each as far as this person sees it, side by side."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from xinfang.cases.access import ViewScope, open_case
from xinfang.cases.models import Petition
from xinfang.cases.queries.list_rows import CaseLine, list_rows, with_list_columns
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.casework.queries.timeline import SHOWN_ELSEWHERE
from xinfang.matters.models import PairJudgement
from xinfang.matters.queries.ties import Matter, matter_of
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor
from xinfang.procedure.same_matter import PairGround, PairVerdict
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import NotVisible
from xinfang.web.dates import chinese_date, short_date

MAX_CASES = 60
"""So many cases are listed, the newest; the page says how many there are."""
MAX_OPENED = 20
"""So many of them are opened for the timeline."""
MAX_ENTRIES = 120
_LEFT_OUT = frozenset(SHOWN_ELSEWHERE) - {StepCode.REGISTER, StepCode.IMPORT_HISTORY}


class MatterRow(CaseLine):
    """A case of the matter: how it belongs to it, and who said so."""

    kind: str
    said: str
    pair_url: bool
    own: bool


class MatterEntry(TypedDict):
    """Something that happened in one of the cases."""

    day: str
    number: str
    label: str


class Judged(TypedDict):
    """What was said of two cases, by whom and when."""

    words: str
    ground: str
    by: str
    day: str


class MatterView(TypedDict):
    """The cases of a matter that this person sees."""

    rows: list[MatterRow]
    count: int
    beyond: list[CaseLine]
    entries: list[MatterEntry]
    opened: int


def judged(row: PairJudgement) -> Judged:
    """Return a row in words."""
    ground = PairGround.get(row.ground)
    return {
        "words": PairVerdict.label_of(row.verdict),
        "ground": ground.label if ground else "",
        "by": row.by.name,
        "day": chinese_date(row.at.date()),
    }


def matter_view(petition: Petition, actor: Actor, day: date, working: Calendar) -> MatterView:
    """Return the matter of a case; what this person doesn't see isn't there and isn't counted.

    9 queries, and those of opening each of the first MAX_OPENED cases.
    """
    matter = matter_of(petition)
    seen = with_list_columns(visible_to(actor, each=True).filter(pk__in=matter.all | matter.beyond))
    found = list(seen.order_by("-received_on", "-pk"))
    members = [p for p in found if p.pk in matter.all]
    shown = members[:MAX_CASES]
    if petition.pk not in {p.pk for p in shown}:
        shown = [*shown[:-1], next(p for p in members if p.pk == petition.pk)]
    beyond = [p for p in found if p.pk in matter.beyond][:MAX_CASES]
    lines = dict(zip((p.pk for p in [*shown, *beyond]), list_rows([*shown, *beyond], day, working), strict=True))
    opened = [p.number for p in shown if not p.sealed][:MAX_OPENED]
    return {
        "rows": [_row(p, lines[p.pk], petition, matter) for p in shown],
        "count": len(members),
        "beyond": [lines[p.pk] for p in beyond],
        "entries": timeline_of(opened, actor, day),
        "opened": len(opened),
    }


def _row(p: Petition, line: CaseLine, of: Petition, matter: Matter) -> MatterRow:
    tie = next((t for t in matter.ties if {t.one_id, t.other_id} == {p.pk, of.pk}), None)
    said = judged(tie) if tie else None
    if p.pk == of.pk:
        kind = "本件"
    elif p.pk in matter.own:
        kind = "首件" if p.pk == of.repeat_of_id else "重复件"
    else:
        kind = "同事件" if tie or any(p.pk in (t.one_id, t.other_id) for t in matter.ties) else "同事件的重复件"
    return {
        **line,
        "kind": kind,
        "said": f"{said['by']} {said['day']}认定" if said else "",
        "pair_url": tie is not None,
        "own": p.pk == of.pk,
    }


def timeline_of(numbers: Sequence[str], actor: Actor, day: date) -> list[MatterEntry]:
    """Return what happened in these cases, the latest first: that it happened, not what was said in it."""
    entries: list[tuple[date, str, int, str]] = []
    for number in numbers:
        try:
            case = open_case(actor, number)
        except NotVisible:
            continue
        if case.scope is not ViewScope.FULL:
            continue
        for h in case.facts.history:
            if h.code in _LEFT_OUT or not h.took_effect:
                continue
            entries.append((h.happened_on, number, h.seq, STEPS[h.code].rule.label))
    entries.sort(key=lambda e: (e[0], e[1], e[2]), reverse=True)
    return [
        {"day": short_date(on, day.year), "number": number, "label": label}
        for on, number, _, label in entries[:MAX_ENTRIES]
    ]


def said_of(rows: Iterable[PairJudgement]) -> list[Judged]:
    """Return all that was said of two cases."""
    return [judged(row) for row in rows]
