"""Pages, code and scripts name the routes that they lead to (`{% url %}`, `reverse`): an address is in `urls.py` alone.

What counts as an address follows from the routes themselves, so a new one is watched from its first day.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

from xinfang.window.apart.urls import urlpatterns as of_the_window_apart

ROOT = Path(__file__).resolve().parents[2] / "xinfang"

_BLANK = "\0"
"""In a text: something that is put in when the program runs."""
_LEADS = r"(?:href|action|formaction|src|poster|data-[\w-]+|hx-(?:get|post|put|delete|patch))"
_ADDRESS_IN_PAGE = re.compile(rf"""\b[\w-]+\s*=\s*["']/\w|\b{_LEADS}\s*=\s*(?:["']/|"[^"?#]*(?:\}}\}}|%\}})[\w-]+/)""")
_URL_TAG = re.compile(r"""\{%\s*url\s+["']([^"']+)["']""")
_REDIRECTS = {"redirect", "HttpResponseRedirect", "lead_to"}


@cache
def routes() -> dict[str, str]:
    """The pattern of each route, by its name."""

    def of(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from of(pattern, before + str(pattern.pattern))
            else:
                yield pattern.name, before + str(pattern.pattern)

    return dict(of(get_resolver(), ""))


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """What addresses begin with, and every fixed part of one."""
    parts = [[p for p in route.split("/") if p] for route in routes().values()]
    return frozenset(p[0] for p in parts if p), frozenset(p for ps in parts for p in ps if "<" not in p)


def is_address(text: str) -> bool:
    """Whether a text is, or begins with, an address of this program; or goes on with one after something put in."""
    first, every = words()
    begins = re.match(r"""/([\w-]+)(?=[/?#"']|$)""", text)
    goes_on = re.match(rf"{_BLANK}/?([\w-]+)/(?:$|[?#{_BLANK}])", text)
    return bool(begins and begins[1] in first) or bool(goes_on and goes_on[1] in every)


def in_page(text: str) -> list[str]:
    """Addresses written out in a template."""
    return [m[0] for m in _ADDRESS_IN_PAGE.finditer(text)]


def in_script(text: str) -> list[str]:
    """Addresses written out in a script."""
    return [t for t in re.findall(r"""["'`](/[^"'`\s]*)""", re.sub(r"//.*", "", text)) if is_address(t)]


def in_code(text: str) -> list[str]:
    """Addresses written out in Python: as a text, within a text with markup, or where a redirect leads."""
    found, skipped = [], set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)  # a docstring
        if isinstance(node, ast.JoinedStr):
            skipped |= set(node.values)
        if node in skipped:
            continue
        said = _said(node)
        if any(is_address(part) for part in (said, *re.split(r"""=["']?""", said)[1:])):
            found.append(said)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in _REDIRECTS:
            found += [said for arg in node.args if (said := _said(arg)).startswith("/")]
    return found


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else _BLANK for v in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize(
    ("pattern", "look"), [("*.html", in_page), ("*.js", in_script), ("*.py", in_code)], ids=["pages", "scripts", "code"]
)
def test_no_address_is_written_out(pattern: str, look: Callable[[str], list[str]]) -> None:
    files = [f for f in ROOT.rglob(pattern) if "migrations" not in f.parts]
    assert len(files) > 20
    found = {f.relative_to(ROOT).as_posix(): hits for f in files if (hits := look(f.read_text("utf-8")))}
    assert not found, (
        f"name the route instead: {{% url %}} in templates, reverse() in code, data-… for scripts: {found}"
    )


def test_pages_name_routes_that_exist() -> None:
    named = {name for f in ROOT.rglob("*.html") for name in _URL_TAG.findall(f.read_text("utf-8"))}
    known = {*routes(), *(str(p.name) for p in of_the_window_apart)}
    assert len(named) > 40 and named <= known, named - known


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (in_page, '<a href="/petitions/">x</a>'),
        (in_page, '<form method="post" action="/">'),
        (in_page, '<img src="{{ url }}pages/{{ p }}/">'),
        (in_page, """<a href="{% url 'petition' number %}receipt/">x</a>"""),
        (in_page, '<div data-live="/duty/">'),
        (in_page, '{% include "web/parts/empty.html" with action_url="/duty/" %}'),
        (in_script, 'fetch("/drafts/session/");'),
        (in_script, "link.href = `/login/?next=${here}`;"),
        (in_code, 'HERE = "/settings/wordings/"'),
        (in_code, 'url = "/petitions/" + number'),
        (in_code, 'url = f"/petitions/{number}/?tab=1"'),
        (in_code, 'url = f"{case}receipt/"'),
        (in_code, "format_html('<p><a href=\"/petitions/{}/\">x</a></p>', number)"),
        (in_code, 'redirect("/")'),
    ],
)
def test_one_that_is_put_back_is_found(look: Callable[[str], list[str]], text: str) -> None:
    assert look(text)


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (in_page, """<a href="{% url 'petitions' %}?tab=a/b#files-title">x</a>"""),
        (in_page, '<a href="{{ row.url }}">1/2</a>'),
        (in_script, "import { a } from './session.js'; // posts to /login/"),
        (in_code, 'def f():\n    """Posted to /petitions/."""\n    return "/usr/share/fonts", f"{folder}/seal.json"'),
        (in_code, 'redirect("petition", number)'),
    ],
)
def test_what_is_none_is_left_alone(look: Callable[[str], list[str]], text: str) -> None:
    assert not look(text)
