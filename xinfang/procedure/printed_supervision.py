"""Supervision as it is printed: the grounds the system finds, and who is told how late."""

from collections.abc import Iterator
from typing import Any

from .alerts import LEVELS, level_words
from .articles import Article, cite
from .supervision import ESCALATION, GROUNDS

GROUNDS_HEADS = ("事由", "怎么办", "督办时填写的事由", "依据")


def escalation_heads() -> tuple[str, ...]:
    """Return the heads of the table of who is told at which level."""
    return ("告知谁", *(level_words(level) for level in LEVELS), "告知的原因", "依据")


def grounds_rows() -> Iterator[tuple[str, ...]]:
    """Yield the grounds of supervision as a table."""
    for rule in GROUNDS.values():
        yield rule.ground.label, rule.todo, rule.presses.label if rule.presses else "", cite(rule.cites)


def escalation_rows() -> Iterator[tuple[str, ...]]:
    """Yield who is told at which level, as a table."""
    for told, levels in ESCALATION:
        yield told.rung.label, *("告知" if level in levels else "" for level in LEVELS), told.why, cite(told.cites)


def supervision_cites() -> Iterator[tuple[tuple[Article, ...], str]]:
    """Yield where the rules of supervision cite each article."""
    for rule in GROUNDS.values():
        yield rule.cites, f"督办事由“{rule.ground.label}”"
    for told, _ in ESCALATION:
        yield told.cites, f"逐级告知“{told.rung.label}”"


def supervision_as_json() -> dict[str, Any]:
    """Return the grounds and the escalation as plain values."""
    return {
        "grounds": [
            {"code": str(r.ground), "label": r.ground.label, "todo": r.todo, "cites": [a.id for a in r.cites]}
            for r in GROUNDS.values()
        ],
        "escalation": [
            {
                "rung": str(told.rung),
                "label": told.rung.label,
                "levels": [str(level) for level in levels],
                "why": told.why,
                "cites": [a.id for a in told.cites],
            }
            for told, levels in ESCALATION
        ],
    }
