"""What is filled in at each step of a demo petition. What its data doesn't say has a plain sentence here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xinfang.operations.demo.people import DemoStaff
from xinfang.procedure.step_codes import StepCode

DemoPetition = dict[str, Any]
REVIEW_BODY = "某自治区人民政府信访事项复查复核机构"
"""The setting of the demo adds its address."""
CONTACT = "0000-0000000"


@dataclass(frozen=True)
class DemoStep:
    """One step to come, by a user name or a function of the day. `second`: it confirms a step that waits."""

    code: str
    by: str | Callable[[date], str]
    answers: Callable[[date], dict[str, Any]]
    second: bool = False

    def actor(self, day: date) -> str:
        """Return the user name of the person who takes it on this day."""
        return self.by if isinstance(self.by, str) else self.by(day)


def fixed_answers(**answers: Any) -> Callable[[date], dict[str, Any]]:
    """Return answers that don't depend on the day."""
    return lambda day: answers


class StepAnswers:
    """What is filled in at each step of one petition. What the data doesn't say has a plain sentence here."""

    def __init__(self, petition: DemoPetition, cast: DemoStaff, today: date, numbers: dict[str, str]) -> None:
        self.p, self.cast, self.today, self.numbers = petition, cast, today, numbers
        self.unit: str = petition.get("unit", "")
        self.leader: str = petition.get("leader", "")

    def make(self, code: str) -> DemoStep:
        """Return the planned step of a code.

        `code+` confirms as the second person, `carry_out:2` is about request 2.
        """
        if code.endswith("+"):
            return DemoStep(code[:-1], self.confirmer(code[:-1]), fixed_answers(agree=True), second=True)
        name, _, about = code.partition(":")
        made: DemoStep = getattr(self, name)(about) if about else getattr(self, name)()
        return made

    def confirmer(self, code: str) -> str:
        """Return the second person who confirms a step."""
        if code == StepCode.CLOSE:
            return self.leader
        if code == StepCode.RECUSE:
            return str(self.p["recuse_decided_by"])
        return self.cast.second

    def office(self, code: str, **answers: Any) -> DemoStep:
        """Return a step that the clerk of the office takes."""
        return DemoStep(code, self.cast.clerk, fixed_answers(**answers))

    def head(self, code: str, **answers: Any) -> DemoStep:
        """Return a step that the head of the case's unit takes, or their deputy."""
        return DemoStep(code, lambda day: self.cast.head(self.unit, day), fixed_answers(**answers))

    def handler(self, code: str, **answers: Any) -> DemoStep:
        """Return a step that the handler of the case's unit takes."""
        return DemoStep(code, self.cast.handlers[self.unit], fixed_answers(**answers))

    def register(self) -> DemoStep:
        """Register it: reception what was said in person or by telephone, the clerk the rest."""
        p = self.p
        handed_down = p["source"] not in ("direct", "leader_assigned")
        by = self.cast.reception if p["channel"] in ("visit", "phone") else self.cast.clerk
        original = f"\n\n（原文）{p['original_text']}" if p.get("original_text") else ""
        return DemoStep(
            StepCode.REGISTER,
            by,
            lambda on: {
                "secrecy": "no",
                "channel": p["channel"],
                "source": p["source"],
                "received_on": on.isoformat(),
                "subject": p["subject"],
                "body": p["body"] + original,
                "told_orally": p["channel"] == "phone",
                "requests": [{"text": t} for t in p["requests"]],
                "persons": list(self.persons()),
                "anonymous": p.get("anonymous", False),
                "group_size": p.get("group_size", max(1, sum(x["role"] != "agent" for x in p["petitioners"]))),
                "category": p["category"],
                "sender": p.get("sender", ""),
                "sender_number": p.get("sender_number", ""),
                "sender_date": self.ago(p["sender_days_ago"], on) if "sender_days_ago" in p else "",
                "feedback_due": self.ahead(p["feedback_in_days"])
                if handed_down and "feedback_in_days" in p and not p.get("assign")
                else "",
                "reception_place": "厅机关一楼信访接待室" if p["channel"] == "visit" else "",
            },
        )

    def persons(self) -> Iterator[dict[str, Any]]:
        """Yield the petitioners as a registration form sends them."""
        languages = {"mn": "蒙古语", "en": "英语"}
        for person in self.p["petitioners"]:
            yield {
                **{k: person.get(k, "") for k in ("name", "kind", "role", "phone", "id_number")},
                # An address that can't be written to is told in the case, but is no address.
                "address": "" if person.get("address_unclear") else person.get("address", ""),
                "foreign": person.get("foreigner", False),
                "language": languages.get(person.get("language", ""), ""),
                "translate": self.p.get("translation_needed", False),
            }

    def ahead(self, days: int) -> str:
        """Return the day this number of days after today, as a form sends it."""
        return (self.today + timedelta(days=days)).isoformat()

    def ago(self, days: int, not_after: date) -> str:
        """Return the day this number of days before today, or `not_after` if that is earlier, as a form sends it."""
        return min(not_after, self.today - timedelta(days=days)).isoformat()

    def enter_regional(self) -> DemoStep:
        """Enter it in the regional system, under an invented number there."""
        key = self.p["key"]
        return DemoStep(
            StepCode.ENTER_REGIONAL, self.cast.second, lambda on: {"external_number": f"演示{self.numbers[key]}"}
        )

    def classify(self) -> DemoStep:
        """Classify it by class, legal route and purpose of its data."""
        p = self.p
        return self.office(
            StepCode.CLASSIFY,
            matter_class=p["matter_class"],
            route=p.get("route", ""),
            purpose=p["purpose"],
            simple=p.get("simple", False),
            **self.whose(),
        )

    def whose(self) -> dict[str, Any]:
        """Return whose matter it is, where it isn't the department's."""
        p = self.p
        if p["reach"] == "redirected":
            return {"competence": "elsewhere", "not_ours": p["redirect_reason"]}
        if p["reach"] == "forwarded":
            return {"competence": "subordinate", "not_ours": p["forward_reason"]}
        if p["reach"] == "routed":
            return {"competence": "elsewhere", "not_ours": p["route_reason"]}
        return {}

    def take_as_review(self) -> DemoStep:
        """Register it as a request to review another body's opinion."""
        p = self.p
        return self.office(
            StepCode.TAKE_AS_REVIEW,
            body=p["opinion_by"],
            opinion_number=p["opinion_number"],
            got_on=self.ago(p["opinion_days_ago"], self.today),
            decided=p["opinion_decided"],
            reason=p["review_reason"],
        )

    def accept_review(self) -> DemoStep:
        """Accept it for review, with the handler of the case's unit as the reviewer."""
        return self.office(StepCode.ACCEPT_REVIEW, reviewers=[self.cast.handlers[self.unit]], contact=CONTACT)

    def draft_review(self) -> DemoStep:
        """Draft the review opinion: made again, by a day that lies ahead."""
        p = self.p
        return self.handler(
            StepCode.DRAFT_REVIEW,
            finding=p["review_finding"],
            result="redo",
            reason=p["review_grounds"],
            basis=p["review_basis"],
            order=p["review_order"],
            term=self.ahead(p["review_term_in_days"]),
            final_body=REVIEW_BODY,
        )

    def propose(self) -> DemoStep:
        """Propose a unit to handle it and a leader to decide on that."""
        return self.office(
            StepCode.PROPOSE,
            text=self.p.get("proposal", "属本厅职责范围，建议由业务主管处室（单位）承办，调查核实后书面答复。"),
            unit=self.unit,
            leader=self.leader,
        )

    def instruct(self) -> DemoStep:
        """Let the leader agree to the proposal."""
        return DemoStep(StepCode.INSTRUCT, self.leader, fixed_answers(text=self.p.get("instruction", "同意拟办意见。")))

    def send_proposal_back(self) -> DemoStep:
        """Let the leader send the proposal back, with the reason of its data."""
        return DemoStep(StepCode.INSTRUCT, self.leader, fixed_answers(agree=False, text=self.p["send_back_reason"]))

    def redirect(self) -> DemoStep:
        """Tell the petitioner which other body is competent."""
        p = self.p
        return self.office(
            StepCode.REDIRECT, body=p["redirect_body"], how=p.get("redirect_how", ""), reason=p["redirect_reason"]
        )

    def object(self) -> DemoStep:
        """Object to a matter that was handed down to the wrong department."""
        return self.office(StepCode.OBJECT, reason=self.p["objection_reasons"])

    def objection_upheld(self) -> DemoStep:
        """Record that the sender took the matter back."""
        return self.objection(StepCode.OBJECTION_UPHELD)

    def objection_rejected(self) -> DemoStep:
        """Record that the sender left the matter with the department."""
        return self.objection(StepCode.OBJECTION_REJECTED)

    def objection(self, code: str) -> DemoStep:
        """Record the sender's answer to an objection; `code` says which it was."""
        number = self.p["objection_reply_number"]
        return DemoStep(code, self.cast.clerk, lambda on: {"answered_on": on.isoformat(), "answer_number": number})

    def forward(self) -> DemoStep:
        """Forward it to a lower department."""
        p = self.p
        return self.office(
            StepCode.FORWARD, body=p["forward_to"], contact=p["forward_contact"], reason=p["forward_reason"]
        )

    def route(self) -> DemoStep:
        """Direct it to a legal route."""
        p = self.p
        return self.office(
            StepCode.ROUTE,
            route_name=p["route_name"],
            law=p["route_law"],
            body=p["route_body"],
            time_limit=p["route_time_limit"],
            reason=p["route_reason"],
        )

    def decline(self) -> DemoStep:
        """Decline it, as another body has dealt with it."""
        p = self.p
        return self.office(
            StepCode.DECLINE,
            ground="in_lawful_procedure",
            body=p["route_body"],
            reference=p["decline_reference"],
            law=p["route_law"],
            way=f"{p['route_name']}：向{p['route_body']}提出，期限为{p['route_time_limit']}。",
            reason=p["route_reason"],
        )

    def file_without_action(self) -> DemoStep:
        """File it without action, for the reason of its data."""
        p = self.p
        return self.office(
            StepCode.FILE_WITHOUT_ACTION,
            ground=p["filing_reason"],
            contact_attempt=p["filing_note"],
            reason=p["filing_told"],
        )

    def reopen(self) -> DemoStep:
        """Reopen it, for the reason of its data."""
        return self.office(StepCode.REOPEN, reason=self.p["reopen_reason"])

    def hand_over(self) -> DemoStep:
        """Transfer a report of wrongdoing to the body that is competent, against a receipt."""
        return DemoStep(
            StepCode.HAND_OVER, self.cast.sealed, fixed_answers(body=self.p["handed_to"], receipt_number="回执演示1号")
        )

    def refuse_further(self) -> DemoStep:
        """Refuse to take it again after its final review, with the numbers of the three decisions."""
        return self.office(
            StepCode.REFUSE_FURTHER,
            opinion_number=self.p["opinion_number"],
            first_review_number=self.p["first_review_number"],
            final_review_number=self.p["final_review_number"],
            same_facts=True,
            reason=self.p["refuse_reason"],
        )

    def withdraw(self) -> DemoStep:
        """Record that the petitioner withdrew it."""
        return self.office(StepCode.WITHDRAW, reason=self.p["withdraw_reason"])

    def link_repeat(self) -> DemoStep:
        """Link it to the first petition of the same matter."""
        first = self.p["repeat_of"]
        reason = self.p.get("repeat_reason", "姓名、电话一致，反映的事实和请求相同。")
        answers = {"same_person": True, "same_matter": True, "reason": reason}
        return DemoStep(StepCode.LINK_REPEAT, self.cast.clerk, lambda on: {**answers, "first": self.numbers[first]})

    def accept(self) -> DemoStep:
        """Accept it, with the office's contact."""
        return self.office(StepCode.ACCEPT, contact=CONTACT)

    def accept_duty(self) -> DemoStep:
        """Accept it in the department's own power, under the law of its data."""
        return self.office(StepCode.ACCEPT_DUTY, contact=CONTACT, law=self.p["law"])

    def accept_simply(self) -> DemoStep:
        """Accept it under the simple procedure, which needs no instruction: its unit and leader are named here."""
        who = {"handling_unit": self.unit, "responsible_leader": self.leader}
        return self.office(StepCode.ACCEPT, contact=CONTACT, **who, **self._told("按简易办理受理"))

    def _told(self, what: str) -> dict[str, str]:
        """Return how who called was told: by telephone, where the case is handled under the simple procedure."""
        if not self.p.get("simple") or self.p["channel"] != "phone":
            return {}
        return {"told_by": "phone", "told": f"当日电话告知本人：{what}，本人表示知道了。"}

    def refer_or_assign(self) -> DemoStep:
        """Dispatch it to its unit: assigned with a day for feedback where its data says so, else referred."""
        if not self.p.get("assign"):
            return self.refer()
        note = "请按期办结并反馈办理情况。"
        days = self.p["feedback_in_days"]
        return self.office(StepCode.ASSIGN, handling_unit=self.unit, feedback_on=self.ahead(days), note=note)

    def refer(self) -> DemoStep:
        """Refer it to its unit."""
        return self.office(StepCode.REFER, handling_unit=self.unit, note="请依规办理。")

    def sign_for(self) -> DemoStep:
        """Let the head of the unit sign for it and name the handler."""
        return self.head(StepCode.SIGN_FOR, handler=self.cast.handlers[self.unit])

    def acknowledge(self) -> DemoStep:
        """Acknowledge a suggestion."""
        return self.office(StepCode.ACKNOWLEDGE, text="本厅已收到您的来件，将由有关处室认真研究论证后书面回复您。")

    def answer(self) -> DemoStep:
        """Answer a suggestion; it is adopted where the text says so."""
        text = self.p["answer_text"]
        basis = self.p.get("answer_basis", "")
        conclusion = {"conclusion": "explain"} if self.p.get("simple") else {}
        adoption = {} if self.p.get("simple") else {"adoption": "full" if "采纳" in text else "not"}
        told = self._told("办理结果和依据，可以在三十日内请求复查")
        said = {**conclusion, **adoption, **told}
        return self.handler(StepCode.ANSWER, text=text, basis=basis, refuses_nothing=True, **said)

    def study(self) -> DemoStep:
        """Study a suggestion."""
        result = self.p.get("study_result", "有关处室研究后认为，建议有针对性，可以吸收到今后的工作中。")
        return self.handler(StepCode.STUDY, studied_by="承办处室、办公室", result=result)

    def talk(self) -> DemoStep:
        """Record a talk with the petitioner."""
        said_there = self.p.get("talk_notes", "听取信访人陈述事实和理由，核对诉求，说明办理程序和期限。")
        return self.handler(
            StepCode.TALK, place="厅机关一楼信访接待室", who_was_there="承办人、信访人", said=said_there
        )

    def promise_reply(self) -> DemoStep:
        """Promise the petitioner a day for the reply."""
        promised = self.ahead(self.p["promised_in_days"])
        return self.handler(StepCode.PROMISE_REPLY, promised_on=promised, text="已电话告知答复时间。")

    def seek_legal_advice(self) -> DemoStep:
        """Send a draft to the legal adviser."""
        return self.handler(
            StepCode.SEEK_LEGAL_ADVICE, adviser=self.cast.adviser, question=self.p.get("advice_request", "")
        )

    def give_legal_advice(self) -> DemoStep:
        """Let the legal adviser answer."""
        return DemoStep(
            StepCode.GIVE_LEGAL_ADVICE, self.cast.adviser, fixed_answers(text=self.p.get("advice", "无不同意见。"))
        )

    def request_extension(self) -> DemoStep:
        """Ask for more days."""
        return self.handler(
            StepCode.REQUEST_EXTENSION, days=self.p["extension_days"], reason=self.p["extension_reason"]
        )

    def grant_extension(self) -> DemoStep:
        """Let the leader grant the days."""
        days, reason = self.p["extension_days"], self.p["extension_reason"]
        return DemoStep(StepCode.GRANT_EXTENSION, self.leader, fixed_answers(days=days, reason=reason, agree=True))

    def supervise(self) -> DemoStep:
        """Supervise the unit, for want of feedback."""
        return self.office(
            StepCode.SUPERVISE,
            ground="no_feedback",
            text=self.p["supervise_ground"],
            feedback_on=self.ahead(self.p["supervise_feedback_in_days"]),
        )

    def recuse(self) -> DemoStep:
        """Recuse a member of staff, for the reason of its data."""
        return self.office(StepCode.RECUSE, person=self.p["recuse_staff"], reason=self.p["recuse_reason"])

    def draft_reply(self) -> DemoStep:
        """Draft the reply with the findings of its data."""
        p = self.p
        return self.handler(
            StepCode.DRAFT_REPLY, findings=p["findings"], disposition=p["disposition"], review_body=REVIEW_BODY
        )

    def review_reply(self) -> DemoStep:
        """Let the head of the unit agree to the draft."""
        return self.head(StepCode.REVIEW_REPLY, agree=True)

    def sign_reply(self) -> DemoStep:
        """Let the leader sign the reply."""
        return DemoStep(StepCode.SIGN_REPLY, self.leader, fixed_answers(agree=True))

    def issue_reply(self) -> DemoStep:
        """Issue the reply; the system gives it its number."""
        return self.office(StepCode.ISSUE_REPLY)

    def serve(self) -> DemoStep:
        """Serve the reply on the day, by the method of its data."""
        methods = {"person": "in_person", "mail": "post", "electronic": "electronic"}
        method = methods[self.p.get("service_method", "mail")]
        return DemoStep(
            StepCode.SERVE,
            self.cast.handlers[self.unit],
            lambda on: {
                "served_on": on.isoformat(),
                "method": method,
                "receiver": self.p["petitioners"][0].get("name", "") or "本人",
                "mail_number": f"XA{sum(self.p['subject'].encode()) % 10**8:08d}15" if method == "post" else "",
                "consent": "当面书面同意，送达至登记的手机号码" if method == "electronic" else "",
            },
        )

    def carry_out(self, request: str) -> DemoStep:
        """Record that what was promised on a request was carried out."""
        return self.handler(StepCode.CARRY_OUT, request=int(request), text=self.p["carried_out"])

    def close(self) -> DemoStep:
        """Close it."""
        text = "意见书已送达，支持的诉求已执行，复查权利已告知。"
        return self.head(StepCode.CLOSE, text=text, review_rights_told=True)

    def attach(self) -> DemoStep:
        """Put what was sent, and the receipt for it as it comes back signed, into the file as scans (`receipts.py`)."""
        return self._by_its_handler(StepCode.ATTACH)

    def submit_archive(self) -> DemoStep:
        """Submit the file to the archive; the pages follow from the length of the letter."""
        return self._by_its_handler(StepCode.SUBMIT_ARCHIVE, complete=True, pages=30 + len(self.p["body"]) // 40)

    def _by_its_handler(self, code: str, **answers: Any) -> DemoStep:
        """Return a step of the handler of the unit; of what never went to a unit, of the office."""
        hand = self.office if self.p["reach"].startswith("filed") else self.handler
        return hand(code, **answers)

    def accept_archive(self) -> DemoStep:
        """Let the archivist take the file."""
        return DemoStep(StepCode.ACCEPT_ARCHIVE, self.cast.archivist, fixed_answers())

    def request_first_review(self) -> DemoStep:
        """Record that a first review was asked for."""
        return self.office(StepCode.REQUEST_FIRST_REVIEW, body=REVIEW_BODY, reason=self.p["body"])

    def follow_request(self) -> DemoStep:
        """Post the request to the body above, which has it on the same day."""
        number = f"XA{sum(self.p['body'].encode()) % 10**8:08d}16"
        return self.office(StepCode.FOLLOW_REVIEW_REQUEST, news="arrived", mail_number=number)

    def first_review(self) -> DemoStep:
        """Record what the first review decided."""
        results = {"维持": "upheld", "撤销": "revoked", "变更": "changed"}
        return self.office(
            StepCode.FIRST_REVIEW, result=results[self.p["review_outcome"]], document_number="复查〔示例〕7号"
        )
