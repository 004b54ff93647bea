"""The reply is signed by a step of the case before it is a paper: its text is kept with the signature (H13, N32).

The text is composed at that moment, as the leader's preview showed it, and encrypted in the event under the case's key.
The paper that is made of it later says this text and no other.
"""

from dataclasses import replace
from datetime import date

from xinfang.cases.models import Petition
from xinfang.cases.queries.case_text import case_text
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.papers import wording
from xinfang.papers.checks import missing_from_text
from xinfang.papers.models import PaperText
from xinfang.papers.queries.own_wordings import own_wording
from xinfang.papers.source import WordingSyntaxError
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.facts import Facts
from xinfang.procedure.papers import opinion_kind
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.reply import SignReply
from xinfang.procedure.words import PaperKind, ReplyStage
from xinfang.vault.sm_ciphers import sm3


def digest_of(text: str) -> str:
    """Return the SM3 of a text (hex)."""
    return sm3(text.encode()).hex()


def with_its_text(step: SignReply, petition: Petition, facts: Facts, day: date) -> SignReply:
    """Return the signature with the text it is put under; a reply that is given back has none.

    `day` is that of the signature (Asia/Shanghai).

    Raises:
        Refused: the text lacks what the law asks of it, or the department's wording can't be read.
    """
    if not step.agree or facts.reply_stage is not ReplyStage.REVIEWED:
        return replace(step, text="", digest="")
    kind = opinion_kind(facts)
    try:
        text = wording.compose_paper(kind, petition, facts, event_seq=None, day=day, wording=own_wording(kind))
    except WordingSyntaxError as e:
        todo = "请系统管理员在“文书格式”中改正后再签发。"
        raise Refused([Reason(f"意见书的格式文本有误：{e}", (DEPARTMENT_SETTING,), todo, "wording")]) from None
    if lacks := missing_from_text(kind, text, facts, case_text(petition, facts).body):
        raise Refused(lacks)
    return replace(step, text=text, digest=digest_of(text))


def signed_reply(petition: Petition, facts: Facts) -> str:
    """Return the text of the reply that was signed last; empty where none was kept (signatures of older versions)."""
    if not facts.signed_text:
        return ""
    signature = facts.last(StepCode.SIGN_REPLY)
    text = str(personal_answers_of(petition, signature).get("text", "")) if signature else ""
    if digest_of(text) == facts.signed_text:
        return text
    # It was changed after that, and signed again as a paper.
    again = text_with(facts.signed_text, petition, opinion_kind(facts))
    return again.text if again else ""


def text_with(digest: str, petition: Petition, kind: PaperKind) -> PaperText | None:
    """Return the newest version of this case's papers of a kind that has this SM3 (hex), with its author.

    None where none has.
    """
    versions = PaperText.objects.filter(paper__petition=petition, paper__kind=kind.value).select_related("paper", "by")
    for row in versions.order_by("-id"):
        row.paper.petition = petition
        if digest_of(row.text) == digest:
            return row
    return None
