"""What the declarations of steps don't say about their forms.

Which people fit a field, when a field matters, which field a refusal points at: one table each. Everything else of a
form comes from `procedure.step_schema`.
"""

from xinfang.phrases.words import PhraseUse
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.corrections import FIELD_OF
from xinfang.procedure.words import Conclusion, Disposition, MatterClass, Purpose, Role, Route, Source

LEADERS = (Role.LEADER, Role.PRINCIPAL_LEADER)

STAFF_FOR: dict[str, tuple[Role, ...]] = {
    "leader": LEADERS,
    "responsible_leader": LEADERS,
    "paper_leader": LEADERS,
    "readers": LEADERS,
    "adviser": (Role.LEGAL_ADVISER,),
    "handler": (Role.HANDLER, Role.UNIT_HEAD),
    "reviewers": (Role.HANDLER, Role.UNIT_HEAD),
    "handled_by": (
        Role.OFFICE,
        Role.OFFICE_HEAD,
        Role.UNIT_HEAD,
        Role.HANDLER,
        Role.LEADER,
        Role.PRINCIPAL_LEADER,
        Role.LEGAL_ADVISER,
    ),
}
"""The roles that fit a field of staff; fields that aren't named here take anybody."""
OF_THE_HANDLING_UNIT = ("handler", "reviewers")
UNITS_THAT_HANDLE = ("unit", "handling_unit", "assisting_units")
"""Fields of units that take only units which handle petitions; other fields take any."""

WHEN: dict[str, str] = {
    # Choosing a route makes it a claim.
    f"{StepCode.CLASSIFY}.route": "matter_class!=suggestion|report",
    f"{StepCode.CLASSIFY}.competence": "matter_class!=report",
    f"{StepCode.CLASSIFY}.not_ours": "competence=subordinate|elsewhere",
    f"{StepCode.CLASSIFY}.purpose": "matter_class!=report",
    f"{StepCode.CLASSIFY}.simple": "matter_class=claim&route=six",
    f"{StepCode.INSTRUCT}.handling_unit": "agree=yes",
    f"{StepCode.INSTRUCT}.assisting_units": "agree=yes",
    f"{StepCode.INSTRUCT}.responsible_leader": "agree=yes",
    f"{StepCode.FILE_WITHOUT_ACTION}.concluded_number": "ground=concluded",
    f"{StepCode.FILE_WITHOUT_ACTION}.contact_attempt": "ground=unclear",
    f"{StepCode.FILE_WITHOUT_ACTION}.attachment": "ground=concluded",
    f"{StepCode.OBJECTION_REJECTED}.answer_number": "no_answer!=on",
    f"{StepCode.FIRST_REVIEW}.served_on": "result",
    f"{StepCode.DRAFT_REVIEW}.order": "result!=upheld",
    f"{StepCode.DRAFT_REVIEW}.term": "result!=upheld",
    f"{StepCode.FIRST_REVIEW}.changes": "result=changed",
    f"{StepCode.FINAL_REVIEW}.changes": "result=changed",
    **{
        f"{step}.{name}": needed
        for step in (StepCode.SERVE, StepCode.SERVE_PAPER)
        for name, needed in (
            ("receipt", "method!=public"),
            ("mail_number", "method=post"),
            ("consent", "method=electronic"),
            ("receiver", "method!=public&receipt=signed"),
        )
    },
    f"{StepCode.SERVICE_FAILED}.mail_number": "method=post",
    f"{StepCode.SEND_PAPER}.mail_number": "method=post",
    f"{StepCode.SEND_PAPER}.consent": "method=electronic",
    f"{StepCode.CORRECT}.person": "what=name|phone|address|role|living",
    f"{StepCode.CORRECT}.request": "what=request",
    **{
        f"{StepCode.CORRECT}.{name}": "what=" + "|".join(w.value for w, field in FIELD_OF.items() if field == name)
        for name in dict.fromkeys(FIELD_OF.values())
    },
    f"{StepCode.ANSWER}.adopted_part": "adoption=partly",
    "decision.ground": "kind=discipline",
    **{
        f"{StepCode.REGISTER}.{name}": "source=" + "|".join(s.value for s in Source if s is not Source.DIRECT)
        for name in ("sender", "sender_number", "sender_date", "feedback_due")
    },
    f"{StepCode.REGISTER}.told_orally": "channel=visit|phone",
    f"{StepCode.REGISTER}.reception_place": "channel=visit",
    f"{StepCode.REGISTER}.external_number": "channel=online|letter|fax",
}
"""`step.field` to the condition of `data-when`: the field is asked only then."""

