"""Whether every message is accounted for: those in the box against those that were kept, and the other way round."""

from dataclasses import dataclass, field
from datetime import datetime

from xinfang.core.file_store import wrong_files
from xinfang.mailbox.imap_box import open_box
from xinfang.mailbox.models import IncomingMail, MailboxLook, MailPlace
from xinfang.mailbox.stores import STORES

State = IncomingMail.State


@dataclass(slots=True)
class Accounting:
    """Of `in_box` messages each is in exactly one of the next six; `damaged` names what was kept and can't be read.

    `gone` were kept and lie in the box no more, `kept` is how many were kept in all.
    """

    in_box: int = 0
    registered: int = 0
    set_aside: int = 0
    proposed: int = 0
    waiting: int = 0
    refused: int = 0
    """Wait, and are over the limit: of these only the head was fetched."""
    not_taken: int = 0
    gone: int = 0
    kept: int = 0
    damaged: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether every message in the box was taken and everything that was kept can be read."""
        accounted = self.registered + self.set_aside + self.proposed + self.waiting + self.refused
        return self.in_box == accounted and not self.not_taken and not self.damaged


def account() -> Accounting:
    """Compare the box with what was kept, and read everything that was kept.

    Raises:
        MailboxUnavailable: the box can't be opened.
    """
    found = Accounting()
    with open_box() as box:
        there = set(box.uids())
        name, validity = box.name, box.uid_validity
    states, lies_there = {}, set()
    for uid, mail, state, whole in MailPlace.objects.filter(box=name, uid_validity=validity).values_list(
        "uid", "mail", "mail__state", "mail__whole"
    ):
        states[uid] = state if whole or state != State.WAITING else "refused"
        if uid in there:
            lies_there.add(mail)
    found.in_box = len(there)
    found.not_taken = len(there - states.keys())
    for uid in there & states.keys():
        setattr(found, states[uid], getattr(found, states[uid]) + 1)
    found.kept = IncomingMail.objects.count()
    found.gone = found.kept - len(lies_there)
    found.damaged = damaged_mails()
    return found


def damaged_mails() -> list[str]:
    """Return which messages that were kept can't be read as they came, a sentence each."""
    return [sentence for store in STORES for sentence in wrong_files(store)]


@dataclass(frozen=True, slots=True)
class LastLook:
    """When the box was looked into last and last with success, and what went wrong; for monitoring."""

    at: datetime
    well_at: datetime | None
    failed: int
    error: str


def last_look() -> LastLook | None:
    """Return how the last look into the box went (1 query); None where there was none."""
    row = MailboxLook.objects.order_by("-at").first()
    return LastLook(row.at, row.well_at, row.failed, row.error) if row else None
