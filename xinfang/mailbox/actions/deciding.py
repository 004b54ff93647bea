"""What people decide on a message: registered, joined to a case, put forward as no petition, agreed to, taken back.

To register gives the petitioner what they have a right to, so one person does it. To say that it is no petition takes
that away, so another agrees (`procedure.waiting_submissions`); where the system put it forward, one person decides.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import NotAccepted
from xinfang.attachments.mail_content import UnreadableMail, read_mail
from xinfang.audit.actions import audit_log
from xinfang.cases.access import open_case
from xinfang.cases.models import Petition
from xinfang.core import file_store
from xinfang.mailbox.models import IncomingMail, MailAnswer, MailProposal
from xinfang.mailbox.stores import read_raw
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.visibility import REGISTERS_CASES, NotVisible
from xinfang.procedure.waiting_submissions import ClearedLot, may_agree, may_clear, why_not_agree, why_not_set_aside
from xinfang.procedure.words import Material
from xinfang.vault.sm_ciphers import VaultError

LOOKED = "查看邮箱来件"
_MAX_WORDS = 500
State = IncomingMail.State


@dataclass
class JoinedMail:
    """What of a message became attachments of its case, and what didn't, by name with the reason."""

    added: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def log_look(pk: int, what: str, *, staff: Staff) -> None:
    """Write down that somebody read a message, or took it as a file."""
    with transaction.atomic():
        audit_log.record(staff, LOOKED, f"第{pk}封邮件", reason=what)


def join_mail(pk: int, number: str, *, by: Actor, staff: Staff) -> JoinedMail:
    """Tie a message to the case that was registered of it or that it belongs to, and attach it with its files.

    What the checks don't take is named; the message itself stays as it came. Again, nothing is done.

    Raises:
        NotVisible: there is no such message or case for this person.
    """
    if not by.has(*REGISTERS_CASES):
        raise NotVisible
    return _tied(pk, open_case(by, number).petition, by, staff)


def mail_was_registered(pk: int, petition: Petition, *, by: Actor, staff: Staff) -> JoinedMail:
    """Do the same with the case that this person has just registered, which may be hidden from them since.

    Raises:
        NotVisible: there is no such message.
    """
    return _tied(pk, petition, by, staff)


def _tied(pk: int, petition: Petition, by: Actor, staff: Staff) -> JoinedMail:
    with transaction.atomic():
        mail = _locked(pk)
        if mail.petition_id is not None or mail.wrapped_key is None:
            return JoinedMail()
        mail.petition, mail.state = petition, State.REGISTERED
        mail.save(update_fields=["petition", "state"])
        audit_log.record(staff, "邮箱来件：登记、并入", f"第{mail.pk}封邮件", number=petition.number)
    return _attach_all(mail, petition.number, by, staff)


def _attach_all(mail: IncomingMail, number: str, by: Actor, staff: Staff) -> JoinedMail:
    joined = JoinedMail()
    if not mail.whole:
        return joined
    try:
        raw = b"".join(read_raw(mail))
    except (OSError, VaultError):
        joined.refused.append(("原始邮件", "读不出来，请告诉系统管理员"))
        return joined
    files = [(f"第{mail.pk}封邮件.eml", raw, Material.LETTER)]
    try:
        files += [(f.name, f.data, Material.EVIDENCE) for f in read_mail(raw).files]
    except UnreadableMail:
        joined.refused.append(("邮件中的附件", "邮件的结构已损坏，分不出附件"))
    for place, (name, data, what) in enumerate(files):
        try:
            attach(number, data, name, what=what, by=by, staff=staff, idempotency_key=f"mail-{mail.pk}-{place}")
        except NotAccepted as e:
            joined.refused.append((name, str(e)))
        except Refused as e:
            joined.refused.append((name, "；".join(str(r) for r in e.reasons)))
        except NotVisible:
            # Sealed while it was registered: its officer adds what is missing.
            joined.refused.append((name, "此件已不在您可以查看的范围内"))
            break
        else:
            joined.added += 1
    return joined


