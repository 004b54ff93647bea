"""The procedure explains itself: the same rules that decide are printed, as JSON, as tables and as a diagram.

Nothing here is written twice: every label, number and article comes from the rule, clock or limit that binds, so
`python -m xinfang.procedure.printed_procedure > docs/procedure.md` always tells what the program does.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from xinfang.procedure.actor_rules import ActorRule
from xinfang.procedure.articles import ALL_ARTICLES, NOTHING_TO_COMPUTE, Article, cite
from xinfang.procedure.clauses import HEADS as CLAUSE_HEADS
from xinfang.procedure.clauses import clause_rows
from xinfang.procedure.clauses_house import HOUSE_CLAUSES
from xinfang.procedure.clauses_national import NATIONAL_CLAUSES
from xinfang.procedure.clock_changes import HEADS as CHANGE_HEADS
from xinfang.procedure.clock_changes import change_rows
from xinfang.procedure.not_asked import (
    NOT_ASKED,
    NOT_ASKED_HEADS,
    NOT_BUILT,
    NOT_BUILT_HEADS,
    not_asked_rows,
    not_built_rows,
)
from xinfang.procedure.personnel_decisions import CONDITIONS as OF_DECISIONS
from xinfang.procedure.printed_diagram import as_svg, move_rows
from xinfang.procedure.printed_incidents import (
    KINDS_HEADS,
    STEPS_HEADS,
    incident_cites,
    incident_steps_as_json,
    incidents_as_json,
    kinds_rows,
    steps_rows,
)
from xinfang.procedure.printed_numbers import NUMBER_HEADS, number_rows, printed_numbers
from xinfang.procedure.printed_scenarios import HEADS as SCENARIO_HEADS
from xinfang.procedure.printed_scenarios import scenario_rows
from xinfang.procedure.printed_supervision import (
    GROUNDS_HEADS,
    escalation_heads,
    escalation_rows,
    grounds_rows,
    supervision_as_json,
    supervision_cites,
)
from xinfang.procedure.printed_table import PrintedTable
from xinfang.procedure.printed_table import printed_table as _table
from xinfang.procedure.readings import HEADS as READING_HEADS
from xinfang.procedure.readings import all_readings, reading_rows, readings_of
from xinfang.procedure.reception.rules import conditions as conditions_of_reception
from xinfang.procedure.step_schema import FieldSpec, StaffCode, UnitCode, step_schema
from xinfang.procedure.words import EVERY_MATTER, MAIN_PATH, TERMINAL_STATES, MatterClass, PaperKind, Role, State

from . import visibility
from .clocks import CLOCKS
from .facts import Actor, DutyHeld, Facts
from .limits import ALL_LIMITS
from .rules import Condition, Step
from .steps import STEPS
from .timing import Clock
from .waiting import HEADS as WAITING_HEADS
from .waiting import waiting_rows

__all__ = ["as_document", "as_json", "as_svg", "as_tables", "cited_by", "papers_of", "tables"]


def papers_of(step: type[Step]) -> tuple[PaperKind, ...]:
    """Return every paper this step can owe; which of them it owes in one case depends on the answers."""
    return tuple(dict.fromkeys((*step.rule.papers, *step.may_owe)))


def cited_by() -> dict[str, list[str]]:
    """Return where each article is cited: by steps, conditions, clocks, limits and incidents."""
    found: dict[str, list[str]] = {}

    def note(articles: Iterable[Article], where: str) -> None:
        for article in articles:
            places = found.setdefault(article.id, [])
            if where not in places:
                places.append(where)

    for step in STEPS.values():
        note(step.rule.cites, f"步骤“{step.rule.label}”")
    for condition in conditions():
        note(condition.cites, f"条件“{condition.says}”")
    for clock in CLOCKS.values():
        note(clock.cites, f"期限“{clock.label}”")
    for limit in ALL_LIMITS:
        note(limit.cites, f"数字 {limit}")
    for articles, where in incident_cites():
        note(articles, where)
    for articles, where in supervision_cites():
        note(articles, where)
    for condition in OF_DECISIONS:
        note(condition.cites, f"奖惩记录的条件“{condition.says}”")
    for condition in conditions_of_reception():
        note(condition.cites, f"领导接访的条件“{condition.says}”")
    return found


def conditions() -> Iterator[Condition[Any]]:
    """Yield every condition of every rule, each once."""
    seen: set[int] = set()
    for step in STEPS.values():
        for condition in step.rule.provided:
            if id(condition) not in seen:
                seen.add(id(condition))
                yield condition


def _with_days(condition: Condition[Any]) -> str:
    days = condition.in_force.words
    return f"{condition.says}（{days}）" if days else condition.says


def _ids(articles: Iterable[Article]) -> list[str]:
    return [a.id for a in articles]


def _labels(whos: Iterable[ActorRule]) -> list[str]:
    return [w.label for w in whos]


def _second_person(step: type[Step]) -> list[str]:
    when = f"（{step.confirmed_when}）" if step.confirmed_when else ""
    return [f"{label}{when}" for label in _labels(step.rule.then)]


def _field(shape: FieldSpec) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": shape.name,
        "label": shape.label,
        "type": shape.kind,
        "required": shape.required,
        "help": shape.help,
        "choices": [list(choice) for choice in shape.choices],
        "many": shape.many,
        "fields": [_field(s) for s in step_schema(shape.item)] if shape.item else [],
    }
    return told


def _step(step: type[Step]) -> dict[str, Any]:
    rule = step.rule
    return {
        "code": rule.code,
        "label": rule.label,
        "group": rule.group,
        "cites": _ids(rule.cites),
        "who": _labels(rule.who),
        "when": [str(s) for s in rule.when],
        "to": [str(s) for s in rule.to],
        "second_person": _second_person(step),
        "provided": [
            {"code": c.code, "says": c.says, "cites": _ids(c.cites), "todo": c.todo, "in_force": c.in_force.words}
            for c in rule.provided
        ],
        "papers": [{"code": str(p), "label": p.label} for p in papers_of(step)],
        "fields": [_field(s) for s in step_schema(step)],
    }


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "code": clock.code,
        "label": clock.label,
        "cites": _ids(clock.cites),
        "days": clock.limit.now.value if clock.limit else None,
        "unit": clock.unit,
        "kind": clock.kind.label,
        "starts": clock.starts_words,
        "stops": clock.stops_words,
    }


_UNIT, _PERSON, _OWN = UnitCode("own"), StaffCode("person"), "own"
_OPEN = Facts(state=State.HANDLING, received_on=date(2026, 1, 1))
_CASES: tuple[tuple[str, Facts], ...] = (
    ("在办件", _OPEN),
    ("本处室（单位）承办或协办的", replace(_OPEN, handling_unit=_UNIT)),
    ("请其批示、包案或提供法律意见的", replace(_OPEN, responsible_leader=_PERSON, advisers=frozenset({_PERSON}))),
    ("已结案、已归档的", replace(_OPEN, state=State.CLOSED)),
    ("检举控告件", replace(_OPEN, matter_class=MatterClass.REPORT, state=State.REGISTERED)),
    ("反映本人或本人应当回避的", replace(_OPEN, handling_unit=_UNIT, recused=frozenset({_PERSON}))),
    ("本人提出的信访事项", replace(_OPEN, number=_OWN)),
)


def _sight() -> list[dict[str, Any]]:
    """Return what each duty may see. Asked of the rule itself, so that the table can't differ from what is done."""
    rows = []
    for role in Role:
        actor = Actor(_PERSON, "", (DutyHeld(role, _UNIT),), case=_OWN if role is Role.PETITIONER else "")
        sees = [name for name, facts in _CASES if visibility.may_see(actor, facts)]
        rows.append({"code": str(role), "label": role.label, "sees": sees})
    return rows


