"""The life of a paper (H13, H14).

It is made, checked, signed, numbered and issued, served; or withdrawn and replaced, and then both are kept.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from xinfang.procedure.actor_rules import (
    ActorRule,
    a_head_of_the_handling_unit,
    a_leader,
    an_involved_unit,
    another_named_officer,
    reception,
    the_counter,
    the_named_officer,
    the_office,
    the_office_head,
    the_responsible_leader,
)
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field
from xinfang.procedure.steps.attachments import NOT_YET_ARCHIVED
from xinfang.procedure.words import PaperKind, PaperStage, ReplyStage, Role, State

from ..conditions import a_reason_is_given, sending_back_says_why
from ..facts import NOBODY, Actor, Directory, Facts, PaperFacts
from ..papers import (
    ISSUED_STAGES,
    OPINIONS,
    PAPERS,
    REVIEWABLE,
    UNFINISHED_STAGES,
    checkers,
    latest_opinion,
    made_elsewhere,
    may_be_signed_at_the_counter,
    signers,
    tells_a_decision,
    with_paper_changed,
    with_paper_withdrawn,
)
from ..rules import CaseContext, DecisionContext, Rule, Step, acts_as_stand_in, condition

MAKERS = (reception, the_office, an_involved_unit, the_named_officer)


class NamesPaper(Protocol):
    """A step on one paper of the case, by its number."""

    @property
    def paper(self) -> int: ...


def paper_of(q: DecisionContext[NamesPaper]) -> PaperFacts | None:
    """Return the paper that a step names, if the case has it."""
    return q.facts.paper(q.step.paper)


def _is_one(whos: tuple[ActorRule, ...], q: CaseContext) -> bool:
    return any(w.includes(q.actor, q.facts) for w in whos)


@condition(
    "这份文书正在制作或已经印发", CHOSEN_BY_DEPARTMENT, todo="请继续办理原来的一份；要重做的，请先撤回并写明理由。"
)
def it_is_not_made_already(q: "DecisionContext[MakePaper]") -> bool:
    return all(
        p.kind is not q.step.kind or p.owed_by != q.step.owed_by or p.stage is PaperStage.WITHDRAWN
        for p in q.facts.papers
    )


@condition(
    "意见书要先经审核、签发和编号，才能制作正式文本",
    HOUSE_RULES[13],
    CHOSEN_BY_DEPARTMENT,
    todo="请先办完“签发意见书”和“印发意见书”；此前可以预览。",
)
def the_reply_was_signed_off(q: "DecisionContext[MakePaper]") -> bool:
    return q.step.kind not in OPINIONS or q.facts.reply_stage is ReplyStage.ISSUED


@condition(
    "没有这一步骤的记录，不知道这份文书出自哪里", CHOSEN_BY_DEPARTMENT, todo="请从事项页面的“应出具文书”中选择。"
)
def the_event_is_there(q: "DecisionContext[MakePaper]") -> bool:
    return q.step.owed_by == 0 or any(h.seq == q.step.owed_by for h in q.facts.history)


@condition(
    "这种文书写明一项决定或者答复，只能由作出该决定、答复的步骤产生",
    HOUSE_RULES[13],
    REGULATION[23],
    REGULATION[32],
    todo="请先办理相应的步骤，再从事项页面的“应出具文书”中制作。",
)
def it_comes_from_the_step_that_decided(q: "DecisionContext[MakePaper]") -> bool:
    if not tells_a_decision(q.step.kind, q.facts) or not the_event_is_there.holds(q):
        return True
    return any(h.seq == q.step.owed_by and q.step.kind in h.owes for h in q.facts.history)


@condition(
    "这种文书由复查、复核机关作出，本厅不能对自己的处理意见作出复查、复核",
    REGULATION[35],
    REGULATION[36],
    todo="收到复查、复核机关的文书后，请扫描添加为附件，材料种类选“文书”，再“登记纸质文书”。",
)
def it_is_made_in_this_department(q: "DecisionContext[MakePaper]") -> bool:
    return not made_elsewhere(q.step.kind, q.facts)


@condition("厅领导只制作自己的步骤应出具的文书", CHOSEN_BY_DEPARTMENT, todo="其他文书请由办公室或承办处室制作。")
def a_leader_makes_what_their_own_step_calls_for(q: "DecisionContext[MakePaper]") -> bool:
    own = any(h.seq == q.step.owed_by and q.step.kind in h.owes and h.by in q.actor.codes for h in q.facts.history)
    return own or _is_one(MAKERS, q)


@dataclass(frozen=True, kw_only=True)
class MakePaper(Step):
    """A paper is begun: its text is composed from the facts and can be edited until it is submitted."""

    rule = Rule["MakePaper"](
        code=StepCode.MAKE_PAPER,
        label="制作文书",
        group="文书",
        cites=(HOUSE_RULES[13], HOUSE_RULES[14], REGULATION[23]),
        who=(*MAKERS, the_responsible_leader),
        when=NOT_YET_ARCHIVED,
        provided=(
            it_is_not_made_already,
            the_reply_was_signed_off,
            the_event_is_there,
            it_comes_from_the_step_that_decided,
            it_is_made_in_this_department,
            a_leader_makes_what_their_own_step_calls_for,
        ),
    )
    kind: PaperKind = step_field("文书")
    owed_by: int = step_field("出自第几条记录", default=0, help="由某一步骤产生的文书填该步骤的序号；另行制作的填 0")
    digest: str = step_field("已签文本的 SM3 摘要", default="", plain=True, max=64, help="由系统填写")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        # A reply was checked and signed by steps of its own: that very text needs no second signature, any other does.
        signed = self.kind in OPINIONS and self.digest != "" and self.digest == facts.signed_text
        made = PaperFacts(
            number=len(facts.papers) + 1,
            kind=self.kind,
            stage=PaperStage.SIGNED if signed else PaperStage.DRAFT,
            owed_by=self.owed_by,
            by=by.code,
            digest=self.digest if signed else "",
            signed=facts.signed_text if self.kind in OPINIONS else "",
            signed_by=facts.last_by(StepCode.SIGN_REPLY) if signed else NOBODY,
        )
        return replace(facts, papers=(*facts.papers, made))

    def says(self, directory: Directory) -> str:
        return self.kind.label


@condition("本件没有这个序号的文书", CHOSEN_BY_DEPARTMENT, todo="请核对文书的序号。")
def that_paper_is_there(q: DecisionContext[NamesPaper]) -> bool:
    return paper_of(q) is not None


@condition("这份文书不在拟稿中", CHOSEN_BY_DEPARTMENT, todo="请核对它的办理环节；要修改的，请由核稿人或签发人退回。")
def it_is_a_draft(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.stage is PaperStage.DRAFT


@condition("这种文书不需要核稿和签发", CHOSEN_BY_DEPARTMENT, todo="请直接印发。")
def it_needs_a_signature(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or bool(_whos(paper, q.facts))


def _whos(paper: PaperFacts, facts: Facts) -> tuple[ActorRule, ...]:
    return (*checkers(paper.kind, facts), *signers(paper.kind, facts))


@condition("厅领导只送审自己的步骤应出具的文书", CHOSEN_BY_DEPARTMENT, todo="其他文书请由办公室或承办处室送审。")
def a_leader_submits_what_they_made(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.by in q.actor.codes or _is_one(MAKERS, q)


@dataclass(frozen=True, kw_only=True)
class SubmitPaper(Step):
    """The draft goes to the people who check or sign it. Its text is fixed by its hash from here on."""

    rule = Rule["SubmitPaper"](
        code=StepCode.SUBMIT_PAPER,
        label="送审文书",
        group="文书",
        cites=(HOUSE_RULES[13], CHOSEN_BY_DEPARTMENT),
        who=(*MAKERS, the_responsible_leader),
        when=NOT_YET_ARCHIVED,
        provided=(that_paper_is_there, it_is_a_draft, it_needs_a_signature, a_leader_submits_what_they_made),
    )
    paper: int = step_field("文书序号")
    digest: str = step_field("文本的 SM3 摘要", plain=True, max=64)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        kind = next(p.kind for p in facts.papers if p.number == self.paper)
        stage = PaperStage.CHECKING if checkers(kind, facts) else PaperStage.SIGNING
        return with_paper_changed(facts, self.paper, lambda p: replace(p, stage=stage, digest=self.digest, by=by.code))

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}"


def _sign(facts: Facts, number: int, by: Actor) -> Facts:
    """Return the facts with the paper signed: the text that was submitted, and no other."""
    paper = facts.paper(number)
    assert paper is not None
    facts = with_paper_changed(
        facts, number, lambda p: replace(p, stage=PaperStage.SIGNED, signed=p.digest, signed_by=by.code)
    )
    return replace(facts, signed_text=paper.digest) if paper.kind in OPINIONS else facts


@condition("这份文书不在等待核稿", CHOSEN_BY_DEPARTMENT, todo="请核对它的办理环节。")
def it_waits_for_a_check(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.stage is PaperStage.CHECKING


def who_submitted_all_to_check(facts: Facts) -> frozenset[StaffCode]:
    """Return who submitted every paper that waits for a check: they don't check their own, so another is asked."""
    submitted = {p.by for p in facts.papers if p.stage is PaperStage.CHECKING}
    return frozenset(submitted) if len(submitted) == 1 else frozenset()


