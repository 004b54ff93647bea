"""What a standing phrase is for, the words of a case that it may hold, and the phrases that come with the program."""

import re
from collections.abc import Mapping

from xinfang.procedure.words import Word


class PhraseUse(Word):
    """The kind of text that a phrase is for."""

    PROPOSAL = "proposal", "拟办意见"
    INSTRUCTION = "instruction", "批示"
    REQUIREMENT = "requirement", "办理要求"
    OPINION = "opinion", "审核、签发意见"
    ADVICE = "advice", "法律意见"
    REASON = "reason", "理由、说明"
    CLOSING = "closing", "结案说明"
    RECORD = "record", "接谈、执行记录"


SHIPPED: Mapping[PhraseUse, tuple[str, ...]] = {
    PhraseUse.PROPOSAL: (
        "属本厅职责范围，建议由下列处室（单位）承办。妥否，请批示。",
        "涉及多个处室（单位），建议由下列处室（单位）牵头，相关处室（单位）协办。妥否，请批示。",
    ),
    PhraseUse.INSTRUCTION: (
        "同意。请承办处室认真核实，依法按政策办理，按期答复信访人。",
        "请承办处室先当面或者电话听取信访人意见，再提出处理意见。",
    ),
    PhraseUse.REQUIREMENT: ("请核实所反映的情况，依法按政策提出处理意见，按期反馈。",),
    PhraseUse.OPINION: ("事实清楚，依据充分，同意。", "请补充认定事实的依据后再报。"),
    PhraseUse.ADVICE: ("无不同意见。", "事实认定和依据适当，建议在意见书中写明所依据的条款。"),
    PhraseUse.REASON: ("经核实，与登记时所述一致。",),
    PhraseUse.CLOSING: ("“{事由}”一事已办结，意见书已送达信访人。",),
    PhraseUse.RECORD: ("已与信访人电话联系，听取了陈述，并说明了办理程序和期限。",),
}
"""Phrases that every department has; its own are added to them."""
CASE_WORDS = ("事由", "编号", "收到日期", "承办单位", "包案领导", "诉求")
"""What may be written in braces; a form puts the words of its case there."""
_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_words(text: str) -> list[str]:
    """Return what is written in braces and can't be put in; a single brace counts too."""
    found = [w for w in _BRACES.findall(text) if w not in CASE_WORDS]
    return found + [b for b in "{}" if b in _BRACES.sub("", text)]


def with_case_words(text: str, words: Mapping[str, str]) -> str:
    """Return a phrase with the words of a case put in; a word that the case hasn't yet stays in braces."""
    return _BRACES.sub(lambda m: words.get(m[1]) or m[0], text)