def as_json() -> dict[str, Any]:
    """Return the whole procedure as plain values."""
    return {
        "articles": [
            {"id": a.id, "name": str(a), "title": a.title, "says": a.says, "chapter": a.chapter}
            for a in ALL_ARTICLES.values()
        ],
        "steps": [_step(s) for s in STEPS.values()],
        "clocks": [_clock(c) for c in CLOCKS.values()],
        "numbers": [{**asdict(n), "cites": _ids(n.cites)} for n in printed_numbers()],
        "states": [
            {"code": str(s), "label": s.label, "main_road": s in MAIN_PATH, "end": s in TERMINAL_STATES} for s in State
        ],
        "incidents": incidents_as_json(),
        "incident_steps": incident_steps_as_json(),
        "supervision": supervision_as_json(),
        "roles": [{"code": str(r), "label": r.label} for r in Role],
        "visibility": _sight(),
        "nothing_to_compute": [{"id": i, "why": why} for i, why in NOTHING_TO_COMPUTE.items()],
        "readings": [
            {
                "code": r.code,
                "kind": str(r.kind),
                "about": r.about,
                "cites": _ids(r.articles),
                "says": r.says,
                "read": r.read,
                "why": r.why,
                "where": r.where,
            }
            for r in all_readings()
        ],
        "clauses": [
            {"article": c.article.id, "place": c.place, "says": c.says, "where": c.where, "reading": c.reading}
            for c in (*HOUSE_CLAUSES, *NATIONAL_CLAUSES)
        ],
        "not_asked": [
            {"code": n.code, "when": n.when, "what": n.what, "cites": _ids(n.articles), "why": n.why} for n in NOT_ASKED
        ],
        "not_built": [{"code": n.code, "what": n.what, "cites": _ids(n.articles), "why": n.why} for n in NOT_BUILT],
    }


