"""Every place that cites an article, found in the declarations themselves and in the texts that people read.

A declaration is anything with `cites`: a step, a condition, a limit, a paper, a kind of event. Articles that a function
names in its body, and those that are written as words (第二十三条) in helps, papers and pages, are found in the source.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import xinfang
from xinfang.procedure.articles import ALL_ARTICLES, SOURCES, Article

ROOT = Path(xinfang.__file__).resolve().parent
NOT_OURS = ("operations/demo", "/migrations/")
"""Invented petitions cite what their writers like; migrations hold no texts."""
KINDS = {
    "Rule": "步骤",
    "Condition": "条件",
    "Clock": "期限",
    "Limit": "数字",
    "PaperRule": "文书",
    "IncidentRule": "事件",
    "IncidentStepRule": "事件记录",
    "GroundRule": "督办事由",
    "EscalationNotice": "逐级告知",
    "Reason": "不符时的说明",
    "SettingSpec": "本厅设置",
}
NOT_CITING = ("Clause", "Scenario", "LimitVersion")
"""Tables of articles, where an article is told of and is no ground; and the versions of a number, cited with it."""


@dataclass(frozen=True, order=True)
class Citation:
    """Somebody who cites, as a reader names it, and the article."""

    by: str
    article: str


@cache
def all_citations() -> set[Citation]:
    """Return every citation of the program, by declarations, by functions and in words."""
    return {*of_declarations(), *of_functions(), *in_words()}


# ---- declarations


@cache
def of_declarations() -> set[Citation]:
    """Return what is cited by whatever has `cites`, reached from the names of every module."""
    seen: set[int] = set()
    found: set[Citation] = set()
    for module in _modules():
        for value in vars(module).values():
            for citing in _citing(value, seen):
                kind = type(citing).__name__
                if kind not in NOT_CITING:
                    cited = (*citing.cites, *(a for v in getattr(citing, "later", ()) for a in v.cites))
                    found |= {Citation(f"{KINDS[kind]} {_name(citing)}", str(a)) for a in cited}
    return found


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = [m.name for m in pkgutil.walk_packages(xinfang.__path__, "xinfang.") if ".migrations" not in m.name]
    return tuple(importlib.import_module(name) for name in names if not name.endswith(("wsgi", "__main__")))


def _citing(value: Any, seen: set[int]) -> Iterator[Any]:
    """Yield the citing things in a value: itself, what it holds, and the rule of a step's class."""
    if id(value) in seen or isinstance(value, (str, bytes, int, ModuleType, Article)):
        return
    seen.add(id(value))
    if isinstance(value, type):
        if value.__module__.startswith("xinfang.") and "rule" in vars(value):
            yield from _citing(vars(value)["rule"], seen)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _citing(inner, seen)
    elif isinstance(value, (tuple, list, frozenset, set)):
        for inner in value:
            yield from _citing(inner, seen)
    elif is_dataclass(value) and type(value).__module__.startswith("xinfang."):
        if isinstance(getattr(value, "cites", None), tuple):
            yield value
        for f in fields(value):
            yield from _citing(getattr(value, f.name, None), seen)


def _name(citing: Any) -> str:
    for name in ("says", "label", "what", "why", "text", "code"):
        told = getattr(citing, name, "")
        if isinstance(told, str) and told:
            return told
    for name in ("kind", "rung", "ground"):
        told = getattr(citing, name, None)
        if told is not None:
            return str(told.label)
    raise TypeError(f"{citing!r} has no name")


# ---- functions

_TABLES = {
    "HOUSE_RULES": "H",
    "REGULATION": "N",
    "CIVIL_CODE": "C",
    "SIMPLE_HANDLING_RULES": "S",
    "LITIGATION_LAW": "L",
    "RECONSIDERATION_LAW": "R",
    "DISCLOSURE_RULES": "I",
    "PERSONAL_INFORMATION_LAW": "P",
    "CIVIL_PROCEDURE_LAW": "M",
}


def of_functions() -> set[Citation]:
    """Return the articles that a function names in its body; what a decorator cites is a declaration."""
    found = set()
    for path in _files("*.py"):
        if path.name in ("articles.py", "citations.py"):
            continue
        for function in ast.walk(_parsed(path)):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for node in (n for line in function.body for n in ast.walk(line)):
                    article = _article_of(node)
                    if article:
                        found.add(Citation(f"函数 {path.relative_to(ROOT)}:{function.name}", article))
    return found


