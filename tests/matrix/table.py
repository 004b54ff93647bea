"""One line for each address of the system, by its name.

Which methods it takes, for whom it exists, and whether it is about a case.

A new address fails `test_every_address.py` until it has its line here. About a case means: the address holds its
number, and `procedure.visibility.may_see` decides who finds anything there. Everybody else must get the answer of a
number that doesn't exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xinfang.core.clock import today
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import calls_the_petitioner, may_see, may_see_identity
from xinfang.procedure.words import TERMINAL_STATES, Role

EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
READ = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
SEND = ("POST",)

ANYBODY = None
"""Also who isn't signed in."""
SIGNED_IN = frozenset[Role]()
"""Everybody who is signed in, with or without a duty."""
REGISTERS = frozenset({Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD})
ADMINISTERS = frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR})

REGISTERS_CASES = REGISTERS | {Role.SEALED_OFFICER}
HANDLES_PAPERS = REGISTERS | {
    Role.UNIT_HEAD,
    Role.HANDLER,
    Role.LEADER,
    Role.PRINCIPAL_LEADER,
    Role.SEALED_OFFICER,
}

SEES_PEOPLE = ADMINISTERS | {Role.SECURITY_ADMINISTRATOR}
"""The security administrator looks at what they are asked to confirm."""
SEES_CHANGES = frozenset(
    {
        Role.SYSTEM_ADMINISTRATOR,
        Role.OFFICE_HEAD,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDITOR,
        Role.PRINCIPAL_LEADER,
    }
)

EXPORTS_CASES = REGISTERS_CASES | {
    *(Role.PRINCIPAL_LEADER, Role.LEADER, Role.UNIT_HEAD, Role.HANDLER, Role.ARCHIVE_ROOM),
}
EXPORTS = EXPORTS_CASES | {Role.AUDITOR}
"""Who takes lists out: of the cases they see, masked; the auditor of the logs."""
EXCHANGES = frozenset({Role.OFFICE, Role.OFFICE_HEAD})
SUPERVISION = frozenset(
    {Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER, Role.UNIT_HEAD, Role.AUDITOR}
)
"""What units owe: who presses, who is pressed, and who counts (H5, H6)."""
FIGURES = frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER})
"""The whole department's numbers: the office that reports them and the leaders (N41)."""
RECEPTION = REGISTERS | {Role.LEADER, Role.PRINCIPAL_LEADER}
"""Who finds the days on which leaders receive (N18)."""
SEES_NUMBERS = frozenset(
    {
        *(Role.OFFICE, Role.OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR),
        *(Role.PRINCIPAL_LEADER, Role.LEADER, Role.LEGAL_ADVISER, Role.AUDITOR),
    }
)
"""Who sees how the department changed its own numbers, and may try one out on what is open, as counts."""
ARCHIVE = frozenset({Role.ARCHIVE_ROOM, Role.OFFICE_HEAD, Role.SEALED_OFFICER})

READS_DECISIONS = frozenset({Role.OFFICE_HEAD, Role.LEADER, Role.PRINCIPAL_LEADER})
"""Who records and confirms decisions about units and staff (H19, H20)."""
KNOWS_OF_DECISIONS = READS_DECISIONS | {Role.AUDITOR}

SEES_EVENTS = frozenset(
    {
        Role.OFFICE,
        Role.OFFICE_HEAD,
        Role.RECEPTION,
        Role.SUPPORT_CENTRE,
        Role.PRINCIPAL_LEADER,
        Role.LEADER,
        Role.DUTY_DESK,
    }
)
"""Of an event that the duty desk reported; a unit only once it was called (`tests/incidents/test_pages.py`)."""
ATTENDS = SEES_EVENTS | {Role.UNIT_HEAD, Role.HANDLER}
AT_THE_DESK = frozenset({Role.DUTY_DESK, Role.RECEPTION, Role.SUPPORT_CENTRE, Role.OFFICE, Role.OFFICE_HEAD})
READS_EVENT_REPORTS = frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER})
EVENT = {"number": f"TF{today().year}-001"}

OK = (200,)
DONE = (302,)
WRONG = (422,)
"""An empty form is refused with reasons, never with an error of the program."""


