"""What the papers of a matter in the department's own power may say: the law, the term, and the remedy it gives."""

from typing import Any

from xinfang.papers.wording import fields as f
from xinfang.papers.wording.case_data import WordingData
from xinfang.papers.wording.fields import WordingField, answer_field
from xinfang.procedure import limits
from xinfang.procedure.step_codes import StepCode


def _drafted(t: WordingData, attribute: str) -> Any:
    return f.earlier_answer(t, StepCode.DRAFT_DUTY_REPLY, attribute)


def _term_source(t: WordingData) -> str:
    return t.facts.duty_term.source if t.facts.duty_term else ""


TERM = WordingField("答复期限", "本厅应当履行职责或者答复的日期", lambda t: t.due("own_duty"), day=True)
LAW = WordingField(
    "适用法律", "受理时写明的法律、法规、规章", lambda t: f.earlier_answer(t, StepCode.ACCEPT_DUTY, "law")
)
ACCEPTED = (
    TERM,
    LAW,
    answer_field("启动的程序", "启动的行政程序；没有的为空", "procedure"),
    WordingField("另定期限依据", "法律另定期限的条款；没有的为空", _term_source),
    WordingField("法定月数", "法律没有另外规定时的月数", lambda t: str(t.number_of(limits.OWN_DUTY)), always=True),
    WordingField(
        "承办电话",
        "受理时填写的联系方式；未填写的取系统设置",
        lambda t: t.said("contact") or t.setting("contact_phone"),
    ),
)
ANSWERED = (
    LAW,
    WordingField("行政复议机关", "行政复议机关的名称和地址", lambda t: _drafted(t, "reconsideration_body")),
    WordingField("人民法院", "有管辖权的人民法院", lambda t: _drafted(t, "court")),
    WordingField("救济途径", "法律另外规定的救济途径；没有的为空", lambda t: _drafted(t, "other_remedy")),
    WordingField(
        "复议天数", "申请行政复议的天数", lambda t: str(t.number_of(limits.ADMINISTRATIVE_RECONSIDERATION)), always=True
    ),
    WordingField("起诉月数", "提起行政诉讼的月数", lambda t: str(t.number_of(limits.LITIGATION)), always=True),
)
CLOSED = (
    WordingField("依法履职", "是否为本厅依法履行职责的事项", lambda t: t.facts.own_power, yes_no=True),
    TERM,
)
