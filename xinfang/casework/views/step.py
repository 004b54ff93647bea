"""One step of one petition: what must hold, the form, and what became of it."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.archive.actions.counting import count_volumes
from xinfang.archive.queries.overview import Missing, claimed_pages, missing_rows
from xinfang.archive.queries.page_counts import pages_as_bound
from xinfang.calendars.queries import calendar
from xinfang.cases.access import ViewScope, case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import find_by_idempotency_key, still_sees
from xinfang.cases.answers import render_answers
from xinfang.cases.queries.case_text import CaseText, case_text
from xinfang.cases.step_forms import declarations, initial, posted, step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.cases.step_forms.known import Known
from xinfang.casework.calling import calls_now, may_call
from xinfang.casework.queries.beside import Said, answered, beside, compared
from xinfang.casework.queries.case_page import (
    Advice,
    Brief,
    PersonLine,
    advice_view,
    case_summary,
    masked_people,
)
from xinfang.casework.queries.closed_alike import HELPED_STEPS
from xinfang.casework.queries.same_reply import SameReply
from xinfang.casework.queries.timeline import changes_since
from xinfang.casework.views.proof_upload import FIELD as FILE_FIELD
from xinfang.casework.views.proof_upload import attach_sent_file, with_file_field
from xinfang.casework.views.same_reply import begin_with_reply
from xinfang.casework.views.together import second_from, second_parts, second_step
from xinfang.casework.views.what_next import address_after
from xinfang.core.clock import today
from xinfang.papers.actions import one_act
from xinfang.papers.queries.overview import PAPER_CODES, REPLY_PREVIEW_STEPS
from xinfang.papers.views.papers import of_step
from xinfang.phrases.queries import phrases_for
from xinfang.phrases.words import PhraseUse
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.facts import FileFacts, PendingStep, RequestFacts
from xinfang.procedure.papers import opinion_kind
from xinfang.procedure.rules import (
    DecisionContext,
    Reason,
    Refused,
    Rule,
    SecondPerson,
    Step,
    case_reasons,
    pending_for,
)
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.attachments import PAGED_KINDS
from xinfang.procedure.steps.inquiry import GiveLegalAdvice
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import AccessKind, CorrectionOf, Role
from xinfang.reception.queries.prefill import received_booking, talk_answers
from xinfang.supervision.queries.supervised_dates import supervised_on
from xinfang.web import form_drafts as drafts
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Cited, Problem
from xinfang.web.page_frame import in_one_snapshot, render_page
from xinfang.web.refusals import errors_title, problems_of

if TYPE_CHECKING:
    from xinfang.cases.models import Petition

STAFF_CAN_TAKE = {
    code: step
    for code, step in STEPS.items()
    if not step.rule.new
    and code not in (StepCode.ATTACH, *PAPER_CODES)
    and any(set(w.roles) - {Role.PETITIONER, Role.SYSTEM} for w in step.rule.who)
}
"""The steps that have a page.

