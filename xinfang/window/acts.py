"""What a petitioner can do on their case: each act, the form that asks for it, and the step that it becomes.

Whether it can be done now, and why not, the rule of its step says (`queries.possible_acts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from xinfang.procedure.facts import Facts
from xinfang.procedure.people_words import DissatisfactionReason, MessageKind
from xinfang.procedure.rules import SecondPerson, Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.electronic import ConsentElectronic
from xinfang.procedure.steps.ends_without_reply import Reopen, Withdraw
from xinfang.procedure.steps.intake import Supplement
from xinfang.procedure.steps.messages import LeaveMessage
from xinfang.procedure.steps.rating import RATINGS, Rate, RequestRating, rateable_requests
from xinfang.procedure.steps.reconsideration import RequestReconsideration, reconsidered_decisions
from xinfang.procedure.steps.review import RequestFinalReview, RequestFirstReview
from xinfang.procedure.words import OPEN_STATES, State
from xinfang.web.forms import ChoiceField, Form, LineField


def _text(rows: int = 6) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActForm(Form):
    """A form of an act; what it asks may hang on the case."""

    def __init__(self, data: Any = None, *, facts: Facts) -> None:
        super().__init__(data)
        self.arrange(facts)

    def arrange(self, facts: Facts) -> None:
        """Add or leave out what this case asks for."""


class SupplementForm(ActForm):
    """More facts, more papers."""

    text = LineField("补充的事实、理由", 20_000, widget=_text(), help_text="也可以只写“补充材料”，再选择文件")


class WithdrawForm(ActForm):
    """The petitioner takes it back."""

    reason = LineField("为什么撤回", 2000, widget=_text(3), help_text="撤回必须是您自己的意愿；没有人可以要求您撤回")
    sure = forms.BooleanField(
        label="我知道：撤回后不再办理，不再答复；以后可以再提出",
        error_messages={"required": "请勾选，表示您知道撤回意味着什么。"},
    )


class DisagreementForm(ActForm):
    """Why the petitioner doesn't accept a decision."""

    reason = LineField("不同意的理由", 10_000, widget=_text(), help_text="写明哪里不对，您要求怎样改")


class ReviewForm(DisagreementForm):
    """A request for review."""

    late_reason = LineField(
        "超过期限的理由", 2000, required=False, widget=_text(3), help_text="在期限内提出的不填；有正当理由耽误的请写明"
    )


_RATED = [(str(number), words) for number, words in RATINGS.items()]


class RateForm(ActForm):
    """The petitioner's word on how it was handled: the office once, the unit for each request that was answered."""

    office_rating = ChoiceField("办公室的接待、登记、答复您满意吗", _RATED)
    unit_rating = ChoiceField("承办单位的办理您满意吗", _RATED)
    why = forms.MultipleChoiceField(
        label="不满意的原因（可以不选，也可以多选）", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(r.value), r.label) for r in DissatisfactionReason],
    )  # fmt: skip
    text = LineField("您想说的话", 2000, required=False, widget=_text(4), help_text="评价后不能修改")

    def arrange(self, facts: Facts) -> None:
        """Ask for each request that was answered, in place of one word for all."""
        answered = rateable_requests(facts)
        if not answered:
            return
        rest = {name: self.fields.pop(name) for name in ("why", "text")}
        del self.fields["unit_rating"]
        texts = {r.number: r.text for r in facts.requests}
        for number in answered:
            label = f"承办单位对第{number}项的办理您满意吗：{texts[number]}"
            self.fields[f"request_{number}"] = ChoiceField(label, _RATED)
        self.fields.update(rest)


def _rated(given: Mapping[str, Any], facts: Facts) -> Rate:
    requests = tuple(RequestRating(request=n, rating=int(given[f"request_{n}"])) for n in rateable_requests(facts))
    office = int(given["office_rating"])
    unit = max((r.rating for r in requests), default=0) if requests else int(given["unit_rating"])
    why = tuple(DissatisfactionReason.of(code) for code in given["why"])
    return Rate(office_rating=office, unit_rating=unit, requests=requests, why=why, text=given["text"])


class MessageForm(ActForm):
    """Anything else that the petitioner wants to say or ask for."""

    kind = ChoiceField("您想", [(str(k.value), k.label) for k in MessageKind], empty="")
    text = LineField(
        "内容", 4000, widget=_text(), help_text="申请回避的，写明是谁、有什么利害关系；更正的，写明哪里不对、应当是什么"
    )


class ConsentForm(ActForm):
    """Yes to electronic service."""

    sure = forms.BooleanField(
        label="我同意在这里接收文书；打开文书的那一天就算送达，复查等期限从那一天起算",
        error_messages={"required": "请勾选，表示您同意。"},
    )


class EmptyForm(ActForm):
    """Nothing to write."""


@dataclass(frozen=True, slots=True)
class PetitionersAct:
    """One act: what it is called, what it means, the form, and the step made of the form and the facts."""

    name: str
    """What its address calls it: one step may be asked for in two ways."""
    title: str
    means: str
    button: str
    form: type[ActForm]
    step_class: type[Step]
    step: Callable[[Mapping[str, Any], Facts, str], Step]
    """Of what was written, the facts, and the name of the reviewing body."""
    takes_files: bool = False
    done: str = ""
    answers: StepCode | None = None
    """The step that waits for a second person and that the petitioner takes back by it; None for a step of its own."""
    offered: Callable[[Facts], bool] = lambda facts: True
    """Whether there is anything that it could be about; where not, it isn't named on the page of the case at all."""


def _is_agreed(facts: Facts) -> bool:
    return facts.electronic_since is not None


