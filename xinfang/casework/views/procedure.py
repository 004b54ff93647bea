"""The procedure, printed from the code that decides, and what has happened on each step this month.

Whoever sees the page takes it along as PDF, Word or JSON: it is the law and how it is read, and nothing of a case.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.calendars.queries import calendar
from xinfang.cases.queries.counts import happened_this_month
from xinfang.core.clock import today
from xinfang.papers.content import PaperContent
from xinfang.papers.pdf import render_pdf
from xinfang.papers.procedure_paper import procedure_paper
from xinfang.papers.word import render_docx
from xinfang.procedure.articles import ALL_ARTICLES, Article
from xinfang.procedure.not_asked import NOT_ASKED, NOT_BUILT
from xinfang.procedure.printed_articles import PrintedArticle, printed_articles
from xinfang.procedure.printed_diagram import NARROW
from xinfang.procedure.printed_numbers import PrintedNumber, printed_numbers
from xinfang.procedure.printed_procedure import TITLE, as_json, as_svg
from xinfang.procedure.readings import ReadingKind, TextReading, all_readings
from xinfang.procedure.words import EVERY_MATTER, PaperKind
from xinfang.web.page_frame import render_page

NAV_ROUTE = "procedure"


@require_safe
@desk_page()
def procedure(request: DeskRequest) -> HttpResponse:
    """Show one long page: easy to search, easy to print, every article with an address of its own."""
    counts = happened_this_month(request.actor)
    told = printed()
    groups = [
        {"label": g["label"], "steps": [{**s, "count": counts.get(s["code"], 0)} for s in g["steps"]]}
        for g in told["groups"]
    ]
    context = {**told, "groups": groups, "month": f"{today().month}月", "total": sum(counts.values())}
    return render_page(request, "casework/procedure.html", context, here=NAV_ROUTE)


_FORMS: dict[str, tuple[str, Callable[[PaperContent], bytes]]] = {
    "pdf": ("application/pdf", render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
    "json": (
        "application/json; charset=utf-8",
        lambda _: json.dumps(as_json(), ensure_ascii=False, indent=1).encode(),
    ),
}
_FILES = (("pdf", "PDF"), ("docx", "Word"), ("json", "JSON"))


@require_safe
@desk_page()
def download(request: DeskRequest, form: str) -> HttpResponse:
    """Send the whole print as a file.

    Raises:
        Http404: there is no such kind of file.
    """
    if form not in _FORMS:
        raise Http404
    calendar()  # which brings the numbers along
    day = today()
    response = HttpResponse(_file(form, procedure_paper(day)), content_type=_FORMS[form][0])
    name = f"{TITLE}_{day:%Y%m%d}.{form}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@lru_cache(maxsize=len(_FORMS))
def _file(form: str, content: PaperContent) -> bytes:
    """Return a file of this content, made once: it takes a second or two."""
    return _FORMS[form][1](content)


def printed() -> dict[str, Any]:
    """Return what the rules say with the numbers that are agreed to now (1 query)."""
    calendar()  # which brings the numbers along
    return _printed(tuple(printed_numbers()), today())


@lru_cache(maxsize=2)
def _printed(_numbers: tuple[PrintedNumber, ...], _day: date) -> dict[str, Any]:
    """Return the same, put together once for these numbers and this day: all else changes with the program."""
    told = as_json()
    states = {s["code"]: s["label"] for s in told["states"]}
    groups: dict[str, list[dict[str, Any]]] = {}
    owed: dict[str, list[dict[str, Any]]] = {}
    for step in told["steps"]:
        for paper in step["papers"]:
            owed.setdefault(paper["code"], []).append(step)
        groups.setdefault(step["group"], []).append(
            {
                **step,
                "from": _states(step["when"], states) or "新登记",
                "into": "、".join(states[s] for s in step["to"]),
                "articles": _articles(step["cites"]),
                "provided": [{**c, "articles": _articles(c["cites"])} for c in step["provided"]],
            }
        )
    cases = list(dict.fromkeys(c for row in told["visibility"] for c in row["sees"]))
    return {
        # The drawing is made of our own rules, escaped where it is made.
        "diagram": SafeString(as_svg()),
        "narrow_diagram": SafeString(as_svg(NARROW)),
        "files": _FILES,
        "readings": [
            {"kind": str(kind), "readings": [r for r in all_readings() if r.kind is kind]} for kind in ReadingKind
        ],
        "not_asked": [
            {"when": n.when, "what": n.what, "articles": _named(n.articles), "why": n.why} for n in NOT_ASKED
        ],
        "not_built": [{"what": n.what, "articles": _named(n.articles), "why": n.why} for n in NOT_BUILT],
        "groups": [{"label": label, "steps": steps} for label, steps in groups.items()],
        "clocks": [{**c, "articles": _articles(c["cites"])} for c in told["clocks"]],
        "numbers": [{**n, "articles": _articles(n["cites"])} for n in told["numbers"]],
        "papers": [{"label": p.label, "steps": owed[str(p)]} for p in PaperKind if str(p) in owed],
        "incidents": [
            {**i, "articles": _articles(i["cites"]), "told": [_told_within(t) for t in i["told"]]}
            for i in told["incidents"]
        ],
        "incident_steps": [{**s, "articles": _articles(s["cites"])} for s in told["incident_steps"]],
        "cases": cases,
        "sight": [{"label": row["label"], "cells": [c in row["sees"] for c in cases]} for row in told["visibility"]],
        "chapters": [
            {"label": label, "articles": [_article(a) for a in articles]} for label, articles in printed_articles()
        ],
    }


def _told_within(told: dict[str, str]) -> str:
    return f"{told['role']}（{told['within']}内）" if told["within"] else told["role"]


def _states(codes: list[str], states: dict[str, str]) -> str:
    return "任何状态" if len(codes) == len(EVERY_MATTER) else "、".join(states[c] for c in codes)


def _articles(ids: list[str]) -> list[dict[str, str]]:
    return [{"id": i, "name": str(ALL_ARTICLES[i])} for i in ids]


def _named(articles: tuple[Article, ...]) -> list[dict[str, str]]:
    return _articles([a.id for a in articles])


def _article(entry: PrintedArticle) -> dict[str, Any]:
    return {
        "id": entry.article.id,
        "name": str(entry.article),
        "title": entry.article.title,
        "says": entry.article.says,
        "where": entry.where,
        "why_nothing": entry.why_nothing,
        "clauses": entry.clauses,
        "readings": [_reading(r) for r in entry.readings],
        "read_elsewhere": entry.read_elsewhere,
    }


def _reading(reading: TextReading) -> dict[str, Any]:
    others = _named(reading.articles[1:])
    return {
        "code": reading.code,
        "kind": str(reading.kind),
        "about": reading.about,
        "others": others,
        "says": reading.says,
        "read": reading.read,
        "why": reading.why,
        "where": reading.where,
    }
