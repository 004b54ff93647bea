"""Every number of the procedure, once, with its article. Days are calendar days unless the name says working days."""

from dataclasses import dataclass

from .articles import ALL, HOUSE, NATIONAL, Article


@dataclass(frozen=True, slots=True)
class Limit:
    """A number the law or the department sets.

    `value` is in `unit` (日 calendar days, 个工作日 working days, 分钟 minutes, 人 persons, 次 times).
    `setting` is true where the text gives no number and the department chooses one.
    """

    code: str
    value: int
    unit: str
    cites: tuple[Article, ...]
    setting: bool = False

    def __str__(self) -> str:
        return f"{self.value}{self.unit}"


DAYS, WORKING, MINUTES = "日", "个工作日", "分钟"
CHOSEN = ALL["D"]

NOTICE = Limit("notice", 15, DAYS, (NATIONAL[23],))
OBJECTION = Limit("objection", 5, WORKING, (HOUSE[8], NATIONAL[23]))
HANDLING = Limit("handling", 60, DAYS, (HOUSE[13], NATIONAL[34]))
EXTENSION = Limit("extension", 30, DAYS, (HOUSE[13], NATIONAL[34]))
EXTENSIONS = Limit("extensions", 1, "次", (HOUSE[13], NATIONAL[34]))
REQUEST_FIRST_REVIEW = Limit("request_first_review", 30, DAYS, (NATIONAL[35],))
REQUEST_FINAL_REVIEW = Limit("request_final_review", 30, DAYS, (NATIONAL[36],))
FIRST_REVIEW = Limit("first_review", 30, DAYS, (NATIONAL[35],))
FINAL_REVIEW = Limit("final_review", 30, DAYS, (NATIONAL[36],))
SIMPLE_ACCEPTANCE = Limit("simple_acceptance", 3, WORKING, (ALL["S4"],))
SIMPLE_HANDLING = Limit("simple_handling", 10, WORKING, (ALL["S4"],))
REPRESENTATIVES = Limit("representatives", 5, "人", (NATIONAL[20],))
GROUP_VISIT = Limit("group_visit", 5, "人", (HOUSE[15], CHOSEN), setting=True)
SUGGESTION = Limit("suggestion", 60, DAYS, (NATIONAL[29], CHOSEN), setting=True)
SUPERVISION = Limit("supervision", 7, DAYS, (NATIONAL[40], CHOSEN), setting=True)
WARN_HEAD = Limit("warn_head", 7, DAYS, (HOUSE[6], CHOSEN), setting=True)
WARN_LEADER = Limit("warn_leader", 3, DAYS, (HOUSE[4], CHOSEN), setting=True)
TELL_PRINCIPAL = Limit("tell_principal", 10, DAYS, (HOUSE[5], NATIONAL[40], CHOSEN), setting=True)
RESUBMIT = Limit("resubmit", 7, DAYS, (HOUSE[6], NATIONAL[40], CHOSEN), setting=True)
ASSIST = Limit("assist", 15, DAYS, (HOUSE[6], NATIONAL[40], CHOSEN), setting=True)
ARCHIVE = Limit("archive", 30, DAYS, (HOUSE[14], CHOSEN), setting=True)
RATING = Limit("rating", 30, DAYS, (NATIONAL[21], CHOSEN), setting=True)
REGIONAL_ENTRY = Limit("regional_entry", 3, WORKING, (HOUSE[5], NATIONAL[21], CHOSEN), setting=True)
LEGAL_ADVICE = Limit("legal_advice", 5, WORKING, (HOUSE[13], CHOSEN), setting=True)
INCIDENT_OFFICE = Limit("incident_office", 5, MINUTES, (HOUSE[16], CHOSEN), setting=True)
INCIDENT_LEADER = Limit("incident_leader", 15, MINUTES, (HOUSE[15], HOUSE[16], CHOSEN), setting=True)

REPLY_MAX = 400_000
"""Characters of a reply's whole text, as it is signed."""
TEXT_MAX = 20_000
"""Characters of one long text; a longer one belongs in an attachment."""
LINE_MAX = 200
"""Characters of one line (a name, a subject, a document number)."""