def _is_not_agreed(facts: Facts) -> bool:
    return not _is_agreed(facts) or bool(facts.each_of_several - facts.electronic_persons)


ACTS: dict[str, PetitionersAct] = {
    a.name: a
    for a in (
        PetitionersAct(
            "supplement", "补充材料", "随时可以补充事实、理由和证据。补充不改变已经开始的期限。", "提交补充",
            SupplementForm, Supplement, lambda given, facts, body: Supplement(text=given["text"]),
            takes_files=True, done="补充已经收到，会转给承办人。",
        ),
        PetitionersAct(
            "reconsider", "请求重新审查",
            "您不同意不予受理、存查、认定重复、告知向其他机关提出、按建议或者咨询回复等决定的，"
            "可以请没有参与原决定的人重新看一次，结果和理由会告诉您。", "提出请求",
            DisagreementForm, RequestReconsideration,
            lambda given, facts, body: RequestReconsideration(
                against=reconsidered_decisions(facts)[0], reason=given["reason"]
            ),
            done="请求已经登记，会由没有参与原决定的人决定。",
        ),
        PetitionersAct(
            "review", "请求复查",
            "您不同意书面意见的，可以在收到之日起三十日内请求上一级机关复查。在这里提出，日期以提交的这一天为准；"
            "本厅至迟在下一个工作日把请求转送复查机关，转送的日期显示在办理进展里。您也可以自己直接向复查机关提出。",
            "提出复查请求", ReviewForm, RequestFirstReview,
            lambda given, facts, body: RequestFirstReview(
                body=body, reason=given["reason"], late_reason=given["late_reason"],
                persons=(given["person"],) if facts.each_of_several else (),
            ),
            done="复查请求已经登记，日期以今天为准。本厅至迟在下一个工作日转送复查机关，转送后可以在这里看到日期。",
        ),
        PetitionersAct(
            "final-review", "请求复核",
            "您不同意复查意见的，可以在收到之日起三十日内请求复查机关的上一级机关复核。在这里提出，日期以提交的这一天为准；"
            "本厅至迟在下一个工作日把请求转送复核机关。您也可以自己直接向复核机关提出。", "提出复核请求",
            ReviewForm, RequestFinalReview,
            lambda given, facts, body: RequestFinalReview(
                body="复查机关的上一级机关", reason=given["reason"], late_reason=given["late_reason"]
            ),
            done="复核请求已经登记，日期以今天为准。本厅至迟在下一个工作日转送复核机关，转送后可以在这里看到日期。",
        ),
        PetitionersAct(
            "rate", "评价", "收到书面告知或者意见书之后可以评价一次。评价只由您本人作出，任何人不能修改。",
            "提交评价", RateForm, Rate,
            lambda given, facts, body: _rated(given, facts),
            done="评价已经收到，不能再修改。谢谢。",
            # A first notice may be rated too, but there is one rating only: it is asked for once there is an answer.
            offered=lambda facts: facts.served_on is not None or facts.state not in OPEN_STATES,
        ),
        PetitionersAct(
            "withdraw", "撤回", "撤回之后本厅不再办理、不再答复您；几个人一起提出的，其他人的继续办理。以后您可以再提出。", "确认撤回",
            WithdrawForm, Withdraw, lambda given, facts, body: Withdraw(
                reason=given["reason"], persons=(given["person"],) if len(facts.who_still_asks) > 1 else ()
            ),
            done="已经收到。如果还要核实是不是您本人的意愿，我们会打电话给您；不是您本人撤回的，请立即告诉我们。",
        ),
        PetitionersAct(
            "keep", "取消撤回", "撤回还在核实，没有生效；取消之后继续办理。", "取消撤回", DisagreementForm, Withdraw,
            lambda given, facts, body: SecondPerson(agree=False, opinion=given["reason"]),
            done="撤回没有生效，继续办理。", answers=StepCode.WITHDRAW,
            offered=lambda facts: StepCode.WITHDRAW in facts.pending,
        ),
        PetitionersAct(
            "reopen", "恢复办理", "您撤回之后又想继续的，可以恢复办理；期限仍从当初收到之日算。", "恢复办理",
            DisagreementForm, Reopen, lambda given, facts, body: Reopen(reason=given["reason"]),
            done="已经恢复办理。", offered=lambda facts: facts.state is State.WITHDRAWN,
        ),
        PetitionersAct(
            "consent", "同意在这里接收文书", "同意之后，文书发到这里，您打开的那一天算送达；不同意的仍然邮寄或者当面送达。",
            "同意", ConsentForm, ConsentElectronic, lambda given, facts, body: ConsentElectronic(
                agree=True, persons=(given["person"],) if facts.each_of_several else ()
            ),
            done="已经登记。", offered=_is_not_agreed,
        ),
        PetitionersAct(
            "no-consent", "不再在这里接收文书", "以后的文书改为邮寄或者当面送达；已经打开的仍算送达。", "不再同意",
            EmptyForm, ConsentElectronic, lambda given, facts, body: ConsentElectronic(
                agree=False, persons=(given["person"],) if facts.each_of_several else ()
            ),
            done="已经登记，以后的文书邮寄或者当面送达。", offered=_is_agreed,
        ),
        PetitionersAct(
            "message", "留言、更正信息、申请回避", "任何时候都可以，办结之后也可以。我们会在期限内答复，答复显示在这里。",
            "提交留言", MessageForm, LeaveMessage,
            lambda given, facts, body: LeaveMessage(kind=MessageKind.of(given["kind"]), text=given["text"]),
            done="留言已经收到，会在期限内答复。",
        ),
    )
}  # fmt: skip