_ALONE = {"DEPARTMENT_SETTING": "D", "CHOSEN_BY_DEPARTMENT": "D", "SIMPLE_MEASURES": "S"}


def _article_of(node: ast.AST) -> str:
    if isinstance(node, ast.Name) and node.id in _ALONE:
        return str(ALL_ARTICLES[_ALONE[node.id]])
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)):
        return ""
    if not isinstance(node.slice, ast.Constant):
        return ""
    if node.value.id == "ALL_ARTICLES":
        return str(ALL_ARTICLES[str(node.slice.value)])
    source = _TABLES.get(node.value.id)
    return str(ALL_ARTICLES[f"{source}{node.slice.value}"]) if source else ""


# ---- words

_NUMBER = "[一二三四五六七八九十百零]+"
_NAMES = {
    "《信访工作条例》": "条例",
    "《中华人民共和国政府信息公开条例》": "政府信息公开条例",
    "本规程": "规程",
    **{name: name for name in SOURCES.values()},
}
_SOURCE = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_CITED = re.compile(f"(?P<source>{_SOURCE})?[的 ]?第(?P<numbers>{_NUMBER}(?:、{_NUMBER})*)条")
_LOOSELY = re.compile("规程|条例")
_BETWEEN = re.compile(rf"(第{_NUMBER}款|第{_NUMBER}项|[（(]{_NUMBER}[）)]|[、和至，])*")


COMPLETES_A_SENTENCE = ("papers/wording/kinds.py", "papers/wording/review_fields.py")
"""Their words follow 《信访工作条例》 in the text of a paper."""
TELLS_OF_ARTICLES = {
    "procedure/clauses_house.py": "规程",
    "procedure/clauses_national.py": "条例",
    "procedure/readings_house.py": "规程",
    "procedure/readings_national.py": "条例",
    "procedure/not_asked.py": "条例",
}
"""How the texts are read, article by article: there an article is what is told of, and its text needn't be named."""


@cache
def in_words() -> set[Citation]:
    """Return the articles that texts for readers name in words."""
    found = set()
    for path, text in _texts():
        if path not in TELLS_OF_ARTICLES:
            unnamed = "条例" if path in COMPLETES_A_SENTENCE else ""
            found |= {Citation(f"文字 {path}", article) for article in articles_in(text, unnamed)}
    return found


def in_readings() -> set[Citation]:
    """Return the articles that the tables of readings name: one without its text is of the text named last."""
    found = set()
    for path, text in _texts():
        if path in TELLS_OF_ARTICLES:
            article = TELLS_OF_ARTICLES[path]
            found |= {Citation(f"文字 {path}", name) for name in articles_in(text, article, goes_on=True)}
    return found


def articles_in(text: str, unnamed: str = "", goes_on: bool = False) -> list[str]:
    """Return the articles that a text names; 至 names the two ends.

    One without its source is of `unnamed`; with `goes_on`, of the text that was named last.
    """
    found: list[str] = []
    source, ended = unnamed, 0
    for cited in _CITED.finditer(text):
        between = text[ended : cited.start()]
        if cited["source"]:
            source = _NAMES[cited["source"]]
        elif goes_on:
            source = next(reversed(_LOOSELY.findall(between)), source)
        elif not found or not _BETWEEN.fullmatch(between):
            source = unnamed
        ended = cited.end()
        found += (f"{source}第{number}条" for number in cited["numbers"].split("、"))
    return found


def _texts() -> Iterator[tuple[str, str]]:
    for pattern in ("*.html", "*.txt", "*.js"):
        for path in _files(pattern):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in _files("*.py"):
        if path.name == "articles.py":
            continue
        tree = _parsed(path)
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield str(path.relative_to(ROOT)), node.value


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _files(pattern: str) -> list[Path]:
    found = (p for p in sorted(ROOT.rglob(pattern)) if "node_modules" not in p.parts)
    return [p for p in found if not any(name in p.as_posix() for name in NOT_OURS)]
