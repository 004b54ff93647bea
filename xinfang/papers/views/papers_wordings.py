"""The department's own wordings of papers: which there are, editing one with its fields and a sample, going back."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.actions.change_checks import MANAGES_PEOPLE
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.page_images import RenderedPage, RenderingFailed, page_image_cache, render_page_image
from xinfang.attachments.views.viewing import picture
from xinfang.papers import wording
from xinfang.papers.actions.paper_texts import DRAFT_MARK, save_wording
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf_pages import page_count
from xinfang.papers.queries import paper_changes
from xinfang.papers.queries.overview import CODES_IN_ORDER
from xinfang.papers.queries.own_wordings import own_versions, wordings_of
from xinfang.papers.source import HEAD_FIELDS, PaperError, WordingSyntaxError
from xinfang.papers.views.papers_files import PREVIEW_PIXELS
from xinfang.papers.wording.kinds import known_fields
from xinfang.papers.wording.sandbox import FILTERS, MAX_WORDING_CHARACTERS, render_wording
from xinfang.procedure.papers import PAPERS, PaperRule
from xinfang.procedure.visibility import ADMINISTERS
from xinfang.procedure.words import PaperKind
from xinfang.vault.sm_ciphers import sm3
from xinfang.web import form_drafts as desk_drafts
from xinfang.web.actions import drafts
from xinfang.web.form_types import Problem
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.papers.models import Wording

NAV_ROUTE = "settings"
MAX_REASON_CHARACTERS = 200


@require_safe
@desk_page(*ADMINISTERS)
def wordings(request: DeskRequest) -> HttpResponse:
    """Show every paper: its signers, its number, and whether the department words it itself (1 query)."""
    own = own_versions()
    rows = []
    for kind in CODES_IN_ORDER:
        rule = PAPERS[kind]
        rows.append(
            {
                "kind": kind.value,
                "label": kind.label,
                "code": rule.code,
                "checks": "、".join(w.label for w in rule.checks),
                "signs": "、".join(w.label for w in rule.signs),
                "series": rule.series,
                "cites": "、".join(str(a) for a in rule.cites),
                "own": f"本厅第 {own[kind.value]} 版" if kind.value in own else "",
            }
        )
    return render_page(request, "papers/wordings.html", {"rows": rows}, here=NAV_ROUTE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ADMINISTERS)
def wording_page(request: DeskRequest, kind: str) -> HttpResponse:
    """Show and change one wording; people who keep the settings see it, some of them change it."""
    found = _kind(kind)
    page = WordingPage(request, found)
    return page.post() if request.method == "POST" else page.show()


class Column(TypedDict):
    """A column of a field that is a table."""

    name: str
    says: str


class FieldHelp(TypedDict):
    """A field that a wording may use."""

    name: str
    says: str
    always: bool
    yes_no: bool
    columns: list[Column]


class WordingVersion(TypedDict):
    """A version of a wording; not `own` where it is the program's again."""

    version: int
    by: str
    at: datetime
    reason: str
    own: bool


class Compared(TypedDict):
    """Two versions line by line."""

    old: str
    new: str
    lines: list[dict[str, str]]


class WordingContext(TypedDict):
    """The page of a wording."""

    kind: str
    label: str
    rule: PaperRule
    who: str
    cites: list[str]
    text: str
    reason: str
    version: int
    own: "Wording | None"
    may: bool
    errors: list[Problem]
    fields: list[FieldHelp]
    filters: str
    head_names: str
    draft: str
    pages: range
    unprintable: str
    url: str
    mark: str
    of_draft: bool
    versions: list[WordingVersion]
    compared: Compared | None


