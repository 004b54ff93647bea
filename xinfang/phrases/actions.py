"""Adding and removing phrases. Each person has their own; those of the department are the office's."""

from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.phrases.models import Phrase
from xinfang.phrases.queries import MAX_OF_A_USE, phrases_of
from xinfang.phrases.words import CASE_WORDS, SHIPPED, PhraseUse, unknown_words
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import KEEPS_PHRASES

MAX_CHARACTERS = 300


@transaction.atomic
def add_phrase(use: PhraseUse, text: str, *, of_department: bool, by: Staff, actor: Actor) -> Phrase:
    """Add a phrase for oneself, or for everybody in the department.

    Raises:
        AdminChangeRefused: it is empty, too long, there already, one too many, holds words in braces that no case has,
            or this person doesn't keep the department's phrases.
    """
    text = " ".join(text.split())
    owner = None if of_department else by
    reasons: list[str] = []
    if of_department and not actor.has(*KEEPS_PHRASES):
        reasons.append("本厅的常用语由办公室维护。您可以存为自己的常用语。")
    if not text or len(text) > MAX_CHARACTERS:
        reasons.append(f"请填写常用语，不超过 {MAX_CHARACTERS} 个字。")
    if wrong := unknown_words(text):
        known = "、".join("{" + w + "}" for w in CASE_WORDS)
        reasons.append(f"花括号中的“{'、'.join(wrong)}”无法代入。可以代入的有：{known}。")
    have = phrases_of(owner).filter(use=use.value)
    if text in SHIPPED.get(use, ()) or have.filter(text=text).exists():
        reasons.append("已有这一条常用语。")
    elif have.count() >= MAX_OF_A_USE:
        reasons.append(f"“{use.label}”已有 {MAX_OF_A_USE} 条，请先删去不用的。")
    if reasons:
        raise AdminChangeRefused(*reasons)
    phrase = Phrase.objects.create(staff=owner, use=use.value, text=text)
    if of_department:
        audit_log.record(by, "增加常用语", use.label, text=text)
    return phrase


@transaction.atomic
def remove_phrase(pk: int, *, by: Staff, actor: Actor) -> None:
    """Remove a phrase of one's own, or one of the department's. What was written with it stays as it is.

    Raises:
        AdminChangeRefused: there is none that this person may remove.
    """
    phrase = Phrase.objects.filter(pk=pk).first()
    mine = phrase is not None and (phrase.staff_id == by.pk or (phrase.staff_id is None and actor.has(*KEEPS_PHRASES)))
    if phrase is None or not mine:
        raise AdminChangeRefused("没有这一条常用语，可能已经删去。")
    if phrase.staff_id is None:
        audit_log.record(by, "删去常用语", PhraseUse.of(phrase.use).label, text=phrase.text)
    phrase.delete()
