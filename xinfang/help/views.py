"""帮助: the contents, one chapter, and a tour that is put away."""

from typing import TypedDict

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.core import mode
from xinfang.web.page_frame import render_page

from .chapters import Chapter, chapters
from .marks import ManualHeading, html_of
from .tour import PUT_AWAY


class ContentsPage(TypedDict):
    """All chapters, those for this person first."""

    mine: list[Chapter]
    others: list[Chapter]


class ChapterPage(TypedDict):
    """One chapter, its text as HTML, and the others."""

    chapter: Chapter
    body: SafeString
    chapters: tuple[Chapter, ...]


@require_safe
@desk_page()
def contents(request: DeskRequest) -> HttpResponse:
    """Show the chapters and what each says; those for one's own duties and for everybody come first."""
    mine = [c for c in chapters() if c.is_for(request.actor)] + [c for c in chapters() if c.name == "all"]
    context: ContentsPage = {"mine": mine, "others": [c for c in chapters() if c not in mine]}
    return render_page(request, "help/contents.html", context, here="help")


@require_safe
@desk_page()
def chapter(request: DeskRequest, name: str) -> HttpResponse:
    """Show one chapter.

    Raises:
        Http404: there is no such chapter.
    """
    found = next((c for c in chapters() if c.name == name), None)
    if found is None:
        raise Http404
    body = html_of(b for b in found.blocks if not (isinstance(b, ManualHeading) and b.level == 1))
    context: ChapterPage = {"chapter": found, "body": body, "chapters": chapters()}
    return render_page(request, "help/chapter.html", context, here="help")


@require_POST
@desk_page()
def put_tour_away(request: DeskRequest) -> HttpResponse:
    """Show the tour no more until one signs in again.

    Raises:
        Http404: this is no demo, so there is none.
    """
    if not mode.is_demo():
        raise Http404
    request.session[PUT_AWAY] = True
    return redirect("inbox")
