"""What events hold in plain, as it was looked at: another plain field that is declared fails here first.

Plain are state, days, route, clocks, units, who may see, and the numbers and digests by which events are counted and
proven. A text that a person types comes in here only with a reason in docs/decisions/0021-events-withhold-free-text.md.
"""

from xinfang.procedure.printed_plain_fields import SECOND_PERSON, as_plain_list, plain_answers_by_step
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS

PLAIN = {
    "register": (
        "channel source received_on told_orally persons.kind persons.role persons.foreign "
        "persons.translate anonymous group_size category sender_date feedback_due complained_units "
        "complained_staff"
    ),
    "import_history": (
        "channel source received_on told_orally persons.kind persons.role persons.foreign "
        "persons.translate anonymous group_size category sender_date feedback_due complained_units "
        "complained_staff file_digest"
    ),
    "link_repeat": "first same_person same_matter",
    "unlink_repeat": "",
    "supplement": "contact_clear",
    "correct": "what public_value",
    "withdraw": "",
    "enter_regional": "entered_on",
    "classify": "matter_class route purpose simple",
    "redirect": "told_on",
    "object": "",
    "objection_upheld": "answered_on",
    "objection_rejected": "answered_on",
    "forward": "told_on",
    "route": "decline told_on",
    "file_without_action": "ground petitioner_told",
    "reopen": "",
    "hand_over": "",
    "refuse_further": "same_facts",
    "propose": "unit leader to_principal",
    "instruct": "agree handling_unit assisting_units responsible_leader paper_leader instructed_on",
    "accept": "accepted_on handling_unit assisting_units responsible_leader",
    "acknowledge": "told_on",
    "refer": "handling_unit assisting_units",
    "assign": "handling_unit assisting_units feedback_on",
    "sign_for": "handler",
    "send_back": "",
    "talk": "talked_on",
    "settle_on_the_spot": "",
    "promise_reply": "promised_on",
    "ask_to_meet": "leader",
    "decide_meeting": "agree",
    "seek_legal_advice": "adviser",
    "give_legal_advice": "",
    "mediate": "held_on both_consent agreed",
    "hold_hearing": "held_on both_consent",
    "request_extension": "days",
    "grant_extension": "days agree",
    "leave_simple": "",
    "answer": "adopted answered_on",
    "draft_reply": "findings.request findings.conclusion disposition",
    "review_reply": "agree",
    "sign_reply": "agree digest",
    "issue_reply": "document_number in_departments_name review_right_printed",
    "serve": "served_on method receipt",
    "carry_out": "request done_on",
    "close": "review_rights_told",
    "submit_archive": "complete pages",
    "accept_archive": "volume retention",
    "return_archive": "",
    "change_retention": "retention",
    "destroy": "",
    "request_first_review": "requested_on arrived_on",
    "first_review": "decided_on result served_on reviewer",
    "request_final_review": "requested_on arrived_on",
    "final_review": "decided_on result served_on reviewer hearing_days",
    "supervise": "ground feedback_on",
    "answer_supervision": "",
    "recuse": "person",
    "change_leader": "leader",
    "change_handler": "handler",
    "report_up": "completion reported_on",
    "rate": "office_rating unit_rating",
    "suggest_commendation": "",
    "attach": "what kind kilobytes digest",
    "withdraw_attachment": "attachment",
    "make_paper": "kind owed_by digest",
    "submit_paper": "paper digest",
    "check_paper": "paper agree",
    "sign_paper": "paper agree",
    "revise_paper": "paper",
    "issue_paper": "paper pages pdf word",
    "serve_paper": "paper served_on method receipt",
    "withdraw_paper": "paper",
    "warn": "clock due level",
    "mark_overdue": "clock due",
    "escalate": "clock due why told",
    "recompute_deadline": "clock was due why",
    "second_person": "agree",
}
TEXTS = {
    "link_repeat.first": "the number of another case: the system looks it up and refuses anything else",
    "import_history.file_digest": "SM3 of the file it came in",
    "correct.public_value": "a day, or one of several words; a text goes into text_value",
    "sign_reply.digest": "SM3 of what was signed",
    "issue_reply.document_number": "so that no number is given twice between the step and its paper",
    "accept_archive.volume": "the number under which the archive room keeps the file",
    "attach.kind": "the type of a file, found by the system",
    "attach.digest": "SM3 of the file",
    "make_paper.digest": "SM3 of what was signed",
    "submit_paper.digest": "SM3 of what was submitted",
    "issue_paper.pdf": "SM3 of what was issued",
    "issue_paper.word": "SM3 of what was issued",
    "warn.clock": "a code",
    "warn.level": "one of several words of the system",
    "mark_overdue.clock": "a code",
    "escalate.clock": "a code",
    "escalate.why": "a sentence of the system about a clock",
    "recompute_deadline.clock": "a code",
    "recompute_deadline.why": "a sentence of the system about a year",
}
"""Of these the ones that are texts at all, each with what it is and why it stays."""


def test_this_and_nothing_else_is_plain() -> None:
    assert {code: " ".join(fields) for code, fields in plain_answers_by_step().items()} == PLAIN


def test_every_plain_text_has_a_reason() -> None:
    plain = {
        f"{code}.{s.name}"
        for code, cls in {**STEPS, SECOND_PERSON: SecondPerson}.items()
        for shape in step_schema(cls)
        for s in (step_schema(shape.item) if shape.kind == "list" else (shape,))
        if s.kind in ("line", "text") and not s.withheld
    }
    assert plain == set(TEXTS)


def test_the_printed_list_names_every_step() -> None:
    printed = as_plain_list()
    for code, cls in STEPS.items():
        assert f"{cls.rule.label}（{code}）：" in printed
    assert "反馈内容" not in printed and "信访人的电话" not in printed and "撤回（withdraw）：无" in printed
    assert "信访人的身份" in printed