BUREAU = "自治区信访局"
SUGGESTED: dict[str, tuple[str, dict[str, str]]] = {
    f"{StepCode.CLASSIFY}.matter_class": ("route", {r.value: MatterClass.CLAIM.value for r in Route}),
    f"{StepCode.CLASSIFY}.purpose": (
        "matter_class",
        {
            MatterClass.SUGGESTION.value: Purpose.SUGGESTION.value,
            MatterClass.CLAIM.value: Purpose.CLAIM.value,
        },
    ),
    f"{StepCode.REGISTER}.sender": (
        "source",
        {
            Source.BUREAU_FORWARDED.value: BUREAU,
            Source.BUREAU_ASSIGNED.value: BUREAU,
            Source.AT_BUREAU.value: BUREAU,
            Source.HOTLINE.value: "12345热线",
            Source.MESSAGE_BOARD.value: "人民网留言板",
        },
    ),
    f"{StepCode.DRAFT_REPLY}.disposition": (
        "findings-*-conclusion",
        {Conclusion.SUPPORT.value: Disposition.SOLVE.value},
    ),
}
"""`step.field` to the field whose answer it usually follows from, and what follows from which answer.

A name with `*` is that of a field in any row.
"""
SAME_BELOW = ("basis",)
"""Fields of a row whose answer is usually that of the row above."""
PHRASES: dict[str, PhraseUse] = {
    f"{StepCode.PROPOSE}.text": PhraseUse.PROPOSAL,
    f"{StepCode.INSTRUCT}.text": PhraseUse.INSTRUCTION,
    f"{StepCode.ASSIGN}.note": PhraseUse.REQUIREMENT,
    f"{StepCode.REFER}.note": PhraseUse.REQUIREMENT,
    f"{StepCode.REVIEW_REPLY}.opinion": PhraseUse.OPINION,
    f"{StepCode.SIGN_REPLY}.opinion": PhraseUse.OPINION,
    f"{StepCode.GIVE_LEGAL_ADVICE}.text": PhraseUse.ADVICE,
    f"{StepCode.CLOSE}.text": PhraseUse.CLOSING,
    f"{StepCode.TALK}.said": PhraseUse.RECORD,
    f"{StepCode.CARRY_OUT}.text": PhraseUse.RECORD,
}
"""`step.field` to the kind of standing phrases it is offered; a field called `reason` is offered reasons."""
DECLARED_BY_BUTTON: dict[str, tuple[str, str]] = {StepCode.SUBMIT_ARCHIVE: ("complete", "已逐项核对卷内材料，移交归档")}
"""Steps whose button says what a box would: the name of the field, and the words on the button."""
LEADER_OF_THE_UNIT: dict[str, str] = {f"{StepCode.PROPOSE}.leader": "unit"}
"""`step.field` of a leader to the field of the unit whose leader is suggested."""

