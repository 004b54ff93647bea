"""How a paper reaches the petitioner, and how it is recorded that it didn't (H14, N35).

The house and the regulation name the written receipt and no way of service. What is asked beyond that is borrowed
from service in court: who refuses or is left a paper needs a witness, a public notice counts after thirty days and only
where the other ways failed.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from xinfang.procedure.actor_rules import a_handler, the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT, PUBLIC_NOTICE
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field
from xinfang.procedure.words import FailedServiceReason, ReceiptKind, ServiceMethod, State

from ..facts import Actor, Directory, Facts
from ..rules import DecisionContext, Rule, Step, condition

NAMED_RECEIVER = (ServiceMethod.IN_PERSON, ServiceMethod.POST)
"""Ways in which somebody signs for the paper with their name."""


@condition(
    "拒收或留置送达须有见证人", HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT, todo="请填写见证人姓名和单位，或拍照录像的说明。"
)
def refusal_has_a_witness(q: "DecisionContext[Service]") -> bool:
    return bool(q.step.witness) or (
        q.step.receipt is not ReceiptKind.REFUSED and q.step.method is not ServiceMethod.LEFT
    )


@condition("签收的要写明由谁签收", HOUSE_RULES[14], REGULATION[35], todo="请按回证或邮件回执填写签收人。")
def the_receiver_is_named(q: "DecisionContext[Service]") -> bool:
    signed = q.step.receipt is ReceiptKind.SIGNED and q.step.method in NAMED_RECEIVER
    return not signed or bool(q.step.receiver)


@condition(
    "邮寄送达须有挂号（快递）单号", HOUSE_RULES[14], REGULATION[35], todo="请填写邮局或快递的单号，以便查询投递情况。"
)
def what_was_posted_has_its_number(q: "DecisionContext[Service]") -> bool:
    return q.step.method is not ServiceMethod.POST or bool(q.step.mail_number)


@condition(
    "电子送达须经信访人同意",
    HOUSE_RULES[14],
    CHOSEN_BY_DEPARTMENT,
    todo="请写明信访人何时、怎样同意，以及送达的号码或地址。",
)
def electronic_service_was_consented_to(q: "DecisionContext[Service]") -> bool:
    return q.step.method is not ServiceMethod.ELECTRONIC or bool(q.step.consent)


SERVICE_CONDITIONS = (
    the_receiver_is_named,
    what_was_posted_has_its_number,
    electronic_service_was_consented_to,
    refusal_has_a_witness,
)
"""What every record of a service must say."""


def _mail(number: str) -> str:
    return f"，单号 {number}" if number else ""


@dataclass(frozen=True, kw_only=True)
class Service(Step):
    """What every service says: when, how, who signed for it."""

    when_field = "served_on"
    served_on: date = step_field(
        "送达日期", help=f"信访人签收的日期，邮寄以回执为准；公告填发出公告的日期，满{PUBLIC_NOTICE}视为送达"
    )
    method: ServiceMethod = step_field("送达方式")
    receipt: ReceiptKind = step_field("签收情况", default=ReceiptKind.SIGNED)
    receiver: str = step_field("签收人", default="", private=True, help="本人、同住成年家属或代理人")
    witness: str = step_field("见证人", default="", private=True, help="拒收、留置时必填")
    mail_number: str = step_field("挂号（快递）单号", default="", max=40, help="邮寄送达必填")
    consent: str = step_field("同意电子送达的记录", default="", max=200, help="电子送达必填")

    def says(self, directory: Directory) -> str:
        if self.method is ServiceMethod.PUBLIC:
            return f"{self.method.label}，{taken_as_served_on(self)}视为送达"
        return f"{self.method.label}，{self.receipt.label}{_mail(self.mail_number)}"


def taken_as_served_on(step: Service) -> date:
    """Return the day on which the paper counts as served (Asia/Shanghai): a public notice after its thirty days."""
    return step.served_on + timedelta(days=PUBLIC_NOTICE.value if step.method is ServiceMethod.PUBLIC else 0)


@dataclass(frozen=True, kw_only=True)
class RecordFailedService(Step):
    """The reply came back or nobody could be found: it is not served, and another way is tried."""

    rule = Rule["RecordFailedService"](
        code=StepCode.SERVICE_FAILED,
        label="送达未成",
        group="答复",
        cites=(HOUSE_RULES[14], REGULATION[35]),
        who=(a_handler, the_office),
        when=(State.REPLIED,),
    )
    when_field = "tried_on"
    tried_on: date = step_field("日期", help="退回或上门未遇的日期")
    method: ServiceMethod = step_field("送达方式")
    why: FailedServiceReason = step_field("原因")
    mail_number: str = step_field("挂号（快递）单号", default="", max=40)
    text: str = step_field(
        "经过和下一步", long=True, max=2000, help="如另寄的地址、联系过的亲属；受送达人死亡的，写明继承人的情况"
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, failed_services=facts.failed_services + 1)

    def says(self, directory: Directory) -> str:
        return f"{self.method.label}，{self.why.label}{_mail(self.mail_number)}。{self.text}"