def may_export(actor: Actor, facts: Facts) -> bool:
    """A file leaves the system once its case has ended.

    The sealed part by the named officer, any other by archive room or office.
    """
    if facts.destroyed_on or facts.state not in TERMINAL_STATES:
        return False
    return actor.has(Role.SEALED_OFFICER) if facts.sealed else actor.has(Role.ARCHIVE_ROOM, Role.OFFICE_HEAD)


def may_call(actor: Actor, facts: Facts) -> bool:
    """Who handles a case calls its people, and who has registered it today."""
    return calls_the_petitioner(actor, facts, today())


def keeps_original(actor: Actor, facts: Facts) -> bool:
    """Who writes down where the paper original is: the office, the officer of sealed cases, the handler."""
    roles = (Role.OFFICE, Role.OFFICE_HEAD, Role.SEALED_OFFICER)
    return actor.has(*roles) or facts.handler in actor.codes


@dataclass(frozen=True)
class Page:
    """One address. `who`: ANYBODY, SIGNED_IN, or the roles any of which must be held (on top of seeing the case)."""

    methods: tuple[str, ...]
    who: frozenset[Role] | None = SIGNED_IN
    case: bool = False
    fill: Mapping[str, str] = field(default_factory=dict)
    """What is in the address beside the number of a case."""
    each_step: bool = False
    """Asked with every code of STEPS as `code`."""
    answers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The statuses of a method for who may come here, where they aren't 200 (read) or 302 and 422 (sent)."""
    adviser: bool = True
    """Whether a legal adviser who sees nothing but the draft sent to them finds this page (H13)."""

    shows: Callable[[Actor, Facts], bool] | None = None
    """A narrower rule of the policy than may_see, where the page shows more than the case."""

    def may(self, method: str) -> tuple[int, ...]:
        return self.answers.get(method) or (OK if method in READ else DONE + WRONG)


