"""Urgent events as they are printed.

The kinds, what comes first, who is told, and every step of the log with its article.
"""

from collections.abc import Iterator
from typing import Any

from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.step_schema import step_schema

from .articles import Article, cite
from .incidents.kinds import INCIDENTS


def incident_cites() -> Iterator[tuple[tuple[Article, ...], str]]:
    """Yield where the rules of events cite each article."""
    for rule in INCIDENTS.values():
        yield rule.cites, f"事件“{rule.kind.label}”"
    for step in INCIDENT_STEPS.values():
        yield step.rule.cites, f"事件记录“{step.rule.label}”"
        for condition in step.rule.provided:
            yield condition.cites, f"条件“{condition.says}”"


def incidents_as_json() -> list[dict[str, Any]]:
    """Return the kinds of event as plain values."""
    return [
        {
            "code": str(i.kind),
            "label": i.kind.label,
            "cites": [a.id for a in i.cites],
            "first": i.first,
            "attends": [words for words, _ in i.attends],
            "told": [{"role": r.label, "within": str(limit) if limit else ""} for r, limit in i.told],
            "records": i.records,
        }
        for i in INCIDENTS.values()
    ]


def incident_steps_as_json() -> list[dict[str, Any]]:
    """Return the steps of an event's log as plain values."""
    return [
        {
            "code": s.rule.code,
            "label": s.rule.label,
            "cites": [a.id for a in s.rule.cites],
            "who": [r.label for r in s.rule.roles],
            "provided": [
                {"code": c.code, "says": c.says, "cites": [a.id for a in c.cites], "todo": c.todo}
                for c in s.rule.provided
            ],
            "fields": [{"name": f.name, "label": f.label, "required": f.required} for f in step_schema(s)],
        }
        for s in INCIDENT_STEPS.values()
    ]


KINDS_HEADS = ("事件", "先做什么", "到场", "依次报告", "记录", "依据")
STEPS_HEADS = ("记录", "由谁", "不予办理的情形", "依据")


def kinds_rows() -> Iterator[tuple[str, ...]]:
    """Yield the kinds of event as a table."""
    for i in INCIDENTS.values():
        told = "、".join(f"{r.label}（{n}内）" if n else r.label for r, n in i.told)
        yield i.kind.label, i.first, "、".join(words for words, _ in i.attends), told, i.records, cite(i.cites)


def steps_rows() -> Iterator[tuple[str, ...]]:
    """Yield the steps of an event's log as a table. A condition is printed as what is refused."""
    for s in INCIDENT_STEPS.values():
        who = "、".join(r.label for r in s.rule.roles)
        yield s.rule.label, who, "；".join(c.says for c in s.rule.provided), cite(s.rule.cites)