Not registration, nor an attachment or a paper, nor what only the petitioner or the sweep does.
"""


SEALED_NOW = "{} 已转入密封区，由检举控告专管员办理。纸质原件和复印件请当面移交专管员，不要另行留存。"
SEALS_AT_ONCE = "按“检举控告”分类后，此件立即转入密封区，本办公室不再能看到，只有检举控告专管员可以移出。确定？"
CALLING = (StepCode.TALK, StepCode.PROMISE_REPLY, StepCode.FOLLOW_UP, StepCode.SERVE, StepCode.ANSWER)
"""Steps for which the petitioner is called, or was: name and telephone lie beside the form, at one click a day."""


class PeopleBeside(TypedDict):
    """The petitioners in plain, where they are shown, and the way to see them."""

    people: list[PersonLine]
    may_call: bool
    back: str


class StepPageContext(PeopleBeside):
    """The page of a step.

    `missing` is what still keeps it from being taken, `newer` what others did since it was opened, `scan` the
    attachment that the second person compares with the sheet (0: none), `takes_back` whether the reader put forward
    what waits and may take it back, `like` the reply of another case that the form begins with,
    `helped` whether closed cases like this one are offered.
    """

    petition: "Petition"
    text: CaseText
    brief: Brief
    rule: Rule[Any]
    cites: list[Cited]
    pending: PendingStep | None
    proposed: list[dict[str, str]]
    proposed_by: str
    missing: list[Problem]
    shows_form: bool
    parts: list[step_form.FormPart]
    ends_at_once: bool
    asks_first: str
    takes_file: bool
    buttons: list[tuple[str, str, bool]]
    declared: tuple[str, ...]
    errors: list[Problem]
    errors_title: str
    newer: list[str]
    key: str
    next: str
    draft: str
    sees_all: bool
    previews: str
    requests: tuple[RequestFacts, ...]
    before: Said | None
    beside: list[Said]
    scan: int
    scan_has_pages: bool
    takes_back: bool
    like: SameReply | None
    helped: bool
    lacks: Sequence[Missing]
    bound_pages: str
    advice: Advice | None


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
@in_one_snapshot
def take_step(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """Show the step and its form; when it is sent, take the step and go back to the petition.

    Raises:
        Http404: there is no such step with a page, or the case isn't this person's to see.
    """
    if code in PAPER_CODES:
        return of_step(request, number, code)
    if code not in STAFF_CAN_TAKE:
        raise Http404
    page = StepPage(request, number, code)
    return page.post() if request.method == "POST" else page.get()


PROPOSED_MEANWHILE = Reason(
    "您打开此页之后，另有人提出了这一步，正等待确认；您的提交没有生效",
    (DEPARTMENT_SETTING,),
    "请先对已提出的内容表示意见；不同意的，退回后再按您的办理。",
    "somebody_was_faster",
)


class StepPage:
    """What one request of this page works with."""

    def __init__(self, request: DeskRequest, number: str, code: str) -> None:
        self.request, self.code = request, code
        self.today = today()
        self.like: SameReply | None = None
        self.read_case(number)

    def read_case(self, number: str) -> None:
        """Read the case as it is now; read it again when somebody else was faster."""
        scopes = (ViewScope.FULL, ViewScope.ADVICE) if self.code == GiveLegalAdvice.rule.code else (ViewScope.FULL,)
        self.case = case_or_404(self.request, number, scopes=scopes)
        self.petition, self.facts = self.case.petition, self.case.facts
        self.calendar = calendar()
        self.directory = directory(self.today)
        self.choices = CaseChoices(self.facts, self.directory)
        self.pending = pending_for(self.code, self.request.actor, self.facts, self.directory)
        self.cls: type[Step] = SecondPerson if self.pending else STEPS[self.code]
        self.rule = STEPS[self.code].rule

    def get(self) -> HttpResponse:
        """Show the form with the answers it starts with, some of them from the address."""
        values = initial.initial_answers(self.cls, self.known()) if not self.pending else {}
        if self.code == StepCode.LINK_REPEAT and self.request.GET.get("first"):
            values["first"] = self.request.GET["first"][:20]
        if not self.pending and (
            like := begin_with_reply(self.request, self.code, self.case, self.request.GET.get("like", ""))
        ):
            self.like = like
            values |= like.answers
        if self.code == StepCode.TALK and (
            visit := received_booking(self.request.GET.get("booking", ""), self.request.actor)
        ):
            day, booking = visit
            # Of another case nothing is told here.
            values |= talk_answers(day, booking) if booking.petition == self.petition else {}
        if self.code == StepCode.SUPERVISE:
            values |= supervised_on(self.facts, self.calendar, self.today, self.directory, self.request.GET)
        if self.code in (StepCode.WITHDRAW_ATTACHMENT, StepCode.FILE_PAPER_SCAN) and "attachment" in self.request.GET:
            values["attachment"] = self.request.GET["attachment"][:5]
        if self.code == StepCode.FILE_PAPER_SCAN and "kind" in self.request.GET:
            values["kind"] = self.request.GET["kind"][:30]
        if self.code in (StepCode.SUBMIT_ARCHIVE, StepCode.ACCEPT_ARCHIVE) and (bound := pages_as_bound(self.petition)):
            values["pages" if self.code == StepCode.SUBMIT_ARCHIVE else "counted_pages"] = bound.total
        if self.request.method == "GET" and self.case.scope is ViewScope.FULL:
            # The letter lies beside the form: who opens it has read it.
            log_access(self.petition, self.request.user, AccessKind.READ, step=self.code)
        if self.request.GET.get("agree") in ("0", "1"):
            values["agree"] = "yes" if self.request.GET["agree"] == "1" else "no"
        return self.page(values, key=uuid.uuid4().hex)

    def post(self) -> HttpResponse:
        """Take the step; show the form again with what was typed and the reasons where it isn't possible (422).

        Raises:
            Http404: the case isn't this person's to see any more.
        """
        sent = self.request.POST
        key = posted.idempotency_key_of(sent)
        # Bound to the sender, so that a key copied from elsewhere finds nothing.
        own_key = f"{self.request.user.pk}-{key}"
        raw = posted.read_answers(self.cls, sent)
        seen = sent.get("seen", "")
        try:
            # Asked first: the form of a second person no longer fits a case that they have decided already.
            done = find_by_idempotency_key(own_key, self.request.actor)
            if done is None:
                self.check_not_proposed_meanwhile(sent)
                expected = posted.expected_revision_in(seen)
                if attach_sent_file(self.request, self.cls, self.petition.number, raw, own_key):
                    before = self.petition.revision
                    self.read_case(self.petition.number)
                    if expected == before and self.petition.revision == before + 1:
                        # Adding it is an event of the case, this person's own and not somebody else's.
                        expected, seen = expected + 1, str(expected + 1)
                results = one_act.take_steps(
                    posted.step_from(self.cls, raw, self.choices),
                    None if self.pending else second_from(self.code, sent, raw, self.known()),
                    self.petition.number,
                    by=self.request.actor,
                    code=self.code,
                    key=own_key,
                    expected_revision=expected,
                )
            else:
                results = [done]
        except InvalidAnswer as e:
            return self.page(raw, key=key, problems=e.problems, status=422)
        except Refused as e:
            before = self.petition.revision
            self.petition.refresh_from_db()
            if self.petition.revision != before or any(r.code == "somebody_was_faster" for r in e.reasons):
                self.read_case(self.petition.number)
            return self.page(raw, key=key, refused=e, status=422, seen=posted.expected_revision_in(seen))
        except NotVisible:
            raise Http404 from None
        drafts.form_accepted(self.request)
        if self.code in (StepCode.SUBMIT_ARCHIVE, StepCode.ACCEPT_ARCHIVE):
            count_volumes([results[-1].petition])
        return redirect(self.where_next(results))

    def check_not_proposed_meanwhile(self, sent: QueryDict) -> None:
        """Tell who sent the form of a step that meanwhile waits for a second person.

        Raises:
            Refused: it does.
        """
        if self.pending and "agree" not in sent:
            raise Refused([PROPOSED_MEANWHILE])

    def where_next(self, results: list[StepResult]) -> str:
        """Tell what was done, and return where the sender is led now.

        It is the inbox when the case is no longer theirs to see.
        """
        number, done = self.petition.number, results[-1]
        verb = "已提出，等待另一人确认" if done.event.stage == "proposed" else "已办理"
        said = f"{verb}：{'、'.join(STEPS[r.event.code].rule.label for r in results)}"
        papers = "".join(one_act.papers_in_words(r) for r in results)
        if not still_sees(self.request.actor, done.facts):
            messages.success(self.request, f"{said}。")
            gone = SEALED_NOW if done.facts.sealed else "{} 已不在您可以查看的范围内。"
            messages.info(self.request, gone.format(number))
            return reverse("inbox")
        words = '<span class="prose">{}（<a href="{}">{}</a>）。{}</span>'
        address = reverse("petition", args=[number])
        messages.success(self.request, format_html(words, said, address, number, papers))
        return address_after(self.request, done.petition, done.facts)

    def page(
        self,
        values: dict[str, Any],
        *,
        key: str,
        problems: dict[str, str] | None = None,
        refused: Refused | None = None,
        status: int = 200,
        seen: int | None = None,
    ) -> HttpResponse:
        """Show the page with a form that holds these values."""
        question = DecisionContext(
            step=None,
            facts=self.facts,
            actor=self.request.actor,
            today=self.today,
            calendar=self.calendar,
            directory=self.directory,
        )
        missing = case_reasons(self.rule, question)
        if self.code == StepCode.CORRECT and values.get("what") != CorrectionOf.BODY.value:
            # Should the words of the letter be chosen, their correction begins with them; sent they are only then.
            values = {**values, "new_body": case_text(self.petition, self.facts).body}
        takes_back = self.pending is not None and self.pending.by == self.request.actor.code
        scan = self.scan()
        form = step_form.StepForm(
            self.code,
            self.choices,
            values,
            problems or {},
            # Who put it forward is asked for no decision: they can only take it back, and say why.
            skip=("agree",)
            if takes_back
            else ()
            if self.pending
            else (*initial.hidden_fields(self.cls, self.facts, self.request.actor), *self.declared()[:1]),
            hidden=("request",),
            row_legends=initial.row_legends(self.code, self.facts),
            options=initial.case_choices(self.code, self.facts),
            phrases=self.phrases(self.cls),
        )
        parts = with_file_field(self.cls, form.parts(self.cls), (problems or {}).get(FILE_FIELD, ""))
        parts, buttons = step_form.decided_by_buttons(parts)
        sent = self.request.POST if self.request.method == "POST" else None
        then = None if self.pending or missing else second_step(self.code, self.known())
        second = second_parts(self.code, then, self.known(), sent, problems or {}, self.phrases(then)) if then else None
        parts = [*parts, second] if second else parts
        controls = step_form.control_names(parts)
        errors = step_form.problem_summary(problems, controls) if problems else []
        errors += step_form.reasons_summary(refused.reasons, controls, self.cls.when_field) if refused else []
        sees_all = self.case.scope is ViewScope.FULL
        context: StepPageContext = {
            "petition": self.petition,
            "text": case_text(self.petition, self.facts),
            "brief": case_summary(self.petition, self.facts, self.today, self.calendar),
            "rule": self.rule,
            "cites": [{"label": str(a), "says": a.says} for a in self.rule.cites],
            "pending": self.pending,
            "proposed": render_answers(self.pending.step, self.directory, self.facts.requests) if self.pending else [],
            "proposed_by": self.directory.staff_name(self.pending.by) if self.pending else "",
            "missing": problems_of(missing),
            # What was typed stays on the page, whatever has become of the case meanwhile.
            "shows_form": not missing or takes_back or status == 422,
            "parts": parts,
            "ends_at_once": self.pending is not None
            and self.code == StepCode.ANSWER
            and self.facts.answered_at_the_desk,
            "asks_first": SEALS_AT_ONCE if self.code == StepCode.CLASSIFY and not self.pending else "",
            "takes_file": any(p.get("field", {}).get("name") == FILE_FIELD for p in parts),
            "buttons": buttons,
            "declared": self.declared(),
            "errors": errors,
            "errors_title": errors_title(errors),
            "newer": changes_since(self.facts, self.case.events, seen, self.directory) if seen is not None else [],
            "key": key,
            "next": self.request.POST.get("next") or self.request.GET.get("next", ""),
            "draft": f"step-{self.petition.number}-{self.code}",
            "sees_all": sees_all,
            "previews": opinion_kind(self.facts).value if self.code in REPLY_PREVIEW_STEPS and sees_all else "",
            "requests": self.facts.requests if sees_all else (),
            "before": compared(self.code, self.facts, self.directory, self.request.actor)
            or answered(self.code, self.facts, self.directory)
            if sees_all
            else None,
            "beside": beside(self.code, self.facts, self.directory, reads_advice=self.case.may_read_advice)
            if sees_all and not self.pending
            else [],
            "scan": scan.number if scan else 0,
            "scan_has_pages": scan is not None and scan.kind in PAGED_KINDS,
            "takes_back": takes_back,
            "like": self.like,
            "helped": self.code in HELPED_STEPS and sees_all and not self.pending and not self.facts.sealed,
            **self.people(),
            "bound_pages": self.bound_pages() if not missing else "",
            "lacks": missing_rows(self.facts) if self.code == StepCode.SUBMIT_ARCHIVE else (),
            "advice": advice_view(self.case, self.directory) if self.code == GiveLegalAdvice.rule.code else None,
        }
        return render_page(self.request, "casework/step.html", context, here="petitions", status=status)

    def people(self) -> PeopleBeside:
        """Return the petitioners for who is about to call them, and whether they may ask to see them."""
        if self.code not in CALLING:
            return {"people": [], "may_call": False, "back": ""}
        shown = calls_now(self.request, self.case)
        return {
            "people": masked_people(self.petition, self.facts, callable_now=True) if shown else [],
            "may_call": may_call(self.request, self.case),
            "back": self.request.get_full_path() if self.request.method == "GET" else "",
        }

    def phrases(self, cls: type[Step]) -> dict[PhraseUse, list[str]]:
        """Return the standing phrases for the form of this step, with the words of the case in them (1 query)."""
        if cls is SecondPerson or self.case.scope is not ViewScope.FULL:
            return {}
        f = self.facts
        words = {
            "事由": case_text(self.petition, f).subject,
            "编号": f.number,
            "收到日期": chinese_date(f.received_on),
            "承办单位": self.directory.unit_name(f.handling_unit) if f.handling_unit else "",
            "包案领导": self.directory.staff_name(f.responsible_leader) if f.responsible_leader else "",
            "诉求": "；".join(r.text for r in f.requests),
        }
        return phrases_for(self.request.user, step_form.phrase_uses(cls), words)

    def declared(self) -> tuple[str, ...]:
        """Return the field that the button answers, and the words on it; empty for most steps."""
        return () if self.pending else declarations.DECLARED_BY_BUTTON.get(self.code, ())

    def known(self) -> Known:
        """Return what the form is filled in from."""
        return Known(self.facts, self.today, self.choices, self.request.actor, self.calendar)

    def scan(self) -> FileFacts | None:
        """Return the attachment that what waits for a second person rests on."""
        number = getattr(self.pending.step, "attachment", None) if self.pending else None
        return next((f for f in self.facts.files if f.number == number), None)

    def bound_pages(self) -> str:
        """Return what the archive room and who hands a file over should know of its pages; empty for other steps."""
        if self.code not in (StepCode.SUBMIT_ARCHIVE, StepCode.ACCEPT_ARCHIVE):
            return ""
        bound = pages_as_bound(self.petition)
        if bound is None:
            return ""
        claimed = claimed_pages(self.facts)
        if claimed is None:
            return f"按现有材料装订为 {bound.words}，不含封面、卷内目录和备考表。实体案卷的页数不同的，请核对后再移交。"
        return bound.against(claimed)
