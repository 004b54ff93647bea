"""Who may see a case: by unit and duty, from the first day. Hidden means: as if it did not exist.

`cases/queries/visible_petitions.py: visible_to` is the twin of `may_see` in SQL; a test holds them equal.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from xinfang.procedure.errors import XinfangError
from xinfang.procedure.step_schema import StaffCode, UnitCode

from .archive import waits_for_the_archive
from .facts import NO_UNIT, NOBODY, Actor, Facts, FileFacts
from .incidents.facts import IncidentFacts
from .overseers import oversees
from .words import PaperKind, Role, State


class NotVisible(XinfangError, LookupError):
    """There is no such case or event, or this person may not see it: from outside both look alike."""


SEES_ORDINARY_CASES = (Role.OFFICE, Role.OFFICE_HEAD, Role.RECEPTION, Role.PRINCIPAL_LEADER)
"""Duties that see every case which isn't sealed (H4, H5, H7)."""
SEES_OWN_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
SEES_CLOSED = (State.CLOSED, State.ARCHIVED)
"""What the archive room sees; of every other end it sees the file once it was handed over (H14)."""


SUPERVISES = (Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER)
"""Duties that see what units owe, in every case they see (H4, H5)."""
IS_SUPERVISED = (Role.UNIT_HEAD,)
"""Who sees of it what their own unit owes (H6)."""
COUNTS_SUPERVISION = (Role.AUDITOR,)
"""Who sees how much is owed by which unit, and no case."""

NEVER_IDENTITY = (
    Role.LEGAL_ADVISER,
    Role.ARCHIVE_ROOM,
    Role.PRINCIPAL_LEADER,
    Role.LEADER,
    Role.PETITIONER,
)
"""Who needs no petitioner's telephone, address or ID number: they advise, keep or decide (PIPL 6, 51).

A petitioner is told nothing of the others who signed the same petition.
"""


def without(actor: Actor, *roles: Role) -> Actor:
    """Return the same person without the duties of these roles."""
    return replace(actor, duties=tuple(d for d in actor.duties if d.role not in roles))


def may_see_identity(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person may unmask the personal data of a case (H5, H7, N30).

    They may if they see the case in order to reach the petitioner.
    """
    return may_see(without(actor, *NEVER_IDENTITY), facts)


def calls_the_petitioner(actor: Actor, facts: Facts, today: date) -> bool:
    """Tell whether this person sees name and telephone at one click a day, without writing a reason (H11).

    The handler calls the people of their own case again and again, and who registered it today has just typed them;
    each look is logged all the same. Never in a sealed case (N30). `today` is Asia/Shanghai.
    """
    if facts.sealed or not may_see_identity(actor, facts):
        return False
    began = facts.history[0] if facts.history else None
    registered_today = began is not None and began.by in actor.codes and began.happened_on == today
    return facts.handler in actor.codes or registered_today


def keeps_originals(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person writes down where the paper original of a case they see is: the office or the handler.

    In a sealed case its officer does what the office does elsewhere (N30).
    """
    return actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.SEALED_OFFICER) or facts.handler in actor.codes


READS_ADVICE = (
    Role.OFFICE,
    Role.OFFICE_HEAD,
    Role.UNIT_HEAD,
    Role.HANDLER,
    Role.LEADER,
    Role.PRINCIPAL_LEADER,
    Role.SEALED_OFFICER,
)
"""The legal adviser's opinion is an internal paper: neither reception nor the archive room reads it here (H13)."""


def may_read(actor: Actor, kind: PaperKind) -> bool:
    """Tell whether this person, who sees the case, reads papers of this kind."""
    return kind is not PaperKind.LEGAL_ADVICE or actor.has(*READS_ADVICE)


def may_open(actor: Actor, facts: Facts, file: FileFacts) -> bool:
    """Tell whether this person, who sees the case, opens this attachment.

    One that a paper was frozen in is opened only by those who may read the paper.
    """
    paper = facts.frozen_as(file.digest)
    return paper is None or may_read(actor, paper.kind)


