"""What a clause of a text is put to work by, as it is printed beside the clause.

A clause is told in a paraphrase of our own. `by` names what does it: a step by its code, a limit as @code, a paper as
#code, a record of an event as !code, a kind of event as *code, a condition as ?code; anything else is said in words
after =.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .articles import ALL_ARTICLES, Article
from .clocks import CLOCKS
from .dated_rules import filled
from .errors import XinfangError
from .incidents.kinds import INCIDENTS
from .incidents.replay import INCIDENT_STEPS
from .rules import Condition
from .steps import STEPS
from .words import IncidentKind, PaperKind


class UnknownPlace(XinfangError, LookupError):
    """A clause names something that isn't there."""


@dataclass(frozen=True)
class Clause:
    """One clause: which it is, what it says, what puts it to work, and how it is read where the text leaves that open.

    `by` is empty only where `reading` says why nothing of the program acts on it.
    """

    article: Article
    place: str
    says: str
    by: tuple[str, ...]
    written: str = ""

    @property
    def reading(self) -> str:
        """How it is read, with today's numbers; empty where the text leaves nothing open."""
        return filled(self.written)

    @property
    def where(self) -> str:
        """What puts it to work, in words.

        Raises:
            UnknownPlace: `by` names a step, limit, paper or record of an event that doesn't exist.
        """
        return places_in_words(self.by)


def clause(article: str, place: str, says: str, by: str, reading: str = "") -> Clause:
    """Return a clause; `by` are the names with blanks between them."""
    return Clause(ALL_ARTICLES[article], place, says, tuple(by.split()), reading)


def places_in_words(names: Iterable[str]) -> str:
    """Return what the names mean, grouped by their kind.

    Raises:
        UnknownPlace: a name means nothing that is there.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        kind, words = _named(name)
        groups.setdefault(kind, []).append(words)
    return "；".join(f"{kind}{'、'.join(words)}" for kind, words in groups.items())


@cache
def _conditions() -> dict[str, Condition[Any]]:
    steps: list[Any] = [*STEPS.values(), *INCIDENT_STEPS.values()]
    return {c.code: c for step in steps for c in step.rule.provided}


def _named(name: str) -> tuple[str, str]:
    sign, code = (name[0], name[1:]) if name[0] in "@#!*=?" else ("", name)
    try:
        if sign == "@":
            return "期限：", CLOCKS[code].label
        if sign == "#":
            return "文书：", PaperKind.of(code).label
        if sign == "!":
            return "事件记录：", INCIDENT_STEPS[code].rule.label
        if sign == "*":
            return "事件：", INCIDENTS[IncidentKind.of(code)].kind.label
        if sign == "?":
            return "条件：", f"“{_conditions()[code].says}”"
        return ("", code) if sign == "=" else ("步骤：", STEPS[code].rule.label)
    except (KeyError, ValueError) as e:
        raise UnknownPlace(name) from e


HEADS = ("条文", "句（转述）", "由什么落实", "读法")


def clause_rows(clauses: tuple[Clause, ...]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the clauses as a table."""
    for c in clauses:
        yield f"{c.article}{c.place}", c.says, c.where or "—", c.reading