PAGES: Mapping[str, Page] = MappingProxyType(
    {
        "healthz": Page(READ, ANYBODY),
        # ---- coming and going
        "login": Page(FORM, ANYBODY, answers={"GET": (200, 302), "HEAD": (200, 302)}),
        "login-code": Page(FORM, ANYBODY, answers={"GET": DONE, "HEAD": DONE, "POST": DONE}),  # nobody is half-way in
        "login-demo": Page(SEND, ANYBODY, answers={"POST": (404,)}),  # tests don't run as a demo
        "logout": Page(SEND, ANYBODY, answers={"POST": DONE}),
        "password": Page(FORM),
        "account": Page(FORM),
        "second-factor": Page(FORM, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "confirm": Page(FORM, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "undelivered": Page(FORM, frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.UNIT_HEAD, Role.HANDLER})),
        # ---- the window: nobody has proven a case here; what the petitioner finds is in tests/window
        "window": Page(READ, ANYBODY),
        "window-notice": Page(READ, ANYBODY),
        "window-reception": Page(READ, ANYBODY),
        "window-procedure": Page(READ, ANYBODY),
        "window-figures": Page(READ, ANYBODY),
        "window-report": Page(READ, ANYBODY, answers=dict.fromkeys(READ, (404,))),
        "window-leaflet": Page(READ, ANYBODY),
        "window-submit": Page(FORM, ANYBODY),
        "window-follow": Page(FORM, ANYBODY),
        "window-leave": Page(SEND, ANYBODY, answers={"POST": OK}),
        "window-pieces": Page(
            ("GET", "POST"), ANYBODY, fill={"form": "0" * 32, "key": "0" * 32}, answers={"POST": WRONG}
        ),
        "window-receipt": Page(READ, ANYBODY, answers={"GET": DONE, "HEAD": DONE}),
        "window-receipt-file": Page(READ, ANYBODY, answers={"GET": DONE, "HEAD": DONE}),
        "window-check": Page(FORM, ANYBODY, answers={"POST": OK}),
        "window-check-file": Page(READ, ANYBODY),
        "window-case": Page(READ, ANYBODY, answers={"GET": DONE, "HEAD": DONE}),
        "window-news": Page(FORM, ANYBODY, answers=dict.fromkeys(FORM, DONE)),
        "window-data": Page(READ, ANYBODY, answers={"GET": DONE, "HEAD": DONE}),
        "window-paper": Page(READ, ANYBODY, fill={"place": "1"}, answers={"GET": DONE, "HEAD": DONE}),
        "window-act": Page(FORM, ANYBODY, fill={"name": "rate"}, answers={"GET": DONE, "HEAD": DONE, "POST": OK}),
        "window-ask-again": Page(SEND, ANYBODY, answers={"POST": DONE}),
        "window-open-paper": Page(SEND, ANYBODY, fill={"place": "1"}, answers={"POST": DONE}),
        "counter-sheet": Page(
            FORM, REGISTERS_CASES, case=True, shows=may_see_identity, adviser=False, answers={"POST": WRONG}
        ),
        "told": Page(FORM, REGISTERS_CASES, case=True, answers={"POST": WRONG}),
        # ---- what everybody has; each sees there only what they may
        # A person who only holds the property duty desk is led on to its page.
        "inbox": Page(READ, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "boards": Page(READ),
        "exports": Page(
            FORM,
            frozenset({Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.SEALED_OFFICER}),
            answers={"GET": OK + DONE, "HEAD": OK + DONE, "POST": (*DONE, *WRONG, 404)},
        ),
        # What came in amid a flood; reports of wrongdoing are shown to their officers alone.
        "clearing": Page(FORM, REGISTERS_CASES, answers={"POST": WRONG}),
        "clearing-answer": Page(SEND, REGISTERS_CASES, fill={"pk": "1"}, answers={"POST": (404,)}),
        "mails": Page(READ, REGISTERS),
        "mail": Page(READ, REGISTERS, fill={"pk": "1"}, answers=dict.fromkeys(READ, (404,))),  # none came
        "mail-decide": Page(SEND, REGISTERS, fill={"pk": "1"}, answers={"POST": (404,)}),
        "mail-raw": Page(READ, REGISTERS, fill={"pk": "1"}, answers=dict.fromkeys(READ, (404,))),
        "supervision": Page(READ, SUPERVISION),
        "sample": Page(READ, frozenset({Role.PRINCIPAL_LEADER, Role.OFFICE, Role.OFFICE_HEAD})),
        "figures": Page(READ, FIGURES),
        "figures-cases": Page(READ, FIGURES, answers={"GET": (404,), "HEAD": (404,)}),  # no number is named
        "figures-workbook": Page(READ, FIGURES, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "figures-report": Page(FORM, FIGURES, fill={"period": "2026-10", "version": "internal"}),
        "figures-report-file": Page(
            READ,
            FIGURES,
            fill={"period": "2026-10", "version": "internal", "form": "docx"},
            answers={"GET": OK + DONE, "HEAD": OK + DONE},
        ),
        "papers": Page(READ, HANDLES_PAPERS),
        "papers-batch": Page(
            FORM, HANDLES_PAPERS, answers={"GET": DONE, "HEAD": DONE, "POST": WRONG}
        ),  # nothing is chosen in it
        "petitions": Page(READ),
        "petitions-find": Page(SEND, answers={"POST": DONE}),
        # ---- lists that leave the screen; of exports in the background each has their own only: nobody has this one
        "registers": Page(READ, EXPORTS),
        "list-export": Page(FORM, EXPORTS_CASES),
        "list-views": Page(SEND, EXPORTS_CASES, answers={"POST": DONE}),
        "export-job": Page(READ, EXPORTS, fill={"pk": "1"}, answers={"GET": (404,), "HEAD": (404,)}),
        "export-job-act": Page(SEND, EXPORTS, fill={"pk": "1"}, answers={"POST": (404,)}),
        "export-job-file": Page(READ, EXPORTS, fill={"pk": "1"}, answers={"GET": (404,), "HEAD": (404,)}),
        # ---- ledgers of before: the file of the world's one was never brought
        "ledgers": Page(FORM, EXCHANGES, answers={"POST": WRONG}),
        "ledger": Page(FORM, EXCHANGES, fill={"pk": "1"}, answers={"GET": (404,), "HEAD": (404,), "POST": (404,)}),
        "ledger-faults": Page(READ, EXCHANGES, fill={"pk": "1"}, answers={"GET": (404,), "HEAD": (404,)}),
        "search": Page(FORM),
        "search-saved": Page(SEND, answers={"POST": DONE}),
        "search-found": Page(FORM, fill={"key": "of-somebody-else"}),
        "search-export": Page(SEND, EXPORTS_CASES, fill={"key": "of-somebody-else"}, answers={"POST": DONE}),
        "notices": Page(FORM),
        "drafts": Page(
            READ,
            fill={"form": StepCode.REGISTER},
        ),
        "draft": Page(
            ("POST", "DELETE"),
            fill={"form": StepCode.REGISTER, "page": "p1"},
            answers={"POST": (400,), "DELETE": (204,)},
        ),
        "help": Page(READ),
        "help-chapter": Page(READ, fill={"name": "clerk"}),
        "help-tour": Page(SEND, answers={"POST": (404,)}),  # tests don't run as a demo
        "procedure": Page(READ),
        "procedure-file": Page(READ, fill={"form": "json"}),
        "calendar": Page(READ),
        # ---- cases
        StepCode.REGISTER: Page(FORM, REGISTERS_CASES),
        "register-similar": Page(SEND, REGISTERS_CASES, answers={"POST": OK}),
        "scans-add": Page(SEND, REGISTERS_CASES, answers={"POST": DONE}),
        "scan-pieces": Page(("GET", "POST"), REGISTERS_CASES, fill={"key": "0" * 32}, answers={"POST": WRONG}),
        # Each has their own only: nobody has this one.
        "scan": Page(READ, REGISTERS_CASES, fill={"key": "0" * 32}, answers={"GET": (404,), "HEAD": (404,)}),
        "scan-page": Page(
            READ, REGISTERS_CASES, fill={"key": "0" * 32, "page": "1"}, answers={"GET": (404,), "HEAD": (404,)}
        ),
        "petition": Page(READ, case=True),
        "label": Page(READ, case=True, adviser=False),
        "original": Page(FORM, case=True, adviser=False, shows=keeps_original, answers={"POST": WRONG}),
        "similar": Page(READ, REGISTERS_CASES, case=True, adviser=False),
        "likely-pairs": Page(READ, frozenset({Role.OFFICE, Role.OFFICE_HEAD})),
        "closed-alike": Page(READ, case=True, adviser=False),
        "matter": Page(READ, case=True, adviser=False),
        "matter-pair": Page(FORM, case=True, adviser=False, answers={"POST": WRONG}),
        "what-next": Page(READ, case=True, answers={"GET": DONE, "HEAD": DONE}),
        "receipt": Page(READ, REGISTERS | {Role.SEALED_OFFICER}, case=True, adviser=False),
        "files-add": Page(SEND, case=True, adviser=False, answers={"POST": WRONG}),  # no file in it
        "file": Page(READ, case=True, adviser=False, fill={"place": "1"}),
        # The first attachment is no mail.
        "file-mail": Page(
            FORM,
            case=True,
            adviser=False,
            fill={"place": "1"},
            answers={"GET": (404,), "HEAD": (404,), "POST": (404,)},
        ),
        # Whether there is a page 1 that can be drawn, the file decides, and none of the policy.
        "file-see": Page(READ, case=True, adviser=False, fill={"place": "1"}),
        "file-page": Page(
            READ,
            case=True,
            adviser=False,
            fill={"place": "1", "page": "1"},
            answers={"GET": (200, 422), "HEAD": (200, 422)},
        ),
        "file-thumbnail": Page(
            READ, case=True, adviser=False, fill={"place": "1"}, answers={"GET": (200, 422), "HEAD": (200, 422)}
        ),
        "file-arrange": Page(SEND, case=True, adviser=False, fill={"place": "1"}),
        "file-reading": Page(READ, case=True, adviser=False, fill={"place": "1"}),
        "file-pieces": Page(("GET", "POST"), case=True, adviser=False, fill={"key": "0" * 32}, answers={"POST": WRONG}),
        # Only a sealed case asks why; any other leads on to itself.
        "sealed-reason": Page(FORM, case=True, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "unmask": Page(FORM, case=True, shows=may_see_identity, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "phone": Page(SEND, case=True, adviser=False, shows=may_call, answers={"POST": DONE}),
        "archive-file": Page(READ, ARCHIVE, case=True, adviser=False),
        "archive-package": Page(
            FORM, ARCHIVE, case=True, adviser=False, shows=may_export, answers={"GET": OK + DONE, "HEAD": OK + DONE}
        ),
        # Every case of the matrix has one paper, issued while it was new.
        "paper-make": Page(SEND, case=True, adviser=False, answers={"POST": DONE}),
        "paper": Page(FORM, case=True, adviser=False, fill={"place": "1"}, answers={"POST": DONE}),
        "paper-versions": Page(READ, case=True, adviser=False, fill={"place": "1"}),
        "paper-page": Page(READ, case=True, adviser=False, fill={"place": "1", "page": "1"}),
        "paper-file": Page(READ, case=True, adviser=False, fill={"place": "1", "form": "pdf"}),
        "paper-preview": Page(READ, case=True, adviser=False, fill={"kind": "registration_sheet"}),
        "paper-preview-page": Page(READ, case=True, adviser=False, fill={"kind": "registration_sheet", "page": "1"}),
        "step": Page(FORM, case=True, each_step=True, adviser=False),
        # ---- the regional system
        "exchange": Page(FORM, EXCHANGES, answers={"POST": WRONG}),
        "exchange-package": Page(FORM, EXCHANGES, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        # ---- the archive room
        "archive": Page(READ, ARCHIVE),
        "archive-kept": Page(READ, ARCHIVE),
        "archive-catalogue": Page(FORM, ARCHIVE, answers={"GET": OK + DONE, "HEAD": OK + DONE}),
        "archive-ending": Page(FORM, ARCHIVE),
        "archive-disposals": Page(FORM, ARCHIVE),
        # ---- decisions about units and staff: one that waits for its second person (`asking.py`)
        "rewards": Page(READ),
        "reward-new": Page(FORM, frozenset({Role.OFFICE_HEAD}), answers={"POST": WRONG}),
        "reward": Page(
            FORM, KNOWS_OF_DECISIONS, fill={"number": f"JC{today().year}-0001"}, answers={"POST": (*WRONG, 404)}
        ),
        "reward-file": Page(READ, READS_DECISIONS, fill={"number": f"JC{today().year}-0001"}),
        # ---- leaders' reception: a day of the principal leader with one booking (`asking.py`)
        "reception": Page(READ, RECEPTION),
        "reception-register": Page(READ, RECEPTION),
        "reception-matters": Page(READ, RECEPTION),
        "reception-day-new": Page(FORM, frozenset({Role.OFFICE, Role.OFFICE_HEAD}), answers={"POST": WRONG}),
        "reception-day": Page(READ, RECEPTION, fill={"pk": "1"}),
        "reception-day-end": Page(
            FORM,
            frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER}),
            fill={"pk": "1"},
            answers={"POST": WRONG},
        ),
        "reception-book": Page(FORM, REGISTERS, fill={"pk": "1"}, answers={"POST": WRONG}),
        # A leader reads the bookings of their own days; the principal leader all, and unmasks none.
        "reception-booking": Page(
            FORM, REGISTERS | {Role.PRINCIPAL_LEADER}, fill={"pk": "1"}, answers={"POST": (*WRONG, 404)}
        ),
        "reception-act": Page(FORM, REGISTERS, fill={"pk": "1", "code": "withdraw"}, answers={"POST": WRONG}),
        "reception-answer": Page(
            FORM, RECEPTION, fill={"pk": "1"}, answers={"GET": (404,), "HEAD": (404,), "POST": (404,)}
        ),
        # ---- urgent events: the one that the duty desk reported (`asking.py`)
        "duty": Page(FORM, AT_THE_DESK, answers={"POST": WRONG}),
        "duty-reported": Page(READ, AT_THE_DESK, fill=EVENT),
        "incidents": Page(READ, ATTENDS),
        "incidents-pressing": Page(READ),
        "incident-new": Page(FORM, ATTENDS, answers={"POST": WRONG}),
        "incident": Page(READ, SEES_EVENTS, fill=EVENT),
        "incident-log": Page(READ, SEES_EVENTS, fill=EVENT),
        "incident-file": Page(READ, SEES_EVENTS, fill={**EVENT, "place": "1"}),
        "incident-report": Page(READ, READS_EVENT_REPORTS, fill=EVENT),
        "incident-report-page": Page(READ, READS_EVENT_REPORTS, fill={**EVENT, "page": "1"}),
        "incident-step": Page(FORM, SEES_EVENTS, fill={**EVENT, "code": "note"}),
        # ---- administration
        "calendar-import": Page(FORM, ADMINISTERS),
        "calendar-template": Page(READ, ADMINISTERS),
        "several": Page(
            FORM,
            frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.UNIT_HEAD}),
            # Without an act it is nothing.
            answers={"GET": (404,), "HEAD": (404,), "POST": (404,)},
        ),
        "phrases": Page(FORM, answers={"POST": WRONG}),
        "categories": Page(READ, ADMINISTERS),
        "categories-import": Page(FORM, ADMINISTERS),
        "people": Page(READ, SEES_PEOPLE),
        "changes": Page(FORM, SEES_CHANGES),
        "unit-new": Page(FORM, SEES_PEOPLE),
        "unit": Page(FORM, SEES_PEOPLE, fill={"code": "funds"}),
        "staff-new": Page(FORM, SEES_PEOPLE),
        "staff": Page(FORM, SEES_PEOPLE, fill={"username": "handler"}),
        "hand-over": Page(FORM, frozenset({Role.OFFICE, Role.OFFICE_HEAD}), fill={"username": "handler"}),
        "settings": Page(FORM, ADMINISTERS),
        "numbers": Page(FORM, SEES_NUMBERS),
        "numbers-what-if": Page(READ, SEES_NUMBERS),
        # For people who may say that the clock is right; sent while nobody asks, it leads back.
        "time": Page(FORM, frozenset({Role.SYSTEM_ADMINISTRATOR})),
        "status": Page(READ, frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})),
        "wordings": Page(READ, ADMINISTERS),
        "wording": Page(FORM, ADMINISTERS, fill={"kind": "acceptance_notice"}, answers={"POST": WRONG}),
        "wording-page": Page(READ, ADMINISTERS, fill={"kind": "acceptance_notice", "page": "1"}),
        "log": Page(READ, frozenset({Role.AUDITOR})),
        "looks": Page(READ, frozenset({Role.AUDITOR})),
        "admin-log": Page(READ, frozenset({Role.AUDITOR})),
    }
)