WHO_IS_LEFT = ("overseer", "sealed_overseer")
SKIP: dict[str, tuple[str, ...]] = {
    StepCode.CORRECT: ("public_value", "text_value", "old_value", "old_text"),
    StepCode.SIGN_REPLY: ("digest", "text"),
    StepCode.SEEK_LEGAL_ADVICE: ("draft",),
    StepCode.FILE_WITHOUT_ACTION: ("answered",),
    StepCode.FORWARD: ("listed",),
    StepCode.DECLINE: ("listed",),
    StepCode.REFUSE_FURTHER: ("on_record",),
    StepCode.ADD_ACCUSED: ("units_they_head", *WHO_IS_LEFT),
    StepCode.REMOVE_ACCUSED: WHO_IS_LEFT,
    StepCode.RECUSE: WHO_IS_LEFT,
    StepCode.HAND_OVER: ("asked",),
    StepCode.UNSEAL: ("asked",),
    StepCode.REGISTER: (
        "part_of",
        "letter_class",
        "letter_accepted_on",
        "letter_sent_back_on",
        "letter_extended",
        *WHO_IS_LEFT,
    ),
    StepCode.JOIN_FIRST: ("first_is_handled",),
    StepCode.ANSWER_WITH_FIRST: ("first_is_answered", "opinion_number", "answered_on"),
    StepCode.SPLIT_OFF: ("part",),
    StepCode.TELL_PARTS: ("whereabouts", "all_directed"),
}
"""Fields that the system fills in itself."""

ONLY_FOR_THE_OFFICE: dict[str, tuple[str, ...]] = {StepCode.INSTRUCT: ("paper_leader", "attachment", "instructed_on")}
"""Fields for what the office enters of a leader's paper; the leaders themselves aren't asked."""

ONLY_OF_SIMPLE_CLAIMS: dict[str, tuple[str, ...]] = {
    StepCode.ACCEPT: ("told_by", "told"),
    StepCode.ANSWER: ("conclusion", "told_by", "told"),
}
"""Fields that matter under the simple procedure alone."""
ONLY_OF_SUGGESTIONS: dict[str, tuple[str, ...]] = {StepCode.ANSWER: ("adoption", "adopted_part")}
"""Fields that matter for suggestions alone (N29)."""

CHOSEN_REQUEST = (StepCode.CARRY_OUT,)
"""Steps about one request of the case, which is chosen from its list."""

ANY_REQUEST = (StepCode.FOLLOW_UP, StepCode.GIVE_ASSISTANCE, StepCode.COUNSEL)
"""Steps that may be about one request of the case, whatever was decided on it."""

YES_AND_NO: dict[str, tuple[str, str]] = {
    StepCode.INSTRUCT: ("同意拟办意见", "退回"),
    StepCode.REVIEW_REPLY: ("同意", "退回修改"),
    StepCode.SIGN_REPLY: ("同意签发", "退回修改"),
    StepCode.GRANT_EXTENSION: ("批准", "不批准"),
    StepCode.DECIDE_MEETING: ("同意会见", "不安排会见"),
    StepCode.DECIDE_RECONSIDERATION: ("撤销原决定", "维持原决定"),
    StepCode.CONSENT_ELECTRONIC: ("同意电子送达", "不再同意"),
}
AGREE_OR_NOT = ("同意", "不同意")
"""A question that would be answered yes by itself is asked openly: one of two answers must be given."""