def may_see(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person may see this case (H3–H8, H13, H14; N28 recusal; N30 the sealed compartment).

    A complaint about the office is seen by the principal leader and those they name, and by nobody of the office (N30).
    A petitioner sees the one case that was proven to be theirs (N18, N21); nobody on the staff holds that role.
    """
    if actor.has(Role.SYSTEM):
        return True
    if actor.has(Role.PETITIONER):
        return bool(actor.case) and actor.case == facts.number
    if actor.codes & (facts.recused | facts.complained_staff):
        return False
    of_the_accused = bool(facts.complained_units & actor.units(*Role))
    if facts.sealed:
        officer = actor.has(Role.SEALED_OFFICER) and not of_the_accused
        return officer or bool(actor.codes & facts.named_officers) or oversees(actor, facts)
    if actor.has(Role.PRINCIPAL_LEADER) or oversees(actor, facts):
        return True
    if of_the_accused:
        return False
    if actor.has(*SEES_ORDINARY_CASES) and not facts.acting_office:
        return True
    if {*facts.units, facts.acting_office} & actor.units(*SEES_OWN_UNIT):
        return True
    if actor.has(Role.LEADER) and actor.codes & facts.leaders:
        return True
    if actor.has(Role.LEGAL_ADVISER) and actor.codes & facts.advisers:
        return True
    return actor.has(Role.ARCHIVE_ROOM) and (facts.state in SEES_CLOSED or waits_for_the_archive(facts))


def only_advises(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person sees the case only as its legal adviser.

    Then only the draft sent to them is shown (H13).
    """
    return not may_see(without(actor, Role.LEGAL_ADVISER), facts)


SEES_INCIDENTS = (
    Role.OFFICE,
    Role.OFFICE_HEAD,
    Role.RECEPTION,
    Role.PRINCIPAL_LEADER,
    Role.LEADER,
    Role.SUPPORT_CENTRE,
)
"""Duties that attend every event or are told of it (H15, H16)."""


def may_see_incident(actor: Actor, facts: IncidentFacts) -> bool:
    """Tell whether this person may see an event.

    The people who attend it may; the duty desk only what it reported; a unit once it was called in.
    """
    if actor.has(Role.SYSTEM, *SEES_INCIDENTS) or facts.opened_by in actor.codes:
        return True
    if facts.by_duty_desk and actor.has(Role.DUTY_DESK):
        return True
    return bool(facts.units & actor.units(*SEES_OWN_UNIT))


class DecisionStage(Enum):
    """How far a recorded decision has come: only what a second person confirmed counts."""

    WAITING = auto()
    CONFIRMED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """What the policy knows of a decision about a unit or a member of staff (H19, H20); one of the two is set."""

    number: str
    by: StaffCode
    unit: UnitCode = NO_UNIT
    person: StaffCode = NOBODY
    stage: DecisionStage = DecisionStage.WAITING


READS_DECISIONS = (Role.OFFICE_HEAD, Role.LEADER, Role.PRINCIPAL_LEADER)
"""Who records decisions about units and staff, and who confirms them (H19, H20)."""
KNOWS_OF_DECISIONS = (*READS_DECISIONS, Role.AUDITOR)
"""The auditor sees that a record exists, by whom and when, and its hash; not what it says, nor of whom (PIPL 6)."""


def may_read_decision(actor: Actor, decision: DecisionFacts) -> bool:
    """Tell whether this person reads a decision.

    The people who record and confirm it do; once it is confirmed, also the person concerned. Nobody reads a colleague's
    by acting in their place; the head of a unit, or their deputy, reads what concerns the unit.
    """
    if actor.has(*READS_DECISIONS):
        return True
    if decision.stage is not DecisionStage.CONFIRMED:
        return False
    if decision.person:
        return decision.person == actor.code
    return decision.unit in actor.units(Role.UNIT_HEAD)


def may_know_of_decision(actor: Actor, decision: DecisionFacts) -> bool:
    """Tell whether a decision exists for this person at all.

    To everybody else its address is one that was never given.
    """
    return actor.has(*KNOWS_OF_DECISIONS) or may_read_decision(actor, decision)


ADMINISTERS = (Role.OFFICE, Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR)
"""Who keeps calendar, categories, units and staff."""
DOES_SEVERAL = (Role.OFFICE, Role.OFFICE_HEAD, Role.UNIT_HEAD)
"""Who may do the same to several cases at once: hand out, reassign within a unit, remind (H5, H6)."""
KEEPS_PHRASES = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who keeps the standing phrases of the department; each person keeps their own."""
SEES_NUMBERS = (*ADMINISTERS, Role.PRINCIPAL_LEADER, Role.LEADER, Role.LEGAL_ADVISER, Role.AUDITOR)
"""Who sees who changed a number of the department, and may try one out; the numbers themselves are for everybody."""
SEES_PEOPLE = (*ADMINISTERS, Role.SECURITY_ADMINISTRATOR)
SEES_CHANGES = (
    Role.SYSTEM_ADMINISTRATOR,
    Role.OFFICE_HEAD,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDITOR,
    Role.PRINCIPAL_LEADER,
)
"""Who proposes changes of duties, confirms them (the principal leader where nobody else can), and looks over both."""
SEES_ARCHIVE = (Role.ARCHIVE_ROOM, Role.OFFICE_HEAD, Role.SEALED_OFFICER)
"""Who sees the archive room's pages: who keeps the files, who decides on their end, who keeps the sealed ones (H14)."""
SEES_SUPERVISION = (*SUPERVISES, *IS_SUPERVISED, *COUNTS_SUPERVISION)
"""Who finds the board of supervision; each sees there what the policy lets them (H5)."""
SEES_SAMPLES = (Role.PRINCIPAL_LEADER, Role.OFFICE, Role.OFFICE_HEAD)
"""Who finds the sample of a month: who checks it, and whose decisions are checked."""
SEES_FIGURES = (Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER)
"""Who sees the figures of the whole department and writes its reports (N41)."""
REGISTERS = (Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD)
BRINGS_LEDGERS = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who brings in what the office kept before this system, and takes it back (H5)."""
REGISTERS_CASES = (*REGISTERS, Role.SEALED_OFFICER)
"""An officer who finds a claim in a report of wrongdoing registers it as a case of its own (N22, N31)."""
PUBLISHES_RECEPTION = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who publishes the days on which leaders receive, moves and cancels them (N18)."""
BOOKS_RECEPTION = REGISTERS
"""Who books a place for a petitioner, and may see how to reach them."""
SEES_RECEPTION = (*BOOKS_RECEPTION, Role.LEADER, Role.PRINCIPAL_LEADER)
"""Who finds the days of reception; a leader reads the bookings of their own."""


def may_see_bookings(actor: Actor, leader: StaffCode) -> bool:
    """Tell whether this person reads who booked a day of this leader: the office, the principal leader, the leader."""
    return actor.has(*BOOKS_RECEPTION, Role.PRINCIPAL_LEADER) or leader in actor.codes


HANDLES_PAPERS = (
    *REGISTERS,
    Role.UNIT_HEAD,
    Role.HANDLER,
    Role.LEADER,
    Role.PRINCIPAL_LEADER,
    Role.SEALED_OFFICER,
)
"""Who makes, checks, signs or issues papers."""
EXCHANGES = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who looks after what goes to the regional system and what comes from there (H5, H12)."""
