"""The path of each demo petition: which steps, by whom, on which days. It only plans; `load` performs the plan."""

from datetime import date, timedelta

from xinfang.operations.demo.people import DemoStaff
from xinfang.operations.demo.step_answers import DemoPetition, DemoStep, StepAnswers
from xinfang.procedure.calendar import Calendar

_TO_THE_REVIEW = ["take_as_review", "propose", "instruct", "accept_review"]
_TO_THE_ARCHIVE = ["attach", "submit_archive", "accept_archive"]
_BEFORE = {
    # What comes after the register, until the matter is accepted or leaves the path: code → days after receipt.
    "registered": [],
    "classified": ["classify"],
    "proposed": ["classify", "propose"],
    "sent_back": ["classify", "propose", "send_proposal_back"],
    "instructed": ["classify", "propose", "instruct"],
    "redirected": ["classify", "redirect"],
    "objected": ["object"],
    "returned": ["object", "objection_upheld"],
    "objection_rejected": ["object", "objection_rejected"],
    "forwarded": ["classify", "forward"],
    "routed": ["classify", "route"],
    "declined": ["classify", "decline"],
    "filing": ["classify", "file_without_action"],
    "filed": ["classify", "link_repeat", "link_repeat+", "file_without_action", "file_without_action+"],
    "filed_archived": [
        "classify",
        "link_repeat",
        "link_repeat+",
        "file_without_action",
        "file_without_action+",
        *_TO_THE_ARCHIVE,
    ],
    "reopened": ["classify", "file_without_action", "file_without_action+", "reopen"],
    "handed_over": ["classify", "hand_over"],
    "refused_further": ["classify", "refuse_further", "refuse_further+"],
    "withdrawn": ["classify", "withdraw"],
    "repeat_linked": ["classify", "link_repeat", "link_repeat+"],
    # This department performs what is in its own power.
    "duty_in_hand": ["classify", "propose", "instruct", "accept_duty", "refer", "sign_for"],
    # This department reviews the opinion of a city's bureau.
    "review_accepted": _TO_THE_REVIEW,
    "review_served": [
        *_TO_THE_REVIEW,
        "draft_review",
        "review_reply",
        "seek_legal_advice",
        "give_legal_advice",
        "sign_reply",
        "issue_reply",
        "serve",
    ],
    "answered": ["classify", "refer", "sign_for", "acknowledge", "study", "answer"],
    "answered_simply": ["classify", "accept_simply", "refer", "sign_for", "answer"],
    "answered_archived": ["classify", "refer", "sign_for", "acknowledge", "study", "answer", *_TO_THE_ARCHIVE],
}
SECOND_MOVES = ("link_repeat", "file_without_action", "refuse_further", "recuse", "close")
"""Steps whose second person has a day of their own, here and below; to all others they agree soon."""
_TO_ACCEPTANCE = ["classify", "propose", "instruct"]
_ROAD = [
    # After acceptance: code, days after acceptance when nothing hurries, and what is then reached.
    ("accept", 0, "accepted"),
    ("refer_or_assign", 1, "assigned"),
    ("sign_for", 2, "signed"),
    ("talk", 8, "talked"),
    ("draft_reply", 22, "drafted"),
    ("review_reply", 26, "reviewed"),
    ("seek_legal_advice", 30, "advice_sought"),
    ("give_legal_advice", 36, "advised"),
    ("sign_reply", 40, "signed_reply"),
    ("issue_reply", 43, "replied"),
    ("serve", 48, "served"),
    ("carry_out", 55, ""),
    ("close", 60, "closing"),
    ("close+", 62, "closed"),
    ("attach", 69, ""),
    ("submit_archive", 70, "archiving"),
    ("accept_archive", 76, "archived"),
]
_ASIDE = {
    # Off the path: the place on it that is passed first, then the steps.
    "promised": ("talked", [("promise_reply", 30)]),
    "extension_requested": ("talked", [("request_extension", 50)]),
    "extended": ("talked", [("request_extension", 48), ("grant_extension", 52)]),
    "supervised": ("talked", [("supervise", 46)]),
    "recused": ("signed", [("recuse", 6), ("recuse+", 8)]),
    "first_review": ("served", [("request_first_review", 60), ("follow_request", 61), ("first_review", 85)]),
}


def codes_of(petition: DemoPetition) -> list[tuple[str, int, bool]]:
    """Return the steps after registration as (code, days after receipt or acceptance, whether acceptance comes first).

    Raises:
        ValueError: the data names a reach that isn't known.
    """
    reach = petition["reach"]
    if reach in _BEFORE:
        codes = _BEFORE[reach]
        if not petition.get("repeat_of"):
            codes = [c for c in codes if not c.startswith("link_repeat")]
        if petition.get("purpose") == "consultation":
            codes = [c for c in codes if c != "study"]
        return [(c, 1 + 2 * i, False) for i, c in enumerate(codes)]
    place, aside = _ASIDE.get(reach, (reach, []))
    if place not in [p for _, _, p in _ROAD]:
        raise ValueError(f"{petition['key']}: unknown reach {reach!r}")
    steps = [(c, 1 + 2 * i, False) for i, c in enumerate(_TO_ACCEPTANCE)]
    for code, days, reached in _ROAD:
        if code == "carry_out":
            supported = [f["request"] for f in petition["findings"] if f["conclusion"] == "support"]
            steps += [(f"carry_out:{n}", days, True) for n in supported if "carried_out" in petition]
        else:
            steps.append((code, days, True))
        if reached == place:
            break
    return steps + [(c, d, True) for c, d in aside]


def plan(
    petition: DemoPetition, cast: DemoStaff, today: date, calendar: Calendar, numbers: dict[str, str]
) -> list[tuple[date, DemoStep]]:
    """Return every step of a petition with its day: on working days, in order, none after today."""
    start = calendar.last_working_day_until(today - timedelta(days=petition["days_ago"]))
    end = calendar.last_working_day_until(today)
    accepted = min(end, calendar.last_working_day_until(today - timedelta(days=petition.get("accepted_days_ago", 0))))
    steps = codes_of(petition)
    makers = StepAnswers(petition, cast, today, numbers)
    has_acceptance = any(after for _, _, after in steps)
    moves = [(start, makers.register())]
    if petition["reach"] != "registered" and petition["matter_class"] != "report":
        moves.append((min(end, calendar.next_working_day_from(start + timedelta(days=1))), makers.enter_regional()))
    day = start
    for code, offset, after in steps:
        begin, until = (accepted, end) if after else (start, accepted if has_acceptance else end)
        longest = max(o for _, o, a in steps if a == after) or 1
        room = (until - begin).days
        wanted = begin + timedelta(days=offset if longest <= room else offset * room // longest)
        day = max(day, min(until, calendar.next_working_day_from(wanted)))
        moves.append((day, makers.make(code)))
    return moves