class WordingPage:
    """What one request about one wording works with."""

    def __init__(self, request: DeskRequest, kind: PaperKind) -> None:
        self.request, self.kind = request, kind
        self.versions = wordings_of(kind)
        last = self.versions[0] if self.versions else None
        self.own = last if last and last.text else None
        self.text = self.own.text if self.own else wording.default_wording(kind)
        self.may = request.actor.has(*MANAGES_PEOPLE)

    def post(self) -> HttpResponse:
        """Keep or preview a changed wording, or show the page with what is wrong."""
        if not self.may:
            error: Problem = {"reason": "文书格式由系统管理员或办公室主任更改，您可以查阅", "todo": "请交由他们更改。"}
            return self.show(errors=[error], status=422)
        sent = self.request.POST
        typed = sent.get("text", "").replace("\r\n", "\n").replace("\0", "")[: MAX_WORDING_CHARACTERS + 1]
        reason = " ".join(sent.get("reason", "").replace("\0", "").split())[:MAX_REASON_CHARACTERS]
        if sent.get("do") == "preview":
            return self._look(typed, reason)
        back = sent.get("do") == "back"
        seen = sent.get("version", "")
        if seen != str(self.versions[0].version if self.versions else 0):
            newer: Problem = {
                "reason": "您打开此页之后，另有人改过这份格式文本，您的改动没有保存，仍在下面的文本框里",
                "todo": "请在右边查看最新的一版，合并后再保存。",
            }
            return self.show(typed, reason, errors=[newer], status=422)
        if not reason:
            unsaid: Problem = {
                "reason": "没有写明更改的说明",
                "field": "reason",
                "todo": "请写明为什么改，例如“按新的办公电话改”。",
            }
            return self.show(typed, reason, errors=[unsaid], status=422)
        try:
            row = save_wording(self.kind, "" if back else typed, staff=self.request.user, reason=reason)
        except WordingSyntaxError as e:
            return self.show(typed, reason, errors=[{"reason": str(e), "field": "text"}], status=422)
        desk_drafts.form_accepted(self.request, _draft(self.kind))
        said = "已恢复程序自带的文本" if back else f"已保存为本厅第 {row.version} 版"
        messages.success(self.request, f"{self.kind.label}：{said}。从现在起制作的文书按它拟写，已有的文书不变。")
        return redirect("wording", kind=self.kind.value)

    def _look(self, typed: str, reason: str) -> HttpResponse:
        """Keep what was typed as this person's draft, so that its pages can be drawn; nothing else is changed."""
        try:
            wording.check_wording(self.kind, typed)
        except WordingSyntaxError as e:
            return self.show(typed, reason, errors=[{"reason": str(e), "field": "text"}], status=422)
        fields = {"text": [typed], "reason": [reason]}
        drafts.save_draft(self.request.user, _draft(self.kind), drafts.PREVIEW_PAGE, fields)
        return self.show(typed, reason, of_draft=True)

    def show(
        self,
        typed: str | None = None,
        reason: str = "",
        *,
        errors: list[Problem] | None = None,
        of_draft: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """Show the wording with its pages; `typed` is a text that wasn't kept."""
        text = self.text if typed is None else typed
        pages, problem = self._pages(self.text if errors else text)
        now = self.versions[0].version if self.versions else 0
        rule = PAPERS[self.kind]
        compared = self._compared()
        context: WordingContext = {
            "kind": self.kind.value,
            "label": self.kind.label,
            "rule": rule,
            "who": "，".join(
                f"{w.label}{verb}" for ws, verb in ((rule.checks, "核稿"), (rule.signs, "签发")) for w in ws
            ),
            "cites": [str(a) for a in rule.cites],
            "text": text,
            "reason": reason,
            "version": now,
            "own": self.own,
            "may": self.may,
            "errors": errors or [],
            "fields": _fields(self.kind),
            "filters": "、".join(FILTERS),
            "head_names": "、".join(HEAD_FIELDS),
            "draft": _draft(self.kind),
            "pages": pages,
            "unprintable": problem,
            "url": reverse("wording", args=[self.kind.value]),
            "mark": _mark(self.text if errors else text),
            "of_draft": of_draft,
            "versions": [
                {
                    "version": v.version,
                    "by": v.by.name if v.by else "系统",
                    "at": timezone.localtime(v.at),
                    "reason": v.reason,
                    "own": bool(v.text),
                }
                for v in self.versions
            ],
            "compared": compared,
        }
        return render_page(self.request, "papers/wording.html", context, here=NAV_ROUTE, status=status)

    def _compared(self) -> Compared | None:
        """Return a version beside the one in force, where the address asks for it; 0 is the program's own."""
        wanted = self.request.GET.get("version", "")
        texts = {str(v.version): v.text or wording.default_wording(self.kind) for v in self.versions}
        texts["0"] = wording.default_wording(self.kind)
        if wanted not in texts:
            return None
        name = f"第 {wanted} 版" if wanted != "0" else "程序自带的"
        return {"old": name, "new": "现行的", "lines": paper_changes.side_by_side(texts[wanted], self.text)}

    def _pages(self, text: str) -> tuple[range, str]:
        try:
            return range(1, page_count(sample(self.kind, text)) + 1), ""
        except PaperError as e:
            return range(0), str(e)


@require_safe
@desk_page(*ADMINISTERS)
def sample_page(request: DeskRequest, kind: str, page: int) -> HttpResponse:
    """Send one page of a sample: of what this person has typed (with ?draft), or of the wording in force."""
    found = _kind(kind)
    text = WordingPage(request, found).text
    if "draft" in request.GET:
        fields = drafts.newest_draft(request.user, _draft(found), drafts.PREVIEW_PAGE) or {}
        text = (fields.get("text") or [text])[0]

    def make() -> RenderedPage:
        try:
            return render_page_image(sample(found, text), "pdf", page, PREVIEW_PIXELS)
        except PaperError:
            raise RenderingFailed from None

    return picture(lambda: page_image_cache.get(("wording", found, _mark(text), page), make))


def sample(kind: PaperKind, text: str) -> bytes:
    """Render a wording as PDF, filled in with the names of its fields and never with a case.

    Raises:
        WordingSyntaxError: there is a mistake in it.
        Unprintable: no font has one of its characters.
    """
    values = {name: field.sample(full=True) for name, field in wording.FIELDS[kind].items()}
    return render_pdf(
        wording.paper_content(kind, render_wording(text, values, known_fields(kind)), marks=(f"样张{DRAFT_MARK}",))
    )


def _fields(kind: PaperKind) -> list[FieldHelp]:
    return [
        {
            "name": field.name,
            "says": field.says,
            "always": field.always,
            "yes_no": field.yes_no,
            "columns": [{"name": c, "says": s} for c, s in (field.columns or {}).items()],
        }
        for field in wording.FIELDS[kind].values()
    ]


def _kind(code: str) -> PaperKind:
    found = PaperKind.get(code)
    if found is None:
        raise Http404
    return found


def _draft(kind: PaperKind) -> str:
    return f"wording-{kind.value}"


def _mark(text: str) -> str:
    """Return a mark that changes with the text, so that the browser asks for new pictures."""
    return sm3(text.encode()).hex()[:12]
