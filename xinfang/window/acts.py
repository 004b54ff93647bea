"""What a petitioner can do on their case: each act, the form that asks for it, and the step that it becomes.

Whether it can be done now, and why not, the rule of its step says (`queries.possible_acts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from xinfang.procedure.facts import Facts
from xinfang.procedure.rules import Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.ends_without_reply import Withdraw
from xinfang.procedure.steps.intake import Supplement
from xinfang.procedure.steps.rating import RATINGS, Rate
from xinfang.procedure.steps.reconsideration import RequestReconsideration, reconsidered_decisions
from xinfang.procedure.steps.review import RequestFinalReview, RequestFirstReview
from xinfang.web.forms import ChoiceField, Form, LineField


def _text(rows: int = 6) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SupplementForm(Form):
    """More facts, more papers."""

    text = LineField("补充的事实、理由", 20_000, widget=_text(), help_text="也可以只写“补充材料”，再选择文件")


class WithdrawForm(Form):
    """The petitioner takes it back."""

    reason = LineField("为什么撤回", 2000, widget=_text(3), help_text="撤回必须是您自己的意愿；没有人可以要求您撤回")
    sure = forms.BooleanField(
        label="我知道：撤回后不再办理，不再答复；以后可以再提出",
        error_messages={"required": "请勾选，表示您知道撤回意味着什么。"},
    )


class DisagreementForm(Form):
    """Why the petitioner doesn't accept a decision."""

    reason = LineField("不同意的理由", 10_000, widget=_text(), help_text="写明哪里不对，您要求怎样改")


class ReviewForm(DisagreementForm):
    """A request for review."""

    late_reason = LineField(
        "超过期限的理由", 2000, required=False, widget=_text(3), help_text="在期限内提出的不填；有正当理由耽误的请写明"
    )


_RATED = [(str(number), words) for number, words in RATINGS.items()]


class RateForm(Form):
    """The petitioner's word on how it was handled."""

    office_rating = ChoiceField("办公室的接待、登记、答复您满意吗", _RATED)
    unit_rating = ChoiceField("承办单位的办理您满意吗", _RATED)
    text = LineField(
        "您想说的话", 2000, required=False, widget=_text(4), help_text="如：答复了，但没有回应我的要求。评价后不能修改"
    )


@dataclass(frozen=True, slots=True)
class PetitionersAct:
    """One act: what it is called, what it means, the form, and the step made of the form and the facts."""

    code: StepCode
    title: str
    means: str
    button: str
    form: type[Form]
    step_class: type[Step]
    step: Callable[[Mapping[str, Any], Facts, str], Step]
    """Of what was written, the facts, and the name of the reviewing body."""
    takes_files: bool = False
    done: str = ""


ACTS: dict[str, PetitionersAct] = {
    str(a.code): a
    for a in (
        PetitionersAct(
            StepCode.SUPPLEMENT, "补充材料", "随时可以补充事实、理由和证据。补充不改变已经开始的期限。", "提交补充",
            SupplementForm, Supplement, lambda given, facts, body: Supplement(text=given["text"]),
            takes_files=True, done="补充已经收到，会转给承办人。",
        ),
        PetitionersAct(
            StepCode.REQUEST_RECONSIDERATION, "请求重新审查",
            "您不同意不予受理、存查或者认定重复的，可以请没有参与原决定的人重新看一次，结果和理由会告诉您。", "提出请求",
            DisagreementForm, RequestReconsideration,
            lambda given, facts, body: RequestReconsideration(
                against=reconsidered_decisions(facts)[0], reason=given["reason"]
            ),
            done="请求已经登记，会由没有参与原决定的人决定。",
        ),
        PetitionersAct(
            StepCode.REQUEST_FIRST_REVIEW, "请求复查",
            "您不同意书面意见的，可以在收到之日起三十日内请求上一级机关复查。在这里提出，由本厅登记并转送复查机关。",
            "提出复查请求", ReviewForm, RequestFirstReview,
            lambda given, facts, body: RequestFirstReview(
                body=body, reason=given["reason"], late_reason=given["late_reason"]
            ),
            done="复查请求已经登记。",
        ),
        PetitionersAct(
            StepCode.REQUEST_FINAL_REVIEW, "请求复核",
            "您不同意复查意见的，可以在收到之日起三十日内请求复查机关的上一级机关复核。", "提出复核请求",
            ReviewForm, RequestFinalReview,
            lambda given, facts, body: RequestFinalReview(
                body="复查机关的上一级机关", reason=given["reason"], late_reason=given["late_reason"]
            ),
            done="复核请求已经登记。",
        ),
        PetitionersAct(
            StepCode.RATE, "评价", "收到书面告知或者意见书之后可以评价一次。评价只由您本人作出，任何人不能修改。",
            "提交评价", RateForm, Rate,
            lambda given, facts, body: Rate(
                office_rating=int(given["office_rating"]), unit_rating=int(given["unit_rating"]), text=given["text"]
            ),
            done="评价已经收到，不能再修改。谢谢。",
        ),
        PetitionersAct(
            StepCode.WITHDRAW, "撤回", "撤回之后本厅不再办理、不再答复这件事。以后您可以再提出。", "确认撤回",
            WithdrawForm, Withdraw, lambda given, facts, body: Withdraw(reason=given["reason"]),
            done="撤回已经登记。",
        ),
    )
}  # fmt: skip
