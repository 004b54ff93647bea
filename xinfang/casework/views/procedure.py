"""The procedure, printed from the code that decides, and what has happened on each step this month."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.queries.counts import happened_this_month
from xinfang.core.clock import today
from xinfang.procedure.articles import ALL_ARTICLES
from xinfang.procedure.printed_procedure import as_json, as_svg, cited_by
from xinfang.procedure.words import PaperKind, State
from xinfang.web.page_frame import render_page

NAV_ROUTE = "procedure"


@require_safe
@desk_page()
def procedure(request: DeskRequest) -> HttpResponse:
    """Show one long page: easy to search, easy to print, every article with an address of its own."""
    counts = happened_this_month(request.actor)
    groups = [
        {"label": g["label"], "steps": [{**s, "count": counts.get(s["code"], 0)} for s in g["steps"]]}
        for g in printed()["groups"]
    ]
    context = {**printed(), "groups": groups, "month": f"{today().month}月", "total": sum(counts.values())}
    return render_page(request, "casework/procedure.html", context, here=NAV_ROUTE)


@cache
def printed() -> dict[str, Any]:
    """Return what the rules say; it changes only with the program."""
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
    used = cited_by()
    nothing = {n["id"]: n["why"] for n in told["nothing_to_compute"]}
    cases = list(dict.fromkeys(c for row in told["visibility"] for c in row["sees"]))
    return {
        # The drawing is made of our own rules, escaped where it is made.
        "diagram": SafeString(as_svg()),
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
        "chapters": _chapters(told["articles"], used, nothing),
    }


def _told_within(told: dict[str, str]) -> str:
    return f"{told['role']}（{told['within']}内）" if told["within"] else told["role"]


def _states(codes: list[str], states: dict[str, str]) -> str:
    return "任何状态" if len(codes) == len(State) else "、".join(states[c] for c in codes)


def _articles(ids: list[str]) -> list[dict[str, str]]:
    return [{"id": i, "name": str(ALL_ARTICLES[i])} for i in ids]


def _chapters(
    articles: list[dict[str, str]], used: dict[str, list[str]], nothing: dict[str, str]
) -> list[dict[str, Any]]:
    chapters: dict[str, list[dict[str, Any]]] = {}
    for a in articles:
        where = used.get(a["id"], [])
        law = a["name"].split("第")[0]
        chapters.setdefault(f"{law} {a['chapter']}".strip(), []).append(
            {**a, "where": where, "why_nothing": nothing.get(a["id"], "")}
        )
    return [{"label": label, "articles": rows} for label, rows in chapters.items()]
