"""How a paper leaves the house and reaches the petitioner, and how it is recorded that it didn't (H14, N23, N35).

The house and the regulation name the written receipt and no way of service. What is asked beyond that is borrowed
from service in court: who refuses or is left a paper needs a witness, a public notice counts after thirty days and only
where the other ways failed.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from xinfang.procedure.actor_rules import a_handler, another_named_officer, reception, the_named_officer, the_office
from xinfang.procedure.articles import CIVIL_PROCEDURE_LAW, HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT, PUBLIC_NOTICE
from xinfang.procedure.papers import (
    OPINIONS,
    PAPERS,
    REVIEWABLE,
    goes_to_each,
    latest_opinion,
    with_paper_changed,
    with_paper_left,
)
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field
from xinfang.procedure.steps.attachments import NOT_YET_ARCHIVED
from xinfang.procedure.words import (
    DispatchMethod,
    FailedServiceReason,
    Material,
    PaperKind,
    PaperStage,
    PersonRole,
    ReceiptKind,
    ServiceMethod,
    State,
)

from ..conditions import is_attached
from ..due_dates import is_dated_back
from ..facts import Actor, Directory, Facts, PaperFacts
from ..people_words import NextAttempt
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from .papers import NamesPaper, paper_of, that_paper_is_there

LATE_ENTRY = "补录早于上一工作日的，或者补录后影响期限的"
"""In which case a record of what left or was served needs a second person."""
NAMED_RECEIVER = (ServiceMethod.IN_PERSON, ServiceMethod.POST)
"""Ways in which somebody signs for the paper with their name."""


@condition(
    "拒收或留置送达须有见证人",
    CIVIL_PROCEDURE_LAW[89],
    CHOSEN_BY_DEPARTMENT,
    todo="请填写见证人姓名和单位，或拍照录像的说明。",
)
def refusal_has_a_witness(q: "DecisionContext[Service]") -> bool:
    return bool(q.step.witness) or (
        q.step.receipt is not ReceiptKind.REFUSED and q.step.method is not ServiceMethod.LEFT
    )


@condition("签收的要写明由谁签收", HOUSE_RULES[14], REGULATION[35], todo="请按回证或邮件回执填写签收人。")
def the_receiver_is_named(q: "DecisionContext[Service]") -> bool:
    signed = q.step.receipt is ReceiptKind.SIGNED and q.step.method in NAMED_RECEIVER
    return not signed or bool(q.step.receiver)


_DIGITS = "0123456789"
_MAIL_NUMBER = re.compile(r"[A-Z]{0,4}[0-9]{8,18}[A-Z]{0,2}")
"""Numbers of registered mail, of EMS and of couriers, as they are printed on their slips."""


def is_mail_number(number: str) -> bool:
    """Tell whether this is written as numbers of the post are; one that was made up to fill the field seldom is.

    Not the same one or two digits, nor one digit after the other.
    """
    plain = "".join(number.upper().split()).replace("-", "")
    digits = [int(c) for c in plain if c in _DIGITS]
    in_a_row = plain.isdigit() and len({(b - a) % 10 for a, b in pairwise(digits)}) == 1
    return bool(_MAIL_NUMBER.fullmatch(plain)) and len(set(digits)) > 2 and not in_a_row


@condition(
    "邮寄送达须有挂号（快递）单号",
    HOUSE_RULES[14],
    CHOSEN_BY_DEPARTMENT,
    todo="请照邮局或快递的单据填写单号（8位以上数字，前后可有字母），以便查询投递情况。",
)
def what_was_posted_has_its_number(q: "DecisionContext[Service]") -> bool:
    return q.step.method is not ServiceMethod.POST or is_mail_number(q.step.mail_number)


@condition(
    "电子送达须经信访人同意",
    CIVIL_PROCEDURE_LAW[90],
    CHOSEN_BY_DEPARTMENT,
    todo="信访人登记过“同意电子送达”的不必填写；没有的，请写明何时、怎样同意，以及送达的号码或地址，由另一人确认。",
)
def electronic_service_was_consented_to(q: "DecisionContext[Service]") -> bool:
    agreed = bool(q.step.consent) or q.facts.agreed_to_electronic(q.step.persons)
    return q.step.method is not ServiceMethod.ELECTRONIC or agreed


SERVICE_CONDITIONS = (
    the_receiver_is_named,
    what_was_posted_has_its_number,
    electronic_service_was_consented_to,
    refusal_has_a_witness,
)
"""What every record of a service must say."""


def _mail(number: str) -> str:
    return f"，单号 {number}" if number else ""


def _to(persons: Collection[int]) -> str:
    return f"，第{'、'.join(str(p) for p in sorted(persons))}位信访人" if persons else ""


@dataclass(frozen=True, kw_only=True)
class Service(Step):
    """What every service says: when, how, who signed for it."""

    when_field = "served_on"
    served_on: date = step_field(
        "送达日期", help="信访人签收的日期，邮寄以回执为准；公告填发出公告的日期，满{public_notice}视为送达"
    )
    method: ServiceMethod = step_field("送达方式")
    receipt: ReceiptKind = step_field("签收情况", default=ReceiptKind.SIGNED)
    receiver: str = step_field("签收人", default="", private=True, help="本人、同住成年家属或代理人")
    witness: str = step_field("见证人", default="", private=True, help="拒收、留置时必填")
    mail_number: str = step_field("挂号（快递）单号", default="", max=40, help="邮寄送达必填")
    consent: str = step_field("同意电子送达的记录", default="", max=200, help="没有登记过“同意电子送达”的必填")
    persons: tuple[int, ...] = step_field(
        "收到的信访人", default=(), help="几位信访人联名、没有推选代表的填写；其他各位另行发出或者送达"
    )
    attachment: int | None = step_field("送达回证（附件序号）", default=None, help="没有附回证的，由另一人确认")

    def is_unproven(self, facts: Facts) -> bool:
        """Tell whether no receipt that the petitioner signed is in the file: then it is one person's word."""
        signed = self.receipt is ReceiptKind.SIGNED and self.method in NAMED_RECEIVER
        return not (signed and is_attached(facts, self.attachment, Material.RECEIPT))

    def says(self, directory: Directory) -> str:
        if self.method is ServiceMethod.PUBLIC:
            days = PUBLIC_NOTICE.on(self.served_on)
            return f"{self.method.label}，满{days}，{taken_as_served_on(self)}视为送达"
        return f"{self.method.label}，{self.receipt.label}{_mail(self.mail_number)}"


