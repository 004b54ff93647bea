"""Every number of the procedure, once, with its article. Days are calendar days unless the name says working days.

A change of the law is one entry here, beside the number that it changes:
`later=(LimitVersion(date(2027, 1, 1), 45, DAYS, (REGULATION[34],)),)`.
"""

from xinfang.procedure.articles import (
    ALL_ARTICLES,
    DISCLOSURE_RULES,
    HOUSE_RULES,
    LITIGATION_LAW,
    RECONSIDERATION_LAW,
    REGULATION,
)

from .dated_limits import DAYS, MINUTES, MONTHS, WORKING, Limit

CHOSEN_BY_DEPARTMENT = ALL_ARTICLES["D"]

NOTICE = Limit("notice", 15, DAYS, (REGULATION[23],))
OBJECTION = Limit("objection", 5, WORKING, (HOUSE_RULES[8], REGULATION[23]))
HANDLING = Limit("handling", 60, DAYS, (HOUSE_RULES[13], REGULATION[34]))
EXTENSION = Limit("extension", 30, DAYS, (HOUSE_RULES[13], REGULATION[34]))
EXTENSIONS = Limit("extensions", 1, "次", (HOUSE_RULES[13], REGULATION[34]))
REQUEST_FIRST_REVIEW = Limit("request_first_review", 30, DAYS, (REGULATION[35],))
REQUEST_FINAL_REVIEW = Limit("request_final_review", 30, DAYS, (REGULATION[36],))
FIRST_REVIEW = Limit("first_review", 30, DAYS, (REGULATION[35],))
OWN_REVIEW = Limit("own_review", 30, DAYS, (REGULATION[35],))
"""The review of another body's opinion by this department."""
OWN_DUTY = Limit("own_duty", 2, MONTHS, (REGULATION[31], LITIGATION_LAW[47]))
"""A matter that the department performs or answers under the law that governs it, in its own power."""
ADMINISTRATIVE_RECONSIDERATION = Limit("administrative_reconsideration", 60, DAYS, (RECONSIDERATION_LAW[20],))
LITIGATION = Limit("litigation", 6, MONTHS, (LITIGATION_LAW[46],))
DISCLOSURE = Limit("disclosure", 20, WORKING, (DISCLOSURE_RULES[33],))
"""A request for information is answered under its own rules, outside this system."""
FINAL_REVIEW = Limit("final_review", 30, DAYS, (REGULATION[36],))
SIMPLE_ACCEPTANCE = Limit("simple_acceptance", 3, WORKING, (ALL_ARTICLES["S4"],))
SIMPLE_HANDLING = Limit("simple_handling", 10, WORKING, (ALL_ARTICLES["S4"],))
REPRESENTATIVES = Limit("representatives", 5, "人", (REGULATION[20],))
GROUP_VISIT = Limit("group_visit", 5, "人", (HOUSE_RULES[15], CHOSEN_BY_DEPARTMENT), setting=True)
SUGGESTION = Limit("suggestion", 60, DAYS, (REGULATION[29], CHOSEN_BY_DEPARTMENT), setting=True)
BUREAU_ADVICE = Limit("bureau_advice", 30, DAYS, (REGULATION[40], CHOSEN_BY_DEPARTMENT), setting=True)
SUPERVISION = Limit("supervision", 7, DAYS, (REGULATION[40], CHOSEN_BY_DEPARTMENT), setting=True)
WARN_HEAD = Limit("warn_head", 7, DAYS, (HOUSE_RULES[6], CHOSEN_BY_DEPARTMENT), setting=True)
WARN_LEADER = Limit("warn_leader", 3, DAYS, (HOUSE_RULES[4], CHOSEN_BY_DEPARTMENT), setting=True)
TELL_PRINCIPAL = Limit("tell_principal", 10, DAYS, (HOUSE_RULES[5], REGULATION[40], CHOSEN_BY_DEPARTMENT), setting=True)
SECOND_PERSON = Limit("second_person", 2, WORKING, (HOUSE_RULES[5], REGULATION[28], CHOSEN_BY_DEPARTMENT), setting=True)
"""So long a step waits for its second person before others are told; twice and three times as long, the leaders."""
RESUBMIT = Limit("resubmit", 7, DAYS, (HOUSE_RULES[6], REGULATION[40], CHOSEN_BY_DEPARTMENT), setting=True)
ASSIST = Limit("assist", 15, DAYS, (HOUSE_RULES[6], REGULATION[40], CHOSEN_BY_DEPARTMENT), setting=True)
ARCHIVE = Limit("archive", 30, DAYS, (HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT), setting=True)
RATING = Limit("rating", 30, DAYS, (REGULATION[21], CHOSEN_BY_DEPARTMENT), setting=True)
REGIONAL_ENTRY = Limit(
    "regional_entry", 3, WORKING, (HOUSE_RULES[5], REGULATION[21], CHOSEN_BY_DEPARTMENT), setting=True
)
REPORT_HAND_OVER = Limit(
    "report_hand_over", 15, DAYS, (REGULATION[22], REGULATION[23], CHOSEN_BY_DEPARTMENT), setting=True
)
"""N22 gives the petition bureaus 15 days to pass a report on, N23 the department 15 days to say what it does with a
petition; of a report in the department's hands the text says no number, so the department takes the same."""
RECONSIDERATION = Limit("reconsideration", 15, DAYS, (REGULATION[44], CHOSEN_BY_DEPARTMENT), setting=True)
"""No text gives a term for looking once more at 存信, 不予受理 or 认定重复: as long as the first decision has (N23)."""
LEGAL_ADVICE = Limit("legal_advice", 5, WORKING, (HOUSE_RULES[13], CHOSEN_BY_DEPARTMENT), setting=True)
INCIDENT_OFFICE = Limit("incident_office", 5, MINUTES, (HOUSE_RULES[16], CHOSEN_BY_DEPARTMENT), setting=True)
INCIDENT_LEADER = Limit(
    "incident_leader", 15, MINUTES, (HOUSE_RULES[15], HOUSE_RULES[16], CHOSEN_BY_DEPARTMENT), setting=True
)

EXPORT_APPROVAL = Limit("export_approval", 7, DAYS, (CHOSEN_BY_DEPARTMENT,), setting=True)
"""How long an agreement to export personal data may be used, once."""
PUBLIC_NOTICE = Limit("public_notice", 30, DAYS, (HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT), setting=True)
"""A public notice counts as service after this many days, as in court (民事诉讼法)."""

ALL_LIMITS = tuple(v for v in list(vars().values()) if isinstance(v, Limit))
BY_CODE = {limit.code: limit for limit in ALL_LIMITS}

MAX_REPLY_CHARACTERS = 400_000
"""Characters of a reply's whole text, as it is signed."""
MAX_TEXT_CHARACTERS = 20_000
"""Characters of one long text; a longer one belongs in an attachment."""
MAX_LINE_CHARACTERS = 200
"""Characters of one line (a name, a subject, a document number)."""
