"""What is sent from the page of a paper: its text, a Word file that comes back, each step of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from xinfang.accounts.pages import DeskRequest
from xinfang.attachments.actions.attach import require_no_virus
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.cases.access import open_case
from xinfang.cases.actions.perform import perform
from xinfang.cases.step_forms import posted
from xinfang.core.addresses import address_of
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.queries import paper_changes
from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.word import read_docx
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.rules import Refused, Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps.papers import CheckPaper, RevisePaper, SignPaper, WithdrawPaper
from xinfang.procedure.steps.service import SendPaper, ServePaper
from xinfang.procedure.visibility import NotVisible
from xinfang.web import form_drafts as drafts
from xinfang.web.form_types import Problem
from xinfang.web.refusals import problems_of

from .paper_page import PaperPage

if TYPE_CHECKING:
    from xinfang.papers.models import Paper


MAX_TEXT_CHARACTERS = 400_000
"""Characters of one text; a paper of forty pages has about twenty-five thousand."""
_OPENED = "paper_words"
"""In the session: which version of a text was taken away as a Word file."""
_STEPS: dict[str, type[Step]] = {
    s.rule.code: s for s in (CheckPaper, SignPaper, RevisePaper, SendPaper, ServePaper, WithdrawPaper)
}
_DONE = {
    "save": "已保存",
    "word": "已收下交回的 Word 文件，存为新的一版",
    StepCode.SUBMIT_PAPER: "已送审",
    StepCode.CHECK_PAPER: "已核稿",
    StepCode.SIGN_PAPER: "已签发",
    StepCode.REVISE_PAPER: "已改回拟稿，改好后须重新送签",
    StepCode.ISSUE_PAPER: "已印发，定稿的 PDF、Word 和 OFD 已存入此件",
    StepCode.SEND_PAPER: "已登记发出，期限按发出日期计",
    StepCode.SERVE_PAPER: "已记录送达",
    StepCode.WITHDRAW_PAPER: "已撤回，原件和理由都已保留",
}


class PostedPaper:
    """What one request sends from the page of a paper, and the answer to it."""

    def __init__(self, page: PaperPage) -> None:
        self.page, self.request = page, page.request
        self._returned = ""
        self._waits = False

    def answer(self) -> HttpResponse:
        """Do what was sent; return the way back to the page, or the page with what is wrong.

        Raises:
            Http404: the case isn't this person's to see any more.
        """
        sent, what = self.request.POST, self.request.POST.get("do", "")
        typed = self._typed()
        try:
            self._do(what, typed)
        except EditConflict as e:
            self.page.read(self.page.petition.number)
            return self.page.show(mine=self._returned if what == "word" else typed, theirs=e.theirs, status=422)
        except WordingSyntaxError as e:
            error: Problem = {"reason": str(e), "field": "word" if what == "word" else "text"}
            return self.page.show(mine=typed, errors=[error], status=422)
        except NotAccepted as e:
            return self.page.show(mine=typed, errors=[{"reason": str(e), "field": "word"}], status=422)
        except InvalidAnswer as e:
            return self.page.show(problems=e.problems, status=422)
        except Refused as e:
            self.page.read(self.page.petition.number)
            return self.page.show(mine=typed, errors=problems_of(e.reasons), status=422)
        except NotVisible:
            raise Http404 from None
        if what not in _DONE:
            messages.error(self.request, "没有说明要做什么，文书没有改变。请按页上的按钮。")
            return redirect(self.page.url)
        return self._redirect(what, sent.get("agree") == "no")

    def _typed(self) -> str | None:
        """Return the text in the editor, with line breaks as they are kept; None for a form without one."""
        text = self.request.POST.get("text")
        return None if text is None else text.replace("\r\n", "\n").replace("\0", "")[:MAX_TEXT_CHARACTERS]

    def _revision(self) -> int:
        return posted.expected_revision_in(self.request.POST.get("revision", ""))

    def _do(self, what: str, typed: str | None) -> None:
        number, place, actor, staff = self.page.petition.number, self.page.place, self.request.actor, self.request.user
        key = f"{staff.pk}-{posted.idempotency_key_of(self.request.POST)}"
        revision = self._revision()
        if typed is not None and what in ("save", StepCode.SUBMIT_PAPER, StepCode.ISSUE_PAPER):
            # Line by line what the page showed, so a text that wasn't touched makes no new version.
            saved = acts.save_paper_text(number, place, typed, by=actor, staff=staff, revision=revision)
            revision = saved.revision
            drafts.form_accepted(self.request)
        if what == "word":
            revision, self._returned = self._word(revision)
            acts.save_paper_text(
                number, place, self._returned, by=actor, staff=staff, revision=revision, how="returned"
            )
        elif what == StepCode.SUBMIT_PAPER:
            acts.submit_paper(number, place, by=actor, revision=revision, idempotency_key=key)
        elif what == StepCode.ISSUE_PAPER:
            acts.issue_paper(number, place, by=actor, idempotency_key=key)
        elif what in _STEPS:
            step = posted.step_from(_STEPS[what], self._answers(what), self.page.choices())
            if isinstance(step, CheckPaper | SignPaper):
                acts.decide_on_paper(number, place, step, by=actor, revision=revision, idempotency_key=key)
            else:
                result = perform(step, number, by=actor, idempotency_key=key)
                self._waits = what in result.facts.pending

    def _answers(self, what: str) -> dict[str, Any]:
        raw = posted.read_answers(_STEPS[what], self.request.POST)
        return {**raw, "paper": str(self.page.place)}

    def _word(self, opened: int) -> tuple[int, str]:
        """Return the version that was taken away and the text that came back.

        Raises:
            NotAccepted: there is no file, or it isn't taken.
            WordingSyntaxError: its text can't be read.
        """
        file = self.request.FILES.get("word")
        if file is None:
            left = getattr(self.request, "files_left_out", [])
            raise NotAccepted(
                "文件太大，没有收下。请核对是否选错了文件。" if left else "没有选择文件。请选择改好的 .docx 文件。"
            )
        data = file.read()
        checked = check_file(data, file.name or "", most=settings.UPLOAD_MB * 2**20)
        if checked.kind.code != "docx":
            raise NotAccepted("交回的须是 .docx 文件。请用 Word 或 WPS 打开下载的文件，改好后仍存为 .docx。")
        require_no_virus(data, self.page.petition.number, self.request.user)
        taken = self.request.session.get(_OPENED, {}).get(f"{self.page.petition.pk}-{self.page.place}")
        return paper_changes.revision_in(checked.name) or taken or opened, read_docx(data)

    def _redirect(self, what: str, back: bool) -> HttpResponse:
        drafts.form_accepted(self.request)
        label = self.page.paper.label
        said = "已退回修改" if back and what in (StepCode.CHECK_PAPER, StepCode.SIGN_PAPER) else _DONE[what]
        had, paper = self.page.paper.number, self.page.paper
        paper.refresh_from_db(fields=["number"])
        numbered = f"，文号{paper.number}" if paper.number and not had else ""
        if self._waits:
            said = "已提出，由另一人确认后生效"
        messages.success(self.request, f"{label}：{said}{numbered}。")
        try:
            open_case(self.request.actor, self.page.petition.number)
        except NotVisible:
            messages.info(self.request, f"{self.page.petition.number} 已不在您可以查看的范围内。")
            return redirect("inbox")
        if self.page.next and what in (StepCode.CHECK_PAPER, StepCode.SIGN_PAPER):
            # Who signs goes back to what else is to be signed; the office sends what was signed.
            return redirect(self.page.next)
        if self.page.next and what not in ("save", "word"):
            # Who came from a list is led on from there.
            return redirect(f"{address_of('what-next', self.page.petition.number)}?{self.page.back}")
        return redirect(f"{self.page.url}?{self.page.back}" if self.page.next else self.page.url)


def remember_word(request: DeskRequest, paper: Paper) -> None:
    """Remember which version left as a Word file, so that what comes back is compared with that one."""
    taken = dict(list(request.session.get(_OPENED, {}).items())[-50:])
    request.session[_OPENED] = taken | {f"{paper.petition_id}-{paper.place}": paper.revision}