@condition(
    "这份文书不由您核稿",
    HOUSE_RULES[6],
    CHOSEN_BY_DEPARTMENT,
    todo="请由承办处室（单位）负责人核稿；负责人自己送审或者不在的，由办公室主任核稿。",
)
def it_is_theirs_to_check(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    if paper is None:
        return True
    whos = checkers(paper.kind, q.facts)
    return _is_one(whos, q) or acts_as_stand_in(q.actor, whos, q.facts, q.directory, frozenset({paper.by}))


@condition("送审的人不能自己核稿或签发", CHOSEN_BY_DEPARTMENT, todo="请由另一位有权的人员办理。")
def another_person_decides(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.by not in q.actor.codes or _is_authorised(paper, q.actor, q.facts)


def _is_authorised(paper: PaperFacts, by: Actor, facts: Facts) -> bool:
    """Tell whether this person signs and numbers this paper at the counter, as the head of the office authorised."""
    refused = any(
        h.code == StepCode.SIGN_PAPER and h.step.paper == paper.number and not h.step.agree for h in facts.history
    )
    return (
        the_counter.includes(by, facts)
        and may_be_signed_at_the_counter(paper.kind, facts)
        and not facts.sealed
        and not refused
    )


@dataclass(frozen=True, kw_only=True)
class CheckPaper(Step):
    """The head of the unit checks the draft, or gives it back; what the head submitted, the head of the office."""

    rule = Rule["CheckPaper"](
        code=StepCode.CHECK_PAPER,
        label="核稿",
        group="文书",
        cites=(HOUSE_RULES[6], CHOSEN_BY_DEPARTMENT),
        who=(a_head_of_the_handling_unit,),
        when=NOT_YET_ARCHIVED,
        provided=(
            that_paper_is_there,
            it_waits_for_a_check,
            it_is_theirs_to_check,
            another_person_decides,
            sending_back_says_why,
        ),
        not_by=who_submitted_all_to_check,
    )
    paper: int = step_field("文书序号")
    agree: bool = step_field("同意", default=True)
    opinion: str = step_field("核稿意见", default="", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if not self.agree:
            return with_paper_changed(facts, self.paper, lambda p: replace(p, stage=PaperStage.DRAFT, digest=""))
        kind = next(p.kind for p in facts.papers if p.number == self.paper)
        return (
            with_paper_changed(facts, self.paper, lambda p: replace(p, stage=PaperStage.SIGNING))
            if signers(kind, facts)
            else _sign(facts, self.paper, by)
        )

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：{'同意' if self.agree else '退回修改'}。{self.opinion}"


@condition("这份文书不在等待签发", CHOSEN_BY_DEPARTMENT, todo="请核对它的办理环节。")
def it_waits_for_a_signature(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.stage is PaperStage.SIGNING


@condition("这份文书不由您签发", HOUSE_RULES[4], CHOSEN_BY_DEPARTMENT, todo="请核对这种文书应由谁签发。")
def it_is_theirs_to_sign(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or _is_one(signers(paper.kind, q.facts), q)


@condition(
    "核稿的人不能代理他人签发同一份文书",
    HOUSE_RULES[4],
    CHOSEN_BY_DEPARTMENT,
    todo="请由有权签发的人本人或者没有核稿的代理人签发。",
)
def who_checked_it_does_not_sign_as_a_deputy(q: "DecisionContext[SignPaper]") -> bool:
    checks = [h for h in q.facts.history if h.code == StepCode.CHECK_PAPER and h.step.paper == q.step.paper]
    signs = (Role.OFFICE_HEAD, Role.LEADER, Role.PRINCIPAL_LEADER)
    return not (checks and checks[-1].by == q.actor.code and q.actor.only_stands_in(*signs))


@dataclass(frozen=True, kw_only=True)
class SignPaper(Step):
    """The person who must sign it lets the paper go out, or gives it back."""

    rule = Rule["SignPaper"](
        code=StepCode.SIGN_PAPER,
        label="签发文书",
        group="文书",
        cites=(HOUSE_RULES[4], CHOSEN_BY_DEPARTMENT),
        who=(the_office_head, the_responsible_leader, a_leader, the_counter),
        when=NOT_YET_ARCHIVED,
        provided=(
            that_paper_is_there,
            it_waits_for_a_signature,
            it_is_theirs_to_sign,
            another_person_decides,
            who_checked_it_does_not_sign_as_a_deputy,
            sending_back_says_why,
        ),
    )
    paper: int = step_field("文书序号")
    agree: bool = step_field("同意签发", default=True)
    opinion: str = step_field("意见", default="", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if not self.agree:
            return with_paper_changed(facts, self.paper, lambda p: replace(p, stage=PaperStage.DRAFT, digest=""))
        return _sign(facts, self.paper, by)

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：{'同意签发' if self.agree else '退回修改'}。{self.opinion}"


@condition(
    "这份文书没有签发，或者已经印发", CHOSEN_BY_DEPARTMENT, todo="拟稿中的可以直接修改；已经印发的，请撤回后重做。"
)
def it_was_signed_and_not_issued(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.stage is PaperStage.SIGNED


@dataclass(frozen=True, kw_only=True)
class RevisePaper(Step):
    """What was signed is to be changed: it is a draft again, and goes the whole way to the signer.

    The difference is shown there.
    """

    rule = Rule["RevisePaper"](
        code=StepCode.REVISE_PAPER,
        label="改回拟稿",
        group="文书",
        cites=(CHOSEN_BY_DEPARTMENT,),
        who=MAKERS,
        when=NOT_YET_ARCHIVED,
        provided=(that_paper_is_there, it_was_signed_and_not_issued, a_reason_is_given),
    )
    paper: int = step_field("文书序号")
    reason: str = step_field("修改理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return with_paper_changed(facts, self.paper, lambda p: replace(p, stage=PaperStage.DRAFT, digest=""))

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：{self.reason}"


@condition(
    "这份文书不在等待印发：还没有签发，或者已经印发、撤回",
    CHOSEN_BY_DEPARTMENT,
    todo="没有签发的请先送审，由有权的人签发；已经印发的可以重印。",
)
def it_is_signed(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    if paper is None or paper.stage is PaperStage.SIGNED:
        return True
    return paper.stage is PaperStage.DRAFT and not _whos(paper, q.facts)


@condition("对外文书须由办公室编号、用印（密封件由专管员办理）", CHOSEN_BY_DEPARTMENT, todo="请交办公室印发。")
def the_office_seals_what_leaves(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or seals(paper, q.actor, q.facts)


def seals(paper: PaperFacts, by: Actor, facts: Facts) -> bool:
    """Tell whether this person may number and seal a paper: the office what leaves the house (H5, H13)."""
    sealers = (the_office, the_named_officer)
    return (
        not PAPERS[paper.kind].outward
        or any(w.includes(by, facts) for w in sealers)
        or _is_authorised(paper, by, facts)
    )


@condition("这种文书须有文号", CHOSEN_BY_DEPARTMENT, todo="请由系统按字号取号。")
def a_numbered_paper_has_its_number(q: "DecisionContext[IssuePaper]") -> bool:
    paper = paper_of(q)
    return paper is None or not PAPERS[paper.kind].series or bool(q.step.document_number)


@condition(
    "文书的定稿没有存入此件", HOUSE_RULES[14], todo="请在该事项的“文书”页面印发，系统会存入 PDF、Word 和 OFD 三种定稿。"
)
def its_files_are_kept(q: "DecisionContext[IssuePaper]") -> bool:
    kept = {f.digest for f in q.facts.files if not f.withdrawn}
    return {q.step.pdf, q.step.word, q.step.ofd} <= kept


@dataclass(frozen=True, kw_only=True)
class IssuePaper(Step):
    """The paper gets its number and is frozen: its three files are kept, and their hashes are in the chain."""

    rule = Rule["IssuePaper"](
        code=StepCode.ISSUE_PAPER,
        label="印发文书",
        group="文书",
        cites=(HOUSE_RULES[13], REGULATION[23], CHOSEN_BY_DEPARTMENT),
        who=MAKERS,
        when=NOT_YET_ARCHIVED,
        provided=(
            that_paper_is_there,
            it_is_signed,
            the_office_seals_what_leaves,
            a_numbered_paper_has_its_number,
            its_files_are_kept,
        ),
    )
    paper: int = step_field("文书序号")
    document_number: str = step_field("文号", default="", plain=True, max=40)
    pages: int = step_field("页数", default=0)
    pdf: str = step_field("PDF 的 SM3 摘要", plain=True, max=64)
    word: str = step_field("Word 的 SM3 摘要", plain=True, max=64)
    ofd: str = step_field("OFD 的 SM3 摘要", plain=True, max=64)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return with_paper_changed(
            facts,
            self.paper,
            lambda p: replace(
                p,
                stage=PaperStage.ISSUED,
                document_number=self.document_number,
                pages=self.pages,
                files=(self.pdf, self.word, self.ofd),
                issued_on=on,
            ),
        )

    def says(self, directory: Directory) -> str:
        return "，".join(p for p in (f"文书{self.paper}", self.document_number, f"共 {self.pages} 页") if p)


@condition("这份文书已经撤回", CHOSEN_BY_DEPARTMENT, todo="无须再次撤回。")
def it_is_not_withdrawn(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.stage is not PaperStage.WITHDRAWN


@condition("印发后的文书只能由办公室（密封件由专管员）撤回", CHOSEN_BY_DEPARTMENT, todo="请与办公室联系。")
def the_office_withdraws_what_was_issued(q: DecisionContext[NamesPaper]) -> bool:
    paper, waits = paper_of(q), q.facts.pending.get(StepCode.WITHDRAW_PAPER)
    if waits is not None and waits.step is q.step:
        return True  # the office put it forward; who is asked agrees to it
    return paper is None or paper.stage in UNFINISHED_STAGES or _is_one((the_office, the_named_officer), q)


@condition(
    "信访人已经对这份意见书请求复查、复核，不能撤回",
    REGULATION[35],
    REGULATION[36],
    CHOSEN_BY_DEPARTMENT,
    todo="请由复查、复核机关决定；认为意见书确有错误的，向复查、复核机关说明。",
)
def nobody_asked_for_a_review_of_it(q: "DecisionContext[WithdrawPaper]") -> bool:
    paper = paper_of(q)
    answers = paper and (_is_the_opinion(paper, q.facts) or paper.kind in REVIEWABLE)
    return not (answers and q.facts.review_stage)


def _is_the_opinion(paper: PaperFacts, facts: Facts) -> bool:
    """Tell whether this is the opinion of the case that is in force."""
    latest = latest_opinion(facts)
    return latest is not None and latest.number == paper.number and paper.stage in ISSUED_STAGES


@dataclass(frozen=True, kw_only=True)
class WithdrawPaper(Step):
    """A paper is taken back, with the reason. It is kept, its number is not given again, and a new one may be made.

    What left the house is taken back by two, an opinion that the petitioner holds only with the leader who answers for
    it. Was it the opinion, the case waits for the new one to be served: its service, the thirty days for a review and
    the closing count for that (H4, N32, N35).
    """

    rule = Rule["WithdrawPaper"](
        code=StepCode.WITHDRAW_PAPER,
        label="撤回文书",
        group="文书",
        cites=(HOUSE_RULES[4], CHOSEN_BY_DEPARTMENT),
        who=MAKERS,
        then=(the_office, another_named_officer, the_responsible_leader),
        when=NOT_YET_ARCHIVED,
        to=(State.REPLIED,),
        provided=(
            that_paper_is_there,
            it_is_not_withdrawn,
            the_office_withdraws_what_was_issued,
            nobody_asked_for_a_review_of_it,
            a_reason_is_given,
        ),
    )
    confirmed_when = "已经发出、送达的；意见书已经送达信访人的，只由签发它的包案厅领导确认"
    paper: int = step_field("文书序号")
    reason: str = step_field("理由", long=True, max=500, help="撤回的文书和文号都会保留，并注明理由")

    def asks_second_person(self, q: CaseContext) -> bool:
        paper = q.facts.paper(self.paper)
        return paper is not None and (paper.left_on is not None or paper.stage is PaperStage.SERVED)

    def agreed_by(self, facts: Facts) -> tuple[ActorRule, ...]:
        paper = facts.paper(self.paper)
        # The thirty days of N35 run from these. A simple reply may have had no leader: then two of the office.
        from_it = (*OPINIONS, *REVIEWABLE) if facts.responsible_leader else OPINIONS
        held = paper is not None and paper.kind in from_it and paper.stage is PaperStage.SERVED
        office, officer, leader = self.rule.then
        return (leader, officer) if held else (office, officer)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        paper = facts.paper(self.paper)
        after = with_paper_withdrawn(facts, self.paper)
        if paper is None or not _is_the_opinion(paper, facts) or facts.state not in (State.SERVED, State.CLOSED):
            return after
        return replace(
            after,
            state=State.REPLIED,
            served_on=None,
            served_persons=frozenset(),
            failed_services=0,
            closed_on=None,
            archive_submitted=False,
        )

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：{self.reason}"