def put_forward(pk: int, reason: str, *, by: Actor, staff: Staff) -> None:
    """Put a message forward as no petition; another agrees.

    Raises:
        NotVisible: there is no such message for this person.
        Refused: it can't be put forward so; with the reasons.
    """
    if not may_clear(by, report=False):
        raise NotVisible
    if reasons := why_not_set_aside(by, reason, ()):
        raise Refused(reasons)
    with transaction.atomic():
        mail = _locked(pk)
        if mail.state != State.WAITING:
            return
        MailProposal.objects.create(mail=mail, reason=reason.strip()[:_MAX_WORDS], by=staff, at=timezone.now())
        mail.state = State.PROPOSED
        mail.save(update_fields=["state"])
        audit_log.record(staff, "邮箱来件：提出不登记", f"第{mail.pk}封邮件")


def answer_proposal(pk: int, *, agree: bool, opinion: str, by: Actor, staff: Staff) -> None:
    """Give the word on what was put forward: then it isn't registered, or waits again.

    Raises:
        NotVisible: nothing was put forward of this message, for this person.
        Refused: they can't give this word; with the reasons.
    """
    with transaction.atomic():
        mail = _locked(pk)
        proposal = MailProposal.objects.filter(mail=mail, answer=None).select_related("by").last()
        if mail.state != State.PROPOSED or proposal is None or not may_clear(by, report=False):
            raise NotVisible
        proposed_by = StaffCode(proposal.by.get_username() if proposal.by else "")
        if agree and not may_agree(by, report=False):
            raise NotVisible
        system = proposal.by is None
        reasons = why_not_agree(by, ClearedLot(proposed_by, False), agree=agree, opinion=opinion)
        # To let wait what only the system put forward takes nothing from anybody: no reason is asked.
        if reasons and (agree or not system):
            raise Refused(reasons)
        MailAnswer.objects.create(
            proposal=proposal, agree=agree, opinion=opinion.strip()[:_MAX_WORDS], by=staff, at=timezone.now()
        )
        mail.state = State.SET_ASIDE if agree else State.WAITING
        mail.save(update_fields=["state"])
        what = "邮箱来件：同意不登记" if agree else "邮箱来件：退回待登记"
        audit_log.record(staff, what, f"第{mail.pk}封邮件")


def look_again(pk: int, *, by: Actor, staff: Staff) -> None:
    """Let a message that was set aside wait again.

    Raises:
        NotVisible: there is no such message for this person.
    """
    if not may_clear(by, report=False):
        raise NotVisible
    with transaction.atomic():
        mail = _locked(pk)
        if mail.state != State.SET_ASIDE or mail.wrapped_key is None:
            raise NotVisible
        mail.state = State.WAITING
        mail.save(update_fields=["state"])
        audit_log.record(staff, "邮箱来件：重新待登记", f"第{mail.pk}封邮件")


def erase_secret(pk: int, *, by: Actor, staff: Staff) -> None:
    """Erase a message that may be secret: nothing of it is kept here (H3). That it came, and in which place, stays.

    Raises:
        NotVisible: there is no such message for this person.
    """
    if not by.has(*REGISTERS_CASES):
        raise NotVisible
    now = timezone.now()
    with transaction.atomic():
        mail = _locked(pk)
        if mail.petition_id is not None or mail.wrapped_key is None:
            return
        proposal = MailProposal.objects.create(mail=mail, reason="涉密或者不能确定，交机要室处理", by=staff, at=now)
        MailAnswer.objects.create(proposal=proposal, agree=True, by=staff, at=now, opinion="内容已清除")
        mail.state = State.SET_ASIDE
        erase(mail)
        audit_log.record(staff, "邮箱来件：涉密，内容已清除", f"第{mail.pk}封邮件")


def erase(mail: IncomingMail) -> None:
    """Erase key and content of a message whose row is locked; the file goes when this is committed."""
    mail.wrapped_key, mail.sealed = None, b""
    mail.save(update_fields=["wrapped_key", "sealed", "state"])
    path = file_store.path_of(mail.address)
    transaction.on_commit(lambda: file_store.remove_file(path))


def _locked(pk: int) -> IncomingMail:
    mail = IncomingMail.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if mail is None:
        raise NotVisible
    return mail