_ABOUT_NO_PAPER = (StepCode.CONSENT_ELECTRONIC, StepCode.TAKE_DELIVERY)
STEPS_OF_PAPERS = frozenset(c for c, step in STEPS.items() if step.rule.group == "文书" and c not in _ABOUT_NO_PAPER)
"""Taken on the page of their paper: the address of the step leads there."""
STEPS_OF_STAFF = frozenset(
    code
    for code, step in STEPS.items()
    if not step.rule.new
    and code not in (StepCode.ATTACH, *STEPS_OF_PAPERS)
    and any(set(w.roles) - {Role.PETITIONER, Role.SYSTEM} for w in step.rule.who)
)
"""Registration and attaching have addresses of their own; what only a petitioner or the sweep does has none."""
STEPS_OF_THE_ADVISER = (StepCode.GIVE_LEGAL_ADVICE,)


def only_advises(actor: Actor, facts: Facts) -> bool:
    """Whether this person sees the case for no other reason than a draft sent to them for advice."""
    others = Actor(actor.code, actor.name, tuple(d for d in actor.duties if d.role is not Role.LEGAL_ADVISER))
    return may_see(actor, facts) and not may_see(others, facts)


def exists_for(page: Page, actor: Actor | None, facts: Facts | None, code: str = "") -> bool:
    """Whether somebody signed in finds this page, for this case and step where it is about one."""
    if page.who and (actor is None or not actor.has(*page.who)):
        return False
    if not page.case:
        return True
    if actor is None or facts is None or not may_see(actor, facts):
        return False
    if page.shows and not page.shows(actor, facts):
        return False
    if page.each_step and code not in STEPS_OF_STAFF | STEPS_OF_PAPERS:
        return False
    return page.adviser or not only_advises(actor, facts) or code in STEPS_OF_THE_ADVISER


def may_take(actor: Actor, facts: Facts, code: str) -> bool:
    """Whether this person is one of those who take this step (or confirm it, where it waits for a second person)."""
    rule = STEPS[code].rule
    who = rule.then if code in facts.pending else rule.who
    return any(w.includes(actor, facts) for w in who)
