"""What the page of a matter shows: the cases that people tied, each as far as this person sees it, side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypedDict

from xinfang.accounts.queries.actors import directory
from xinfang.cases.access import CaseView, ViewScope, open_case
from xinfang.cases.models import Petition
from xinfang.cases.queries.list_rows import CaseLine, list_rows, with_list_columns
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.casework.queries.same_reply import reply_step
from xinfang.casework.queries.timeline import SHOWN_ELSEWHERE
from xinfang.matters.models import PairJudgement
from xinfang.matters.queries.ties import Matter, matter_of
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor, Directory
from xinfang.procedure.rules import DecisionContext, case_reasons, pending_for
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
    from_it: str
    """The step by which the reply of this row is taken as the beginning of the page's own case; empty for none."""
    to_it: str
    """The step by which the reply of the page's own case is taken as the beginning of this row's."""


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
    # The page's own case is among those that are opened.
    of_pages = sorted((p for p in shown if not p.sealed), key=lambda p: p.pk != petition.pk)[:MAX_OPENED]
    opened = _opened([p.number for p in of_pages], actor)
    may = partial(_may_take, actor=actor, day=day, working=working, people=directory(day))
    return {
        "rows": [_row(p, lines[p.pk], petition, matter, opened, may) for p in shown],
        "count": len(members),
        "beyond": [lines[p.pk] for p in beyond],
        "entries": timeline_of(opened, day),
        "opened": len(opened),
    }


def _opened(numbers: Sequence[str], actor: Actor) -> dict[str, CaseView]:
    found = {}
    for number in numbers:
        try:
            case = open_case(actor, number)
        except NotVisible:
            continue
        if case.scope is ViewScope.FULL:
            found[number] = case
    return found


def _may_take(
    code: StepCode | None, case: CaseView | None, *, actor: Actor, day: date, working: Calendar, people: Directory
) -> str:
    """Return the code where this person may take the step in this case now; empty otherwise."""
    if code is None or case is None or pending_for(code, actor, case.facts, people):
        return ""
    question = DecisionContext(step=None, facts=case.facts, actor=actor, today=day, calendar=working, directory=people)
    return "" if case_reasons(STEPS[code].rule, question) else code


def _row(
    p: Petition,
    line: CaseLine,
    of: Petition,
    matter: Matter,
    opened: Mapping[str, CaseView],
    may: Callable[[StepCode | None, CaseView | None], str],
) -> MatterRow:
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
        "from_it": may(_reply_of(p, opened), opened.get(of.number)) if p.pk != of.pk else "",
        "to_it": may(_reply_of(of, opened), opened.get(p.number)) if p.pk != of.pk else "",
    }


def _reply_of(p: Petition, opened: Mapping[str, CaseView]) -> StepCode | None:
    case = opened.get(p.number)
    return reply_step(case) if case else None


def timeline_of(cases: Mapping[str, CaseView], day: date) -> list[MatterEntry]:
    """Return what happened in these cases, the latest first: that it happened, not what was said in it."""
    entries = [
        (h.happened_on, number, h.seq, STEPS[h.code].rule.label)
        for number, case in cases.items()
        for h in case.facts.history
        if h.code not in _LEFT_OUT and h.took_effect
    ]
    entries.sort(key=lambda e: (e[0], e[1], e[2]), reverse=True)
    return [
        {"day": short_date(on, day.year), "number": number, "label": label}
        for on, number, _, label in entries[:MAX_ENTRIES]
    ]


def said_of(rows: Iterable[PairJudgement]) -> list[Judged]:
    """Return all that was said of two cases."""
    return [judged(row) for row in rows]