def _states_of(states: Iterable[State]) -> str:
    listed = tuple(states)
    return "任何状态" if len(listed) == len(EVERY_MATTER) else "、".join(s.label for s in listed)


def _fields_of(step: type[Step]) -> str:
    return "、".join(f"{s.label}{'*' if s.required else ''}" for s in step_schema(step))


def _articles_table() -> PrintedTable:
    used = cited_by()
    rows = []
    for a in ALL_ARTICLES.values():
        where = "；".join(used.get(a.id, [])) or NOTHING_TO_COMPUTE.get(a.id, "")
        rows.append((str(a), a.title, a.says, where, "、".join(r.about for r in readings_of(a))))
    heads = ("条文", "标题", "要点（转述）", "落实之处，或为何无可计算", "见读法")
    return _table(ARTICLES, heads, rows)


def _steps_tables() -> Iterator[PrintedTable]:
    yield _table(
        STEPS_TABLE,
        ("步骤", "由谁", "第二人", "在何状态", "到何状态", "产生文书", "依据"),
        (
            (
                s.rule.label,
                "、".join(_labels(s.rule.who)),
                "、".join(_second_person(s)),
                "新登记" if s.rule.new else _states_of(s.rule.when),
                _states_of(s.rule.to) if s.rule.to else "不变",
                "、".join(p.label for p in papers_of(s)),
                cite(s.rule.cites),
            )
            for s in STEPS.values()
        ),
    )
    yield _table(
        REFUSALS,
        ("步骤", "不符合时", "依据", "怎么办"),
        ((s.rule.label, _with_days(c), cite(c.cites), c.todo) for s in STEPS.values() for c in s.rule.provided),
    )
    yield _table(
        FIELDS,
        ("步骤", "填写"),
        ((s.rule.label, _fields_of(s)) for s in STEPS.values()),
    )


def _papers_table() -> PrintedTable:
    owed: dict[PaperKind, list[str]] = {p: [] for p in PaperKind}
    for step in STEPS.values():
        for paper in papers_of(step):
            owed[paper].append(step.rule.label)
    return _table(
        "文书", ("文书", "产生于"), ((p.label, "、".join(steps) or "没有步骤要求") for p, steps in owed.items())
    )


def _roles_tables() -> Iterator[PrintedTable]:
    yield _table(
        "职责",
        ("职责", "可办理的步骤"),
        (
            (
                role.label,
                "、".join(
                    s.rule.label for s in STEPS.values() if any(role in w.roles for w in (*s.rule.who, *s.rule.then))
                ),
            )
            for role in Role
        ),
    )
    names = [name for name, _ in _CASES]
    yield _table(
        "谁能看到什么",
        ("职责", *names),
        ([row["label"], *("可见" if n in row["sees"] else "不可见" for n in names)] for row in _sight()),
    )