REASON_FIELD: dict[str, str] = {
    "a_reason_is_given": "reason",
    "a_difference_of_pages_is_explained": "difference",
    "nothing_secret_is_registered": "secrecy",
    "a_request_or_as_told": "body",
    "at_most_five_representatives": "persons",
    "who_is_added_has_their_proof": "attachment",
    "a_request_that_voids_a_signature_is_theirs": "attachment",
    "an_heir_follows_somebody_who_died": "persons",
    "that_person_is_alive": "person",
    "the_death_is_proven": "attachment",
    "an_agent_acts_for_somebody": "persons",
    "the_group_is_not_smaller_than_its_list": "group_size",
    "a_handed_down_matter_names_its_sender": "sender",
    "sent_before_it_came": "sender_date",
    "the_accused_exist": "complained_units",
    "somebody_new_is_named": "complained_units",
    "nobody_speaks_of_themselves": "complained_staff",
    "nobody_speaks_for_their_unit": "complained_units",
    "they_are_complained_of": "complained_units",
    "what_was_accepted_goes_on": "rest",
    "the_requests_are_of_this_case": "requests",
    "something_stays": "requests",
    "the_first_answers_each_request": "requests",
    "the_attachments_are_of_this_case": "attachments",
    "nothing_leaves_the_compartment": "attachments",
    "it_repeats_another": "first",
    "same_person_same_matter": "same_person",
    "the_new_value_fits": "what",
    "that_person_or_request_is_there": "what",
    "the_corrected_people_can_be": "what",
    "the_corrected_paper_came_after_it_was_written": "new_day",
    "the_requests_are_not_answered_yet": "what",
    "the_new_date_is_possible": "new_day",
    "a_claim_has_a_route": "route",
    "a_consultation_is_no_claim_with_a_route": "route",
    "what_is_not_ours_says_why": "not_ours",
    "a_late_objection_says_why": "late_reason",
    "the_agreement_is_proven": "attachment",
    "the_opinion_is_attached": "attachment",
    "who_got_it_is_named": "persons",
    "to_whom_it_goes_is_named": "persons",
    "who_asks_is_named": "persons",
    "who_consents_is_named": "persons",
    "it_follows_what_is_recorded": "news",
    "it_went_on_with_its_proof": "mail_number",
    "that_it_came_back_is_proven": "attachment",
    "it_happened_after_the_request": "happened_on",
    "that_it_is_dealt_with_is_proven": "attachment",
    "what_is_ours_is_declined_only_while_pending_below": "ground",
    "the_petitioners_own_words_are_attached": "attachment",
    "what_they_say_themselves_rests_on_no_sheet": "attachment",
    "how_it_was_checked_is_said": "opinion",
    "the_sheet_that_they_signed_is_attached": "attachment",
    "it_changes_the_consent": "agree",
    "their_signed_consent_is_attached": "attachment",
    "the_petitioner_s_own_delivery_keeps_its_day": "new_day",
    "how_it_came_is_said": "channel",
    "a_recusal_is_asked_while_somebody_decides": "kind",
    "that_message_waits": "message",
    "a_request_is_answered_yes_or_no": "outcome",
    "a_correction_was_made": "outcome",
    "a_superior_decides_on_recusal": "message",
    "who_is_meant_is_named_and_does_not_decide": "meant",
    "the_recusal_was_decided": "outcome",
    "who_did_not_write_online_was_told": "told",
    "that_decision_was_taken": "against",
    "their_own_request_is_attached": "attachment",
    "the_rating_is_one": "office_rating",
    "each_answered_request_is_rated_once": "requests",
    "the_unit_is_rated_by_its_worst": "unit_rating",
    "a_reason_is_one_of_dissatisfaction": "why",
    "the_final_review_is_on_record": "attachment",
    "the_earlier_case_was_answered": "ground",
    "it_can_be_read_here": "ground",
    "an_answer_refuses_nothing": "text",
    "a_simple_acceptance_is_entered_at_once": "accepted_on",
    "received_before_it_was_registered": "new_day",
    "this_round_began_with_an_acceptance": "what",
    "what_is_handed_down_has_a_sender": "new_source",
    "only_a_claim_has_a_route": "route",
    "it_may_be_handled_simply": "simple",
    "the_answer_is_dated_and_numbered": "answer_number",
    "a_law_is_named": "law",
    "an_unclear_one_was_asked": "contact_attempt",
    "the_concluded_case_is_named": "concluded_number",
    "a_final_review_exists": "final_review_number",
    "same_facts_and_reasons": "same_facts",
    "a_leader_is_proposed": "leader",
    "the_proposed_leader_is_not_recused": "leader",
    "the_principal_is_asked_once": "to_principal",
    "the_principal_may_be_asked": "to_principal",
    "the_proposed_unit_is_fit": "unit",
    "the_unit_can_handle": "handling_unit",
    "the_unit_is_not_complained_of": "handling_unit",
    "the_leader_is_a_leader": "responsible_leader",
    "the_leader_is_not_recused": "responsible_leader",
    "a_feedback_date_is_set": "feedback_on",
    "the_handler_is_of_the_unit": "handler",
    "the_new_handler_is_fit": "handler",
    "the_new_leader_is_fit": "leader",
    "the_promise_lies_ahead": "promised_on",
    "the_promise_is_within_the_limit": "promised_on",
    "the_readers_are_fit": "readers",
    "the_adviser_is_one": "adviser",
    "the_wanted_leader_is_fit": "leader",
    "both_sides_consent": "both_consent",
    "the_hearing_was_announced": "notified_on",
    "at_most_thirty_days": "days",
    "a_simple_answer_supports_or_explains": "conclusion",
    "each_request_is_concluded": "findings",
    "findings_answer_the_requests": "findings",
    "the_review_body_is_named": "review_body",
    "sending_back_says_why": "opinion",
    "refusal_has_a_witness": "witness",
    "the_receiver_is_named": "receiver",
    "that_paper_is_on_its_way": "paper",
    "it_failed_after_it_left": "tried_on",
    "what_was_posted_has_its_number": "mail_number",
    "what_is_posted_has_its_number": "mail_number",
    "electronic_dispatch_was_consented_to": "consent",
    "no_petitioner_is_written_to_by_exchange": "method",
    "it_left_after_it_was_issued": "served_on",
    "electronic_service_was_consented_to": "consent",
    "other_ways_failed_before_a_public_notice": "method",
    "that_request_is_supported": "request",
    "that_request_is_there": "request",
    "review_rights_were_told": "review_rights_told",
    "the_file_was_checked": "complete",
    "its_pages_are_counted": "pages",
    "that_person_exists": "person",
    "not_recused_yet": "person",
    "the_feedback_lies_ahead": "feedback_on",
    "the_right_has_not_lapsed": "late_reason",
    "hearing_days_are_possible": "hearing_days",
    "received_after_it_was_decided": "served_on",
    "a_change_says_what_is_changed": "changes",
    "the_days_of_the_request_are_in_order": "got_on",
    "a_late_request_says_why": "late_reason",
    "it_was_handed_down_as": "handed_down_as",
    "lateness_is_a_ground_only_where_it_is_late": "ground",
    "the_reviewers_are_fit": "reviewers",
    "the_result_has_its_grounds": "finding",
    "what_is_ordered_has_its_term": "term",
    "the_next_body_is_named": "final_body",
    "a_new_opinion_has_its_number": "document_number",
    "another_term_has_its_article": "term_source",
    "its_own_remedy_is_named": "reconsideration_body",
    "its_remedy_is_no_petition_review": "other_remedy",
    "the_body_is_another": "body",
    "the_advice_is_attached": "attachment",
    "it_is_to_be_answered_after_it_came": "reply_by",
    "it_asks_for_information_only": "information_only",
    "the_body_is_on_the_register": "body",
    "it_says_whether_it_is_adopted": "adoption",
    "a_paper_instruction_names_its_leader": "paper_leader",
    "a_paper_instruction_has_its_scan": "attachment",
    "the_scan_is_there": "attachment",
    "it_is_a_picture_of_the_sheet": "attachment",
    "it_may_be_filed_as_a_scan": "kind",
    "a_step_called_for_it": "kind",
    "its_date_is_possible": "dated_on",
    "its_number_is_of_its_year": "document_number",
    "category": "category",
    "one_unit_or_one_person": "unit",
    "it_concerns_somebody_here": "unit",
    "it_does_not_concern_the_writer": "person",
    "it_was_decided": "decided_on",
    "discipline_names_its_ground": "ground",
    "commendation_names_none": "ground",
    "what_it_is_about_is_seen": "about",
    "a_correction_says_why": "reason",
}
"""The condition that failed to the field it speaks of, so that the summary can lead there."""
