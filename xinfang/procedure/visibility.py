"""Who may see a case: by unit and duty, from the first day. Hidden means: as if it did not exist.

`records/queries.py: visible_to` is the twin of `may_see` in SQL; a test holds them equal.
"""

from .facts import Actor, Facts, FileFacts
from .words import PaperKind, Role, State

SEES_ORDINARY_CASES = (Role.OFFICE, Role.OFFICE_HEAD, Role.RECEPTION, Role.PRINCIPAL_LEADER)
"""Duties that see every case which isn't sealed (H4, H5, H7)."""
SEES_OWN_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
SEES_CLOSED = (State.CLOSED, State.ARCHIVED)


NEVER_IDENTITY = (Role.LEGAL_ADVISER, Role.ARCHIVE_ROOM, Role.PRINCIPAL_LEADER, Role.LEADER)
"""Duties that need no petitioner's telephone, address or ID number: they advise, keep or decide (PIPL 6, 51)."""


def may_see_identity(actor: Actor, facts: Facts) -> bool:
    """Whether this person may unmask the personal data of a case: who sees it to reach the petitioner (H5, H7, N30)."""
    others = Actor(actor.code, actor.name, tuple(d for d in actor.duties if d.role not in NEVER_IDENTITY))
    return may_see(others, facts)


READS_ADVICE = (
    Role.OFFICE,
    Role.OFFICE_HEAD,
    Role.UNIT_HEAD,
    Role.HANDLER,
    Role.LEADER,
    Role.PRINCIPAL_LEADER,
    Role.SEALED_OFFICER,
)
"""The legal adviser's opinion is an internal paper: neither reception nor the archive room reads it on the desk (H13)."""


def may_read(actor: Actor, kind: PaperKind) -> bool:
    """Whether this person, who sees the case, reads papers of this kind."""
    return kind is not PaperKind.LEGAL_ADVICE or actor.has(*READS_ADVICE)


def may_open(actor: Actor, facts: Facts, file: FileFacts) -> bool:
    """Whether this person, who sees the case, opens this attachment: one that a paper was frozen in only with the paper."""
    paper = facts.frozen_as(file.digest)
    return paper is None or may_read(actor, paper.kind)


def may_see(actor: Actor, facts: Facts) -> bool:
    """Whether this person may see this case (H3–H8, H13, H14; N28 recusal; N30 the sealed compartment)."""
    if actor.has(Role.SYSTEM, Role.PETITIONER):
        # A petitioner comes in by the number and code of his own case; nobody on the staff holds this role.
        return True
    if actor.codes & (facts.recused | facts.complained_staff):
        return False
    if facts.sealed:
        return actor.has(Role.SEALED_OFFICER)
    complained = facts.complained_units
    if (
        complained
        and complained & actor.units(*Role)
        and not actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER)
    ):
        return False
    if actor.has(*SEES_ORDINARY_CASES):
        return True
    if facts.units & actor.units(*SEES_OWN_UNIT):
        return True
    leaders = {facts.responsible_leader, facts.proposed_leader, *facts.instructed_by} - {""}
    if actor.has(Role.LEADER) and actor.codes & leaders:
        return True
    if actor.has(Role.LEGAL_ADVISER) and actor.codes & facts.advisers:
        return True
    return actor.has(Role.ARCHIVE_ROOM) and facts.state in SEES_CLOSED