REPRINT = (
    "<!-- Printed by `python -m xinfang.procedure.printed_procedure > docs/procedure.md`; its picture by"
    " `python -m xinfang.procedure.printed_diagram > docs/pictures/procedure.svg`. -->"
)
TITLE = "信访办理程序"
ABOUT = (
    "本文由程序办理时所用的同一套规则打印，规则改了，本文随之改变；不手工修改。"
    "条文的要点为转述，以公布的原文为准。文本之间不一致、没有写明或者不照字面执行的，见“读法”。"
    "文中提到的期限和人数，以“数字”表中当日有效的为准。"
)


READINGS, ARTICLES = "读法：文本不一致、没有写明、不照字面的", "条文和它们的落实之处"
HOUSE, NATIONAL = "规程逐句落实", "条例第十七条至第四十一条逐款落实"
STEPS_TABLE, REFUSALS, FIELDS = "步骤", "每个步骤的条件：不符合时的说明", "每个步骤填写什么（* 为必填）"
BESIDE_THE_ARTICLES = (ARTICLES, READINGS, HOUSE, NATIONAL)
"""Tables that the page and the paper print article by article instead."""


def tables() -> tuple[PrintedTable, ...]:
    """Return the whole procedure as tables in Chinese."""
    return (
        _articles_table(),
        _table(READINGS, READING_HEADS, reading_rows()),
        _table("不要求什么", NOT_ASKED_HEADS, not_asked_rows(), "没有列入条件的，不得要求信访人或者经办人具备。"),
        _table("不设什么", NOT_BUILT_HEADS, not_built_rows()),
        _table(HOUSE, CLAUSE_HEADS, clause_rows(HOUSE_CLAUSES)),
        _table(NATIONAL, CLAUSE_HEADS, clause_rows(NATIONAL_CLAUSES)),
        _table(
            "状态",
            ("状态", "位置"),
            (
                (
                    s.label,
                    ("主路" if s in MAIN_PATH else "旁路") + ("，可以终结" if s in TERMINAL_STATES else ""),
                )
                for s in State
            ),
        ),
        *_steps_tables(),
        _table(
            "期限",
            ("期限", "长度", "性质", "起算", "停止", "依据"),
            (
                (
                    c.label,
                    str(c.limit) if c.limit else c.unit,
                    c.kind.label,
                    c.starts_words,
                    c.stops_words,
                    cite(c.cites),
                )
                for c in CLOCKS.values()
            ),
        ),
        _table("每个期限会因何变动", CHANGE_HEADS, change_rows()),
        _table("数字", NUMBER_HEADS, number_rows()),
        _papers_table(),
        _table("督办的自动事由", GROUNDS_HEADS, grounds_rows()),
        _table("临期和逾期逐级告知谁", escalation_heads(), escalation_rows()),
        _table("等待第二人确认逐级告知谁", WAITING_HEADS, waiting_rows()),
        _table("突发和特殊情况", KINDS_HEADS, kinds_rows()),
        _table("突发事件的记录", STEPS_HEADS, steps_rows()),
        *_roles_tables(),
        _table(
            "没有可计算内容的条文",
            ("条文", "标题", "理由"),
            ((str(ALL_ARTICLES[i]), ALL_ARTICLES[i].title, why) for i, why in NOTHING_TO_COMPUTE.items()),
        ),
        _table("状态之间的步骤", ("从", "经", "到"), move_rows()),
    )


def as_tables() -> str:
    """Return the whole procedure as Markdown tables in Chinese."""
    return "\n\n".join((f"# {TITLE}", ABOUT, *(t.markdown() for t in tables()))) + "\n"


def as_scenarios() -> str:
    """Return the scenarios as a Markdown table in Chinese, for `xinfang explain --scenarios`."""
    return _table("情形表：法条落到一件件事上", SCENARIO_HEADS, scenario_rows()).markdown() + "\n"


def as_document() -> str:
    """Return what `docs/procedure.md` holds: the tables, and the picture of the states, a file of its own."""
    return f"{REPRINT}\n{as_tables()}\n## 状态图\n\n![状态和它们之间的步骤](pictures/procedure.svg)\n"


if __name__ == "__main__":
    sys.stdout.write(as_document())
