"""What is changed beside the cases is written down for the auditors, in the same transaction as the change."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from xinfang.audit.actions.chain_heads import append_admin_record
from xinfang.audit.models import AdminRecord
from xinfang.procedure.errors import XinfangError

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff


class AdminChangeRefused(XinfangError):
    """A change that can't be made, with every reason in the user's words."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def record(
    by: "Staff | None", what: str, target: object, at: datetime | None = None, /, **detail: object
) -> AdminRecord:
    """Append one administrative record, of now or of `at`.

    `by` is None at the command line of the server. Call it inside the change's transaction.
    """
    return append_admin_record(
        AdminRecord(at=at or timezone.now(), by=by, what=what, target=str(target)[:120], detail=detail)
    )


def staff_target(staff: "Staff") -> str:
    """Return the target of a record about a member of staff: name and user name."""
    return f"{staff.name}（{staff.get_username()}）"


def confirmed_by_detail(confirmed_by: "Staff | None") -> dict[str, str]:
    """Return the detail of a record about a change that took two people; empty where one was enough."""
    return {"confirmed_by": confirmed_by.get_username()} if confirmed_by else {}
