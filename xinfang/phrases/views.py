"""常用语: one's own phrases and the department's, one form to add one, a button to remove one."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.procedure.visibility import KEEPS_PHRASES
from xinfang.web import form_drafts as drafts
from xinfang.web.form_types import Problem
from xinfang.web.forms import posted_key
from xinfang.web.page_frame import render_page

from .actions import add_phrase, remove_phrase
from .forms import PhraseForm
from .queries import phrases_of
from .words import SHIPPED, PhraseUse


class PhraseLine(TypedDict):
    """A phrase; one that comes with the program has no key and can't be removed."""

    pk: int
    use: str
    text: str


class PhrasesPage(TypedDict):
    """The phrases of one person, of the department and of the program."""

    own: list[PhraseLine]
    ours: list[PhraseLine]
    shipped: list[PhraseLine]
    keeps: bool
    form: PhraseForm
    errors: list[Problem]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def phrases(request: DeskRequest) -> HttpResponse:
    """Show the phrases; add one, or remove one."""
    removing = request.POST.get("remove", "")
    form = PhraseForm(request.POST) if request.method == "POST" and not removing else PhraseForm()
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            if removing:
                remove_phrase(posted_key(removing), by=request.user, actor=request.actor)
                messages.success(request, "已删去。已经写进事项的文字不受影响。")
                return redirect("phrases")
            if form.is_valid():
                sent = form.cleaned_data
                add_phrase(
                    PhraseUse.of(sent["use"]),
                    sent["text"],
                    of_department=sent["whose"] == "department",
                    by=request.user,
                    actor=request.actor,
                )
                drafts.form_accepted(request)
                messages.success(request, "已增加常用语。")
                return redirect("phrases")
        except AdminChangeRefused as rejected:
            if removing:
                problems = [{"reason": sentence} for sentence in rejected.sentences]
            else:
                form.refuse(rejected.sentences)
    problems += form.summary if form.is_bound else []
    context: PhrasesPage = {
        "own": [{"pk": p.pk, "use": p.get_use_display(), "text": p.text} for p in phrases_of(request.user)],
        "ours": [{"pk": p.pk, "use": p.get_use_display(), "text": p.text} for p in phrases_of(None)],
        "shipped": [{"pk": 0, "use": use.label, "text": text} for use, texts in SHIPPED.items() for text in texts],
        "keeps": request.actor.has(*KEEPS_PHRASES),
        "form": form,
        "errors": problems,
    }
    return render_page(request, "phrases/phrases.html", context, here="phrases", status=422 if problems else 200)
