"""Exports that hold personal data as it is: one person asks for them with a reason, another lets them be made.

What is masked, or only counted, is free (PIPL 6, 51).
"""

from collections.abc import Mapping
from types import MappingProxyType

from .facts import Actor
from .step_schema import StaffCode
from .words import Role, Word


class ExportKind(Word):
    """What is exported with names, telephones, addresses."""

    ARCHIVE_PACKAGE = "archive", "归档包"
    EXCHANGE_PACKAGE = "exchange", "信访交换数据包"
    REGISTER = "register", "台账（含姓名、电话、住址）"
    WHOLE_SYSTEM = "whole", "整套数据（全部信访件、文书、附件）"


APPROVES: Mapping[ExportKind, tuple[Role, ...]] = MappingProxyType(
    {
        ExportKind.ARCHIVE_PACKAGE: (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.SEALED_OFFICER),
        ExportKind.EXCHANGE_PACKAGE: (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER),
        ExportKind.REGISTER: (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER),
        ExportKind.WHOLE_SYSTEM: (Role.PRINCIPAL_LEADER,),
    }
)
"""Who lets each be made, besides the one who asks for it; of one case only who sees that case."""
APPROVES_EXPORTS = (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.SEALED_OFFICER)

ASKS_FOR_ALL = (Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR)
"""Who may ask for the whole system, when the department leaves it; the principal leader lets it be made."""
EXPORTS_CASES = (
    Role.RECEPTION,
    Role.OFFICE,
    Role.OFFICE_HEAD,
    Role.PRINCIPAL_LEADER,
    Role.LEADER,
    Role.UNIT_HEAD,
    Role.HANDLER,
    Role.ARCHIVE_ROOM,
    Role.SEALED_OFFICER,
)
"""Who may take a list of the cases they see out of the system, masked. A legal adviser only advises (H13)."""
EXPORTS_IDENTITY = (Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD, Role.UNIT_HEAD, Role.HANDLER)
"""Who may ask for a list with names, telephones and addresses: they reach the petitioner (PIPL 6)."""


def may_approve(actor: Actor, kind: ExportKind, asked_by: StaffCode) -> bool:
    """Tell whether this person may agree to an export or refuse it, as far as it isn't of a case hidden from them."""
    return asked_by not in actor.codes and actor.has(*APPROVES[kind])
