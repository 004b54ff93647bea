"""Which section of the manual each page leads to: by its route, by its step, and on the first page by one's duty."""

from collections.abc import Mapping

from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS

from .chapters import chapters

MORNINGS = ("clerk", "leader", "head", "handler", "archive", "duty", "auditor")
"""Chapters with a section about what to look at first; a person with several duties gets the first of theirs."""
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "all-sign-in": ("login", "login-code", "second-factor", "confirm"),
    "all-inbox": ("inbox",),
    "all-lists": ("several", "registers", "list-export", "export-job", "export-job-file"),
    "all-case": ("petition", "what-next"),
    "all-papers": ("papers", "papers-batch", "paper", "paper-versions", "paper-preview"),
    "all-files": ("file-see", "file-mail", "label", "original", "file-reading", "scan"),
    "all-search": ("petitions", "search", "search-found", "boards"),
    "all-people": ("unmask",),
    "all-account": ("account", "password", "notices", "drafts", "undelivered"),
    "all-reference": (
        "procedure",
        "calendar",
        "numbers",
        "numbers-what-if",
        "phrases",
        "rewards",
        "reward-new",
        "reward",
    ),
    "all-trouble": ("help", "help-chapter"),
    "clerk-register": (
        "register",
        "receipt",
        "told",
        "counter-sheet",
        "scan-pieces",
        "similar",
        "matter",
        "matter-pair",
        "likely-pairs",
        "closed-alike",
    ),
    "clerk-flood": ("clearing",),
    "clerk-mailbox": ("mails", "mail", "mail-raw"),
    "clerk-exchange": ("exchange", "exchange-package"),
    "clerk-supervision": ("supervision",),
    "clerk-reception": (
        *("reception", "reception-day", "reception-day-new", "reception-day-end", "reception-book"),
        *("reception-booking", "reception-act", "reception-answer", "reception-matters", "reception-register"),
    ),
    "clerk-ledgers": ("ledgers", "ledger", "ledger-faults"),
    "clerk-figures": (
        "figures",
        "figures-cases",
        "figures-report",
    ),
    "clerk-settings": ("settings", "wordings", "wording", "calendar-import", "categories", "categories-import"),
    "clerk-head": ("exports", "hand-over"),
    "leader-overview": ("sample",),
    "archive-accept": ("archive", "archive-file"),
    "archive-kept": ("archive-kept", "archive-catalogue", "archive-package"),
    "archive-ending": ("archive-ending", "archive-disposals"),
    "duty-report": ("duty", "duty-reported"),
    "duty-incident": ("incidents", "incident-new", "incident", "incident-log", "incident-step"),
    "duty-written": ("incident-report",),
    "auditor-log": ("log", "looks", "admin-log"),
    "sealed-cases": ("sealed-reason",),
    "admin-people": ("people", "changes", "unit-new", "unit", "staff-new", "staff"),
    "admin-settings": ("time",),
    "admin-status": ("status",),
}
"""Routes of each section."""
STEP_SECTIONS: Mapping[str, tuple[StepCode, ...]] = {
    "clerk-register": (StepCode.REGISTER, StepCode.SUPPLEMENT, StepCode.CORRECT),
    "clerk-accept": (
        *(StepCode.ACCEPT, StepCode.ASSIGN, StepCode.REFER, StepCode.ACKNOWLEDGE, StepCode.ACCEPT_DUTY),
        *(StepCode.REDIRECT, StepCode.OBJECT, StepCode.ROUTE, StepCode.FORWARD, StepCode.DECLINE),
    ),
    "clerk-issue": (StepCode.ISSUE_REPLY,),
    "clerk-petitioner": (
        *(StepCode.LEAVE_MESSAGE, StepCode.ANSWER_MESSAGE, StepCode.CONSENT_ELECTRONIC, StepCode.WITHDRAW),
    ),
    "clerk-exchange": (StepCode.ENTER_REGIONAL,),
    "clerk-supervision": (StepCode.SUPERVISE,),
    "leader-instruct": (StepCode.INSTRUCT, StepCode.READ_SHEET, StepCode.CHANGE_LEADER),
    "leader-sign": (StepCode.SIGN_REPLY,),
    "leader-close": (StepCode.GRANT_EXTENSION, StepCode.DECIDE_MEETING),
    "leader-overview": (StepCode.SPOT_CHECK,),
    "head-sign-for": (StepCode.SIGN_FOR, StepCode.SEND_BACK, StepCode.CHANGE_HANDLER, StepCode.RECUSE),
    "head-review": (StepCode.REVIEW_REPLY,),
    "head-extension": (StepCode.REQUEST_EXTENSION, StepCode.ANSWER_SUPERVISION, StepCode.LEAVE_SIMPLE),
    "head-close": (StepCode.CLOSE,),
    "handler-talk": (StepCode.TALK, StepCode.PROMISE_REPLY, StepCode.SETTLE_ON_THE_SPOT),
    "handler-draft": (
        *(StepCode.DRAFT_REPLY, StepCode.SEEK_LEGAL_ADVICE, StepCode.ANSWER),
        *(StepCode.DRAFT_DUTY_REPLY, StepCode.DRAFT_REVIEW),
    ),
    "handler-serve": (
        *(StepCode.SERVE, StepCode.SERVICE_FAILED, StepCode.CARRY_OUT, StepCode.MEDIATE, StepCode.HOLD_HEARING),
    ),
    "handler-archive": (StepCode.SUBMIT_ARCHIVE,),
    "adviser-advice": (StepCode.GIVE_LEGAL_ADVICE,),
    "archive-accept": (StepCode.ACCEPT_ARCHIVE, StepCode.RETURN_ARCHIVE),
    "archive-ending": (StepCode.CHANGE_RETENTION, StepCode.DESTROY),
    "sealed-cases": (StepCode.HAND_OVER, StepCode.SEAL, StepCode.UNSEAL),
}
"""Steps that a section is about."""
GROUP_SECTIONS: Mapping[str, str] = {
    "来件": "clerk-classify",
    "甄别": "clerk-classify",
    "办理": "all-form",
    "答复": "handler-draft",
    "回访帮扶": "handler-serve",
    "结案归档": "handler-archive",
    "复查复核": "clerk-review",
    "本厅复查": "clerk-review",
    "依法履职": "handler-draft",
    "监督": "all-form",
    "奖惩": "all-form",
    "附件": "all-files",
    "文书": "all-papers",
}
"""Every other step leads to the section of its group."""
_BY_ROUTE = {route: section for section, routes in SECTIONS.items() for route in routes}
_BY_STEP: dict[str, str] = {code: section for section, codes in STEP_SECTIONS.items() for code in codes}


def section_of(route: str, code: str, actor: Actor) -> str:
    """Return the section for a page: of its step, of its route, or of this person's morning; the contents else."""
    if route == "inbox":
        mine = {c.name for c in chapters() if c.is_for(actor)}
        return next((f"{name}-morning" for name in MORNINGS if name in mine), "all-inbox")
    if route == "step" and code in STEPS:
        return section_of_step(code)
    return _BY_ROUTE.get(route, "")


def section_of_step(code: str) -> str:
    """Return the section about a step."""
    return _BY_STEP.get(code) or GROUP_SECTIONS[STEPS[code].rule.group]