def taken_as_served_on(step: Service) -> date:
    """Return the day on which the paper counts as served (Asia/Shanghai): a public notice after its thirty days."""
    return step.served_on + timedelta(
        days=PUBLIC_NOTICE.on(step.served_on).value if step.method is ServiceMethod.PUBLIC else 0
    )


@condition("这份文书尚未印发，或者已经送达、撤回", CHOSEN_BY_DEPARTMENT, todo="请核对它的办理环节。")
def it_is_issued(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or paper.stage is PaperStage.ISSUED


@condition("这种文书不送达信访人，意见书请用“送达”办理", CHOSEN_BY_DEPARTMENT, todo="请核对文书种类。")
def it_goes_to_the_petitioner(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or (PAPERS[paper.kind].served and paper.kind not in OPINIONS)


@condition(
    "发出、送达的日期早于印发日期，或者早于先前发出的日期",
    REGULATION[23],
    todo="请填写实际发出、送达的日期。",
)
def it_left_after_it_was_issued(q: "DecisionContext[SendPaper | ServePaper]") -> bool:
    paper = paper_of(q)
    return paper is None or not_before_it_left(paper, q.step.day(q.today))


def not_before_it_left(paper: PaperFacts, day: date) -> bool:
    """Tell whether a paper can have left or been served on this day: once it was issued, and sent if it was."""
    return all(day >= earlier for earlier in (paper.issued_on, paper.left_on) if earlier)


@condition("这种文书只在本厅内部使用，不对外发出", CHOSEN_BY_DEPARTMENT, todo="请核对文书种类。")
def it_leaves_the_house(q: "DecisionContext[SendPaper]") -> bool:
    paper = paper_of(q)
    return paper is None or PAPERS[paper.kind].outward


@condition("发给信访人的文书不通过公文交换", REGULATION[23], todo="请邮寄，或者经信访人同意以电子方式发出。")
def no_petitioner_is_written_to_by_exchange(q: "DecisionContext[SendPaper]") -> bool:
    paper = paper_of(q)
    return paper is None or q.step.method is not DispatchMethod.EXCHANGE or not PAPERS[paper.kind].served


@condition(
    "邮寄须有挂号（快递）单号",
    HOUSE_RULES[14],
    CHOSEN_BY_DEPARTMENT,
    todo="请照邮局或快递的单据填写单号（8位以上数字，前后可有字母），以便查询投递情况。",
)
def what_is_posted_has_its_number(q: "DecisionContext[SendPaper]") -> bool:
    return q.step.method is not DispatchMethod.POST or is_mail_number(q.step.mail_number)


@condition(
    "没有登记收件的信访人的地址，不能邮寄",
    REGULATION[23],
    CHOSEN_BY_DEPARTMENT,
    todo="请先补充或者更正地址；没有地址的，当面送达，或者经本人同意以电子方式发出。",
)
def what_is_posted_has_an_address(q: "DecisionContext[SendPaper]") -> bool:
    paper = paper_of(q)
    if q.step.method is not DispatchMethod.POST or paper is None or not PAPERS[paper.kind].served:
        return True
    named = q.step.persons or q.facts.who_still_asks
    people = [p for n, p in enumerate(q.facts.persons, 1) if n in named or p.role is PersonRole.AGENT]
    return not people or any(p.address for p in people)


@condition(
    "以电子方式发给信访人的，须经其同意",
    CIVIL_PROCEDURE_LAW[90],
    CHOSEN_BY_DEPARTMENT,
    todo="信访人登记过“同意电子送达”的不必填写；没有的，请写明何时、怎样同意，以及发往的号码或地址，由另一人确认。",
)
def electronic_dispatch_was_consented_to(q: "DecisionContext[SendPaper]") -> bool:
    agreed = bool(q.step.consent) or q.facts.agreed_to_electronic(q.step.persons)
    return agreed or not q.step.goes_electronically_to_the_petitioner(q.facts)


@condition(
    "几位信访人联名、没有推选代表的，须写明这份文书发给（送达）了哪几位",
    REGULATION[20],
    REGULATION[23],
    CHOSEN_BY_DEPARTMENT,
    todo="请选择这一次发给或者交给的信访人；发给各位以后，告知期限才停止计算。登记了代表的，发给代表即可。",
)
def to_whom_it_goes_is_named(q: "DecisionContext[SendPaper | ServePaper]") -> bool:
    paper, named = paper_of(q), set(q.step.persons)
    if paper is None or not goes_to_each(paper) or not q.facts.still_to_get(paper):
        return named <= q.facts.each_of_several
    return bool(named & q.facts.still_to_get(paper)) and named <= q.facts.who_still_asks


@dataclass(frozen=True, kw_only=True)
class SendPaper(Step):
    """An issued paper leaves the house, before anybody has signed for it: this day counts for the clocks (N23, N34).

    It may be sent again, elsewhere; what left first counts. What is handed over is served at once.
    """

    rule = Rule["SendPaper"](
        code=StepCode.SEND_PAPER,
        label="发出文书",
        group="文书",
        cites=(HOUSE_RULES[13], REGULATION[23], REGULATION[34]),
        who=(reception, the_office, a_handler, the_named_officer),
        then=(the_office, a_handler, another_named_officer),
        when=NOT_YET_ARCHIVED,
        provided=(
            that_paper_is_there,
            it_is_issued,
            it_leaves_the_house,
            it_left_after_it_was_issued,
            no_petitioner_is_written_to_by_exchange,
            to_whom_it_goes_is_named,
            what_is_posted_has_its_number,
            what_is_posted_has_an_address,
            electronic_dispatch_was_consented_to,
        ),
    )
    when_field = "sent_on"
    confirmed_when = f"{LATE_ENTRY}，或者没有登记过同意、以电子方式发给信访人的"
    paper: int = step_field("文书序号")
    persons: tuple[int, ...] = step_field(
        "发给的信访人", default=(), help="几位信访人联名、没有推选代表的填写；分别寄发的，每寄一次登记一次"
    )
    sent_on: date = step_field("发出日期", help="交邮、发送的日期，期限按这一日计；当面交付的请直接登记送达")
    method: DispatchMethod = step_field("发出方式")
    mail_number: str = step_field("挂号（快递）单号", default="", max=40, help="邮寄必填")
    consent: str = step_field(
        "同意以电子方式接收的记录",
        default="",
        max=200,
        help="以电子方式发给信访人、没有登记过“同意电子送达”的必填，由另一人确认",
    )

    def goes_electronically_to_the_petitioner(self, facts: Facts) -> bool:
        """Tell whether the petitioner gets it electronically: what goes to another body needs no consent."""
        paper = facts.paper(self.paper)
        return self.method is DispatchMethod.ELECTRONIC and (paper is None or PAPERS[paper.kind].served)

    def asks_second_person(self, q: CaseContext) -> bool:
        # A consent that is only typed is one person's word, and the days of a notice end by sending it.
        unproven = not q.facts.agreed_to_electronic(self.persons) and self.goes_electronically_to_the_petitioner(
            q.facts
        )
        return unproven or is_dated_back(self.sent_on, q.today, q.facts, q.calendar)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        left = with_paper_left(facts, self.paper, on, self.persons)
        electronic = self.goes_electronically_to_the_petitioner(facts)
        return with_paper_changed(left, self.paper, lambda p: replace(p, electronic=p.electronic or electronic))

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：{self.method.label}{_mail(self.mail_number)}{_to(self.persons)}"


def was_tried_twice(paper: PaperFacts, facts: Facts) -> bool:
    """Tell whether a posting of this paper came back, and another way, or another posting, failed as well.

    Where no address is known nothing can be posted: then it was tried on two days.
    """
    own = (paper.number, None) if paper.kind in OPINIONS else (paper.number,)
    failed = [
        h.step for h in facts.history if h.code == StepCode.SERVICE_FAILED and h.took_effect and h.step.paper in own
    ]
    failed = failed[-paper.failures :] if paper.failures else []
    if not any(p.address for p in facts.persons):
        return len({s.tried_on for s in failed}) > 1
    posted = any(s.method is ServiceMethod.POST and is_mail_number(s.mail_number) for s in failed)
    return posted and len({(s.method, s.mail_number) for s in failed}) > 1


@condition(
    "公告送达限于这份文书邮寄退回、以其他方式（其他地址）也没有送达的",
    CIVIL_PROCEDURE_LAW[95],
    CHOSEN_BY_DEPARTMENT,
    todo="请先邮寄（登记发出），退回的记录“送达未成”并填写单号；再上门、按其他地址或者以其他方式送达，仍未成的再次记录；没有地址的，在不同的两日各试一次。"
    "公告只写文书名称、文号和领取方式，不写诉求和个人信息。",
)
def a_notice_is_made_public_only_once_it_came_back(q: "DecisionContext[ServePaper]") -> bool:
    paper = paper_of(q)
    return q.step.method is not ServiceMethod.PUBLIC or paper is None or was_tried_twice(paper, q.facts)


@dataclass(frozen=True, kw_only=True)
class ServePaper(Service):
    """A notice reaches the petitioner; the receipt for it is owed."""

    rule = Rule["ServePaper"](
        code=StepCode.SERVE_PAPER,
        label="送达文书",
        group="文书",
        cites=(HOUSE_RULES[14], REGULATION[23]),
        who=(reception, the_office, a_handler, the_named_officer),
        then=(the_office, a_handler, another_named_officer),
        when=NOT_YET_ARCHIVED,
        provided=(
            that_paper_is_there,
            it_is_issued,
            it_goes_to_the_petitioner,
            it_left_after_it_was_issued,
            to_whom_it_goes_is_named,
            a_notice_is_made_public_only_once_it_came_back,
            *SERVICE_CONDITIONS,
        ),
        papers=(PaperKind.SERVICE_RECEIPT,),
    )
    proof = (Material.RECEIPT,)
    confirmed_when = f"{LATE_ENTRY}，或者电子送达、公告送达的，简易办理答复、并案答复告知书没有附签收的送达回证的"
    paper: int = step_field("文书序号")

    def asks_second_person(self, q: CaseContext) -> bool:
        # That it arrived electronically the petitioner says by opening it; else it is one person's word.
        unsigned = self.method in (ServiceMethod.PUBLIC, ServiceMethod.ELECTRONIC)
        paper = q.facts.paper(self.paper)
        if paper is not None and paper.kind in REVIEWABLE:
            unsigned = unsigned or self.is_unproven(q.facts)  # the thirty days of N35 begin by it
        return unsigned or is_dated_back(self.served_on, q.today, q.facts, q.calendar)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return served(facts, self.paper, on, self.persons)

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：{super().says(directory)}{_to(self.persons)}"


def served(facts: Facts, number: int, on: date, persons: Collection[int] = ()) -> Facts:
    """Return the facts once a paper was served: it left on that day, if it hadn't before.

    A notice that must still go to others is not served yet (N23).
    """
    left = with_paper_left(facts, number, on, persons)
    paper = left.paper(number)
    if paper is not None and paper.left_on is None:
        return left
    return with_paper_changed(left, number, lambda p: replace(p, stage=PaperStage.SERVED))


def paper_that_failed(facts: Facts, number: int | None) -> PaperFacts | None:
    """Return the paper of which a service failed: without a number the opinion of a case that waits for its service."""
    if number is None:
        return latest_opinion(facts) if facts.state is State.REPLIED else None
    return facts.paper(number)


def papers_that_may_fail(facts: Facts) -> tuple[PaperFacts, ...]:
    """Return the papers that were issued to leave the house and that nobody has signed for."""
    return tuple(p for p in facts.papers if p.stage is PaperStage.ISSUED and PAPERS[p.kind].outward)


@condition(
    "没有已经印发、尚未送达的对外文书",
    HOUSE_RULES[14],
    REGULATION[23],
    todo="文书印发、发出之后退回或者找不到受送达人的，再记录。",
    about_case=True,
)
def a_paper_is_on_its_way(q: CaseContext) -> bool:
    return bool(papers_that_may_fail(q.facts))


@condition(
    "没有这份文书，或者它没有印发、已经送达",
    HOUSE_RULES[14],
    REGULATION[23],
    todo="请选择是哪一份文书没有送达。",
)
def that_paper_is_on_its_way(q: "DecisionContext[RecordFailedService]") -> bool:
    return paper_that_failed(q.facts, q.step.paper) in papers_that_may_fail(q.facts)


@condition("退回、未遇的日期早于印发或者发出的日期", REGULATION[23], todo="请填写实际退回、未遇的日期。")
def it_failed_after_it_left(q: "DecisionContext[RecordFailedService]") -> bool:
    paper = paper_that_failed(q.facts, q.step.paper)
    return paper is None or not_before_it_left(paper, q.step.tried_on)


@dataclass(frozen=True, kw_only=True)
class RecordFailedService(Step):
    """A paper came back or nobody could be found: it did not arrive, and another way is tried.

    That it left in time stays true, and no limit runs once more by it; nor is it forgotten: it is asked for until it
    was sent once more or served (N23, N34).
    """

    rule = Rule["RecordFailedService"](
        code=StepCode.SERVICE_FAILED,
        label="送达未成",
        group="答复",
        cites=(HOUSE_RULES[14], REGULATION[23], REGULATION[35]),
        who=(a_handler, the_office, reception, the_named_officer),
        when=NOT_YET_ARCHIVED,
        provided=(a_paper_is_on_its_way, that_paper_is_on_its_way, it_failed_after_it_left),
    )
    when_field = "tried_on"
    paper: int | None = step_field("哪份文书（序号）", default=None, help="意见书待送达时，不选即为意见书")
    tried_on: date = step_field("日期", help="退回或上门未遇的日期")
    method: ServiceMethod = step_field("送达方式")
    why: FailedServiceReason = step_field("原因")
    mail_number: str = step_field("挂号（快递）单号", default="", max=40)
    next_way: NextAttempt = step_field("下一步")
    text: str = step_field(
        "经过和下一步", long=True, max=2000, help="如另寄的地址、联系过的亲属；受送达人死亡的，写明继承人的情况"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        paper = paper_that_failed(facts, self.paper)
        if paper is None:
            return facts
        after = with_paper_changed(facts, paper.number, lambda p: replace(p, failed_on=on, failures=p.failures + 1))
        return replace(after, failed_services=facts.failed_services + (paper.kind in OPINIONS))

    def says(self, directory: Directory) -> str:
        which = f"文书{self.paper}：" if self.paper else ""
        return (
            f"{which}{self.method.label}，{self.why.label}{_mail(self.mail_number)}。"
            f"下一步：{self.next_way.label}。{self.text}"
        )


def failure_of(paper: PaperFacts, facts: Facts) -> RecordFailedService | None:
    """Return what was recorded last of this paper's not arriving; None where it isn't known that it didn't."""
    if paper.failed_on is None or paper.stage is not PaperStage.ISSUED:
        return None
    events = (h for h in reversed(facts.history) if h.code == StepCode.SERVICE_FAILED and h.took_effect)
    opinion = latest_opinion(facts)
    own = (paper.number, None) if opinion is not None and opinion.number == paper.number else (paper.number,)
    return next((h.step for h in events if h.step.paper in own), None)


def failure_notes(facts: Facts) -> Iterator[str]:
    """Yield which papers left and did not arrive, what that means for the limit, and what to do, for the page."""
    for paper in facts.papers:
        failed = failure_of(paper, facts)
        if failed is None or paper.failed_on is None:
            continue
        day = f"{paper.failed_on.month}月{paper.failed_on.day}日"
        left = f"{paper.left_on.month}月{paper.left_on.day}日发出，" if paper.left_on else ""
        counts = "期限按发出之日计，不因退回重新起算；但" if paper.left_on else "文书尚未发出，期限仍在计算；"
        yield (
            f"{paper.kind.label}（文书{paper.number}）{left}{day}没有送达（{failed.why.label}）。{counts}"
            f"受送达人还没有收到：请{failed.next_way.label}，并登记“发出”或者“送达”。"
        )


def stopped_by_what_did_not_arrive(stopped_by: int | None, facts: Facts) -> bool:
    """Tell whether a clock was stopped, by this event, by a paper that left and is known not to have arrived."""
    event = next((h for h in facts.history if h.seq == stopped_by), None)
    return event is not None and any(
        p.kind is event.sent and p.failed_on and p.stage is PaperStage.ISSUED for p in facts.papers
    )
