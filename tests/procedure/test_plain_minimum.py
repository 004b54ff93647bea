"""What events hold in plain, as it was looked at: another plain field that is declared fails here first.

Plain are state, days, route, clocks, units, who may see, and the numbers and digests by which events are counted and
proven. A text that a person types comes in here only with a reason in docs/decisions/0021-events-withhold-free-text.md.
"""

from xinfang.procedure.printed_plain_fields import SECOND_PERSON, as_plain_list, plain_answers_by_step
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS

PLAIN = {
    StepCode.REGISTER: (
        "overseer sealed_overseer secrecy channel source received_on told_orally persons.kind persons.role "
        "persons.foreign persons.translate anonymous group_size category sender_date feedback_due complained_units "
        "complained_staff part_of letter_class.matter_class letter_class.route letter_class.purpose "
        "letter_class.competence letter_class.simple letter_accepted_on letter_sent_back_on letter_extended"
    ),
    StepCode.IMPORT_HISTORY: (
        "overseer sealed_overseer secrecy channel source received_on told_orally persons.kind persons.role "
        "persons.foreign persons.translate anonymous group_size category sender_date feedback_due complained_units "
        "complained_staff part_of letter_class.matter_class letter_class.route letter_class.purpose "
        "letter_class.competence letter_class.simple letter_accepted_on letter_sent_back_on letter_extended "
        "file_digest brought_by"
    ),
    StepCode.UNDO_IMPORT: "undone_by",
    StepCode.LINK_REPEAT: "first same_person same_matter",
    StepCode.UNLINK_REPEAT: "",
    StepCode.JOIN_FIRST: "first_is_handled",
    StepCode.HANDLE_APART: "",
    StepCode.ANSWER_WITH_FIRST: "requests first_is_answered answered_on",
    StepCode.SPLIT_OFF: "requests attachments part",
    StepCode.TELL_PARTS: "all_directed",
    StepCode.SUPPLEMENT: "contact_clear persons.kind persons.role persons.foreign persons.translate attachment",
    StepCode.RECORD_DEATH: "person died_on attachment",
    StepCode.CORRECT: (
        "what person request new_day new_number new_channel new_source new_role new_category new_living "
        "public_value old_value"
    ),
    StepCode.WITHDRAW: "persons attachment",
    StepCode.ENTER_REGIONAL: "entered_on",
    StepCode.CLASSIFY: "matter_class route purpose competence simple",
    StepCode.REDIRECT: "",
    StepCode.OBJECT: "",
    StepCode.OBJECTION_UPHELD: "answered_on attachment",
    StepCode.OBJECTION_REJECTED: "answered_on no_answer",
    StepCode.FORWARD: "listed",
    StepCode.ROUTE: "",
    StepCode.DECLINE: "ground attachment listed",
    StepCode.DISCLOSE: "information_only",
    StepCode.COORDINATE: "held_on question",
    StepCode.FILE_WITHOUT_ACTION: "ground attachment answered",
    StepCode.REOPEN: "",
    StepCode.CONSENT_ELECTRONIC: "agree persons attachment",
    StepCode.TAKE_DELIVERY: "paper persons",
    StepCode.LEAVE_MESSAGE: "kind channel left_on",
    StepCode.ANSWER_MESSAGE: "message outcome meant",
    StepCode.REQUEST_RECONSIDERATION: "against asked_on attachment",
    StepCode.DECIDE_RECONSIDERATION: "agree",
    StepCode.HAND_OVER: "asked",
    StepCode.SEAL: "",
    StepCode.UNSEAL: "asked",
    StepCode.REFUSE_FURTHER: "same_facts attachment on_record",
    StepCode.PROPOSE: "unit leader to_principal",
    StepCode.INSTRUCT: "agree handling_unit assisting_units responsible_leader paper_leader attachment instructed_on",
    StepCode.CIRCULATE_SHEET: "readers",
    StepCode.READ_SHEET: "",
    StepCode.ACCEPT: "accepted_on handling_unit assisting_units responsible_leader told_by",
    StepCode.ACKNOWLEDGE: "",
    StepCode.REFER: "handling_unit assisting_units",
    StepCode.ASSIGN: "handling_unit assisting_units feedback_on",
    StepCode.SIGN_FOR: "handler",
    StepCode.SEND_BACK: "",
    StepCode.TALK: "talked_on missed answered",
    StepCode.SETTLE_ON_THE_SPOT: "",
    StepCode.PROMISE_REPLY: "promised_on",
    StepCode.ASK_TO_MEET: "leader",
    StepCode.DECIDE_MEETING: "agree",
    StepCode.SEEK_LEGAL_ADVICE: "adviser",
    StepCode.GIVE_LEGAL_ADVICE: "",
    StepCode.MEDIATE: "held_on both_consent agreed",
    StepCode.HOLD_HEARING: "held_on notified_on attended",
    StepCode.REQUEST_EXTENSION: "days",
    StepCode.GRANT_EXTENSION: "days agree",
    StepCode.LEAVE_SIMPLE: "",
    StepCode.STUDY: "studied_on",
    StepCode.ANSWER: "told_by adoption conclusion answered_on refuses_nothing",
    StepCode.DRAFT_REPLY: "findings.request findings.conclusion disposition",
    StepCode.REVIEW_REPLY: "agree",
    StepCode.SIGN_REPLY: "agree digest",
    StepCode.ISSUE_REPLY: "document_number",
    StepCode.SERVE: "served_on method receipt persons attachment",
    StepCode.SERVICE_FAILED: "paper tried_on method why next_way",
    StepCode.CARRY_OUT: "request done_on",
    StepCode.FOLLOW_UP: "visited_on request arrived",
    StepCode.GIVE_ASSISTANCE: "done_on kind request",
    StepCode.COUNSEL: "done_on request",
    StepCode.CLOSE: "review_rights_told",
    StepCode.SUBMIT_ARCHIVE: "complete pages",
    StepCode.ACCEPT_ARCHIVE: "volume retention counted_pages",
    StepCode.RETURN_ARCHIVE: "",
    StepCode.CHANGE_RETENTION: "retention",
    StepCode.DESTROY: "",
    StepCode.REQUEST_FIRST_REVIEW: "persons requested_on arrived_on",
    StepCode.FIRST_REVIEW: "decided_on result served_on attachment changes.request changes.conclusion",
    StepCode.REQUEST_FINAL_REVIEW: "requested_on arrived_on",
    StepCode.FOLLOW_REVIEW_REQUEST: "news happened_on attachment",
    StepCode.FINAL_REVIEW: "decided_on result served_on attachment changes.request changes.conclusion hearing_days",
    StepCode.TAKE_AS_REVIEW: "got_on requested_on handed_down_as handled_by",
    StepCode.DECLINE_REVIEW: "ground",
    StepCode.ACCEPT_REVIEW: "reviewers",
    StepCode.DRAFT_REVIEW: "result term",
    StepCode.RECORD_COMPLIANCE: "done_on attachment",
    StepCode.ACCEPT_DUTY: "accepted_on handling_unit assisting_units responsible_leader term_months term_days",
    StepCode.DRAFT_DUTY_REPLY: "findings.request findings.conclusion disposition",
    StepCode.SUPERVISE: "ground feedback_on",
    StepCode.ANSWER_SUPERVISION: "",
    StepCode.RECORD_ADVICE: "kind received_on reply_by attachment",
    StepCode.ANSWER_ADVICE: "adoption",
    StepCode.RECUSE: "overseer sealed_overseer person",
    StepCode.ADD_ACCUSED: "overseer sealed_overseer complained_units complained_staff units_they_head",
    StepCode.REMOVE_ACCUSED: "overseer sealed_overseer complained_units complained_staff",
    StepCode.NAME_ACTING_OFFICE: "unit",
    StepCode.NAME_OFFICER: "person",
    StepCode.CHANGE_LEADER: "leader",
    StepCode.CHANGE_HANDLER: "handler",
    StepCode.REPORT_UP: "completion reported_on",
    StepCode.SPOT_CHECK: "result",
    StepCode.RATE: "office_rating unit_rating requests.request requests.rating requests.why why rated_on attachment",
    StepCode.SUGGEST_COMMENDATION: "",
    StepCode.ATTACH: "what kind kilobytes digest",
    StepCode.WITHDRAW_ATTACHMENT: "attachment",
    StepCode.MAKE_PAPER: "kind owed_by digest",
    StepCode.SUBMIT_PAPER: "paper digest",
    StepCode.CHECK_PAPER: "paper agree",
    StepCode.SIGN_PAPER: "paper agree",
    StepCode.REVISE_PAPER: "paper",
    StepCode.ISSUE_PAPER: "paper document_number pages pdf word ofd",
    StepCode.FILE_PAPER_SCAN: "attachment kind document_number dated_on",
    StepCode.SEND_PAPER: "paper persons sent_on method",
    StepCode.SERVE_PAPER: "served_on method receipt persons attachment paper",
    StepCode.WITHDRAW_PAPER: "paper",
    StepCode.WARN: "clock due level",
    StepCode.MARK_OVERDUE: "clock due",
    StepCode.ESCALATE: "clock due why told",
    StepCode.RECOMPUTE_DEADLINE: "clock was due why",
    "second_person": "agree",
}
TEXTS = {
    "import_history.part_of": "always empty: what came in as history was split off nothing",
    "register.part_of": "the number of the letter that it was split off, given by the system",
    "split_off.part": "the number of the case that the part became, given by the system",
    "take_as_review.handed_down_as": "the number of another case: the system looks it up and refuses anything else",
    "link_repeat.first": "the number of another case: the system looks it up and refuses anything else",
    "import_history.file_digest": "SM3 of the file it came in",
    "correct.public_value": "a day, or one of several words; a text goes into text_value",
    "correct.old_value": "a day, or one of several words; a text goes into text_value",
    "sign_reply.digest": "SM3 of what was signed",
    "issue_reply.document_number": "so that no number is given twice between the step and its paper",
    "issue_paper.document_number": "so that the register of numbers is whole when a file was destroyed",
    "file_paper_scan.document_number": "so that the register of numbers is whole when a file was destroyed",
    "accept_archive.volume": "the number under which the archive room keeps the file",
    "attach.kind": "the type of a file, found by the system",
    "attach.digest": "SM3 of the file",
    "make_paper.digest": "SM3 of what was signed",
    "submit_paper.digest": "SM3 of what was submitted",
    "issue_paper.pdf": "SM3 of what was issued",
    "issue_paper.word": "SM3 of what was issued",
    "issue_paper.ofd": "SM3 of what was issued",
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
        f"{StepCode(code).name.lower() if code in STEPS else code}.{s.name}"
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
    assert (
        "反馈内容" not in printed and "信访人的电话" not in printed and f"退回（{StepCode.SEND_BACK}）：无" in printed
    )
    assert "信访人的身份" in printed
