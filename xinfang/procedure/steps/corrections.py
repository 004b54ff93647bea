"""A mistake in the record is amended openly."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from xinfang.procedure.actor_rules import another_named_officer, the_named_officer, the_office
from xinfang.procedure.articles import HOUSE_RULES, PERSONAL_INFORMATION_LAW, REGULATION
from xinfang.procedure.facts import (
    SYSTEM,
    Actor,
    Directory,
    Facts,
    PersonFacts,
    can_be_reached,
)
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import CategoryCode, read_date, step_field

from ..calendar import SHANGHAI
from ..conditions import a_reason_is_given
from ..limits import CHOSEN_BY_DEPARTMENT, GROUP_VISIT, NOTICE, REPRESENTATIVES
from ..papers import ISSUED_STAGES
from ..rounds import begins_a_round, last_service
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..voided import without_a_draft
from ..words import (
    EVERY_MATTER,
    OPEN_STATES,
    Channel,
    CorrectionOf,
    Living,
    PersonRole,
    ReplyStage,
    Source,
    State,
    Word,
)
from .intake import Register

_CORRECTED_WHOLE = (*OPEN_STATES, State.CLOSED, State.FILED, State.HISTORY)


@condition(
    "事项已经终结，只能更正信访人的姓名、电话、住址",
    PERSONAL_INFORMATION_LAW[46],
    CHOSEN_BY_DEPARTMENT,
    todo="个人信息有误的可以更正；其他内容有误的，请先恢复办理，或者在“说明”中记录。",
)
def after_an_end_only_personal_data(q: "DecisionContext[Correct]") -> bool:
    return q.facts.state in _CORRECTED_WHOLE or q.step.what in PERSONAL


@condition(
    "更正后的内容不能这样填写",
    REGULATION[19],
    todo="请在所选项目的栏目中填写更正后的内容；日期请写成 2026-11-22，人数请填数字。",
)
def the_new_value_fits(q: "DecisionContext[Correct]") -> bool:
    return _corrected(q.facts, q.step) is not None


@condition("没有这一位信访人或者这一项诉求", REGULATION[19], todo="请选择更正的是哪一位信访人、哪一项诉求。")
def that_person_or_request_is_there(q: "DecisionContext[Correct]") -> bool:
    s, f = q.step, q.facts
    if s.what is CorrectionOf.REQUEST:
        return any(r.number == s.request for r in f.requests)
    if s.what is CorrectionOf.ROLE:
        return 1 <= s.person <= len(f.persons)
    if s.what is CorrectionOf.LIVING:
        return s.person in f.deceased
    return s.what not in PERSONAL or 1 <= s.person <= max(len(f.persons), 1)


@condition(
    f"更正后人数少于已登记的信访人数，代表超过{REPRESENTATIVES}，或者除代理人外没有信访人",
    REGULATION[20],
    todo="请核对人数和各人的身份。",
)
def the_corrected_people_can_be(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    if facts is None or q.step.what not in (CorrectionOf.GROUP_SIZE, CorrectionOf.ROLE):
        return True
    roles = [p.role for p in facts.persons]
    people = sum(r is not PersonRole.AGENT for r in roles)
    chosen = roles.count(PersonRole.REPRESENTATIVE)
    alone = bool(roles) and not people
    return (
        facts.group_size >= max(people, 1)
        and (facts.channel is not Channel.VISIT or chosen <= REPRESENTATIVES.on(facts.received_on or q.today).value)
        and not alone
    )


@condition("更正后的来文日期晚于收到日期", HOUSE_RULES[8], todo="请核对来文日期和收到日期。")
def the_corrected_paper_came_after_it_was_written(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    if facts is None or facts.sender_date is None or facts.received_on is None:
        return True
    return q.step.what is not CorrectionOf.SENDER_DATE or facts.sender_date <= facts.received_on


@condition(
    "意见书已印发，不能再更正诉求的文字",
    REGULATION[32],
    REGULATION[35],
    todo="意见书有误的，请撤回重新印发；诉求有遗漏的，另行登记一件。",
)
def the_requests_are_not_answered_yet(q: "DecisionContext[Correct]") -> bool:
    return q.step.what is not CorrectionOf.REQUEST or q.facts.reply_stage is not ReplyStage.ISSUED


@condition("更正后的日期不能在今天之后，也不能早于收到日期", REGULATION[23], todo="请核对日期。")
def the_new_date_is_possible(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    if facts is None or not q.step.what.value.endswith("_on"):
        return True
    days = [d for d in (facts.received_on, facts.accepted_on, facts.served_on) if d]
    corrected: date = getattr(facts, q.step.what.value)
    return days == sorted(days) and corrected <= q.today


@condition(
    "信访人本人在网上签收的日期由系统记录，不能更正",
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="签收之日就是打开文书之日；有争议的，由复查机关认定。",
)
def the_petitioner_s_own_delivery_keeps_its_day(q: "DecisionContext[Correct]") -> bool:
    served = last_service(q.facts)
    return q.step.what is not CorrectionOf.SERVED_ON or served is None or served.code != StepCode.TAKE_DELIVERY


_ACCEPTED = (StepCode.ACCEPT, StepCode.ACCEPT_DUTY)
_FOLLOWS = {CorrectionOf.ACCEPTED_ON: _ACCEPTED, CorrectionOf.SERVED_ON: (StepCode.SERVE,)}
"""The step in which a date was given (the day of receipt: the first of all).

What comes after it in the history followed that day.
"""


@condition(
    "收到日期不能晚于登记的日期", HOUSE_RULES[8], REGULATION[23], todo="登记之日已经收到，请核对收文或者来访的日期。"
)
def received_before_it_was_registered(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    first = q.facts.history[0] if q.facts.history else None
    if q.step.what is not CorrectionOf.RECEIVED_ON or facts is None or first is None or facts.received_on is None:
        return True
    return facts.received_on <= first.recorded_at.astimezone(SHANGHAI).date()


@condition(
    "本轮办理自复查（复核）意见之日起算，没有可以更正的受理日期",
    REGULATION[34],
    REGULATION[35],
    todo="意见日期有误的，请在“说明”中记录并向复查机关核对。",
)
def this_round_began_with_an_acceptance(q: "DecisionContext[Correct]") -> bool:
    rounds = (h for h in reversed(q.facts.history) if begins_a_round(h) or (h.moved and h.code in _ACCEPTED))
    began = next(rounds, None)
    return q.step.what is not CorrectionOf.ACCEPTED_ON or began is None or began.code in _ACCEPTED


def _names_a_sender(facts: Facts) -> bool:
    return facts.handed_down or facts.source.passed_on


@condition(
    "更正为转来、转办件的，应先有来文机关",
    HOUSE_RULES[8],
    REGULATION[23],
    todo="请另行更正来文机关、来文编号后再更正来源。",
)
def what_is_handed_down_has_a_sender(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    return q.step.what is not CorrectionOf.SOURCE or facts is None or not _names_a_sender(facts) or bool(facts.sender)


@condition(
    "更正后的日期与已经办理的步骤先后矛盾",
    REGULATION[23],
    REGULATION[34],
    todo="请对照“经过”核对日期：收到、受理、送达不能晚于其后的办理，也不能早于此前的办理。",
)
def the_new_date_keeps_the_order(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    if q.step.what is CorrectionOf.RECEIVED_ON:
        first = q.facts.history[0] if q.facts.history else None
    else:
        followed = _FOLLOWS.get(q.step.what, ())
        first = next((h for h in reversed(q.facts.history) if h.code in followed and h.took_effect), None)
    if facts is None or first is None:
        return True
    new = getattr(facts, q.step.what.value)
    before = (h.happened_on for h in q.facts.history if h.moved and 1 < h.seq < first.seq)
    return new >= max(before, default=new) and all(h.happened_on >= new for h in q.facts.history if h.seq > first.seq)


def is_history(received_on: date, today: date) -> bool:
    """Tell whether the 15 days to inform the petitioner were over on this day.

    Only such a matter may come in as history (N23).
    """
    return received_on + timedelta(days=NOTICE.on(received_on).value) < today


@condition(
    f"历史件更正后的收到日期距今不足{NOTICE}，书面告知期限尚未届满",
    REGULATION[23],
    todo="请先“恢复办理”，再更正收到日期，按期告知信访人。",
)
def history_is_over_by_the_new_date_too(q: "DecisionContext[Correct]") -> bool:
    facts = _corrected(q.facts, q.step)
    received = facts.received_on if facts else None
    return received is None or q.facts.state is not State.HISTORY or is_history(received, q.today)


@dataclass(frozen=True, kw_only=True)
class Correct(Step):
    """A mistake in the record is amended openly: the old value stays in its event, the new one has a reason.

    What moves a limit, changes who the petitioner is or contradicts a paper that was issued needs two persons.
    """

    rule = Rule["Correct"](
        code=StepCode.CORRECT,
        label="更正",
        group="来件",
        cites=(REGULATION[19], REGULATION[44]),
        who=(the_office, the_named_officer),
        then=(the_office, another_named_officer),
        when=EVERY_MATTER,
        provided=(
            after_an_end_only_personal_data,
            that_person_or_request_is_there,
            the_new_value_fits,
            the_corrected_people_can_be,
            the_corrected_paper_came_after_it_was_written,
            the_requests_are_not_answered_yet,
            the_new_date_is_possible,
            received_before_it_was_registered,
            this_round_began_with_an_acceptance,
            what_is_handed_down_has_a_sender,
            the_new_date_keeps_the_order,
            the_petitioner_s_own_delivery_keeps_its_day,
            history_is_over_by_the_new_date_too,
            a_reason_is_given,
        ),
    )
    confirmed_when = "影响期限、改变信访人（含已填写的住址、电话）或者来信内容、与已印发文书不一致的"
    what: CorrectionOf = step_field("更正哪一项")
    person: int = step_field("哪一位信访人（序号）", default=1)
    request: int | None = step_field("哪一项诉求（序号）", default=None)
    new_day: date | None = step_field("更正后的日期", default=None)
    new_number: int | None = step_field("更正后的人数", default=None)
    new_channel: Channel | None = step_field("更正后的信访形式", default=None)
    new_source: Source | None = step_field("更正后的来源", default=None)
    new_role: PersonRole | None = step_field("更正后的身份", default=None)
    new_category: CategoryCode | None = step_field("更正后的内容分类", default=None)
    new_living: Living | None = step_field(
        "更正后的情况", default=None, help="只用于登记有误的；电话、住址、证件号码请再照原件更正"
    )
    new_text: str = step_field("更正后的文字", default="", long=True, max=1000)
    new_value: str = step_field("更正后的姓名、电话或者住址", default="", private=True)
    new_body: str = step_field(
        "更正后的内容（全文）",
        default="",
        long=True,
        private=True,
        help="照原件改正录入的错误，不改写、不概括；原来的录入仍保留",
    )
    reason: str = step_field("理由", long=True, max=2000)
    public_value: str = step_field("更正后（日期、选项，由系统填写）", default="", plain=True)
    text_value: str = step_field("更正后（文字，由系统填写）", default="", max=1000)
    old_value: str = step_field("更正前（日期、选项，由系统填写）", default="", plain=True)
    old_text: str = step_field("更正前（文字，由系统填写）", default="", max=1000)

    def asks_second_person(self, q: CaseContext) -> bool:
        printed = any(p.stage in ISSUED_STAGES for p in q.facts.papers)
        # With a number or a day the visit at the bureau comes on paper, and may be objected to.
        papers_sender = q.facts.source is Source.AT_BUREAU and self.what in SENDERS_PAPER
        by_two = self.what in MOVES_A_LIMIT or papers_sender or (printed and self.what in PRINTED)
        return by_two or self._leads_elsewhere(q.facts) or self._fewer_or_another_group(q) or self._makes_clear(q.facts)

    def _leads_elsewhere(self, facts: Facts) -> bool:
        """Tell whether what is sent to the petitioner goes elsewhere by this: their address or number was known."""
        if self.what not in (CorrectionOf.PHONE, CorrectionOf.ADDRESS) or not 0 < self.person <= len(facts.persons):
            return False
        return bool(getattr(facts.persons[self.person - 1], PERSONAL[self.what]))

    def _fewer_or_another_group(self, q: CaseContext) -> bool:
        """Tell whether fewer people are said to have come, or a group visit is one no more, or one now (N20)."""
        if self.what is not CorrectionOf.GROUP_SIZE or self.new_number is None:
            return False
        limit = GROUP_VISIT.on(q.facts.received_on or q.today).value
        was, now = q.facts.group_size, self.new_number
        return now < was or (was < limit) != (now < limit)

    def _makes_clear(self, facts: Facts) -> bool:
        """Tell whether somebody can be written to by this who couldn't before, so that fifteen days run (N23)."""
        after = self.change(facts, SYSTEM, facts.received_on or date.min)
        return facts.contact_clear_since is None and after.contact_clear_since is not None

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        corrected = _corrected(facts, self)
        assert corrected is not None
        # Who wrote without a name is known by a name alone.
        known = self.what is CorrectionOf.NAME or not _came_without_a_name(facts)
        unclear = known and corrected.contact_clear_since is None
        if unclear and can_be_reached(corrected.channel, corrected.persons):
            # The record was wrong and the letter said it: what the office left blank delays nobody's notice (N23).
            return replace(corrected, contact_clear_since=facts.received_on or on)
        return corrected

    def says(self, directory: Directory) -> str:
        which = f"（第{self.person}位）" if self.what in (*PERSONAL, CorrectionOf.ROLE) and self.person > 1 else ""
        which = f"（诉求{self.request}）" if self.what is CorrectionOf.REQUEST else which
        before = in_words(self.what, self.old_value or self.old_text)
        return f"{self.what.label}{which}：{f'{before} → ' if before else ''}{corrected_in_words(self)}；{self.reason}"


MOVES_A_LIMIT = (
    CorrectionOf.RECEIVED_ON,
    CorrectionOf.ACCEPTED_ON,
    CorrectionOf.SERVED_ON,
    CorrectionOf.CHANNEL,
    CorrectionOf.SOURCE,
    CorrectionOf.NAME,
    CorrectionOf.FEEDBACK_DUE,
    CorrectionOf.REQUEST,
    CorrectionOf.ROLE,
    CorrectionOf.LIVING,
    CorrectionOf.BODY,
)
"""What begins, ends or moves a limit, or makes it another's petition, another request or other words of
theirs: always two persons."""
SENDERS_PAPER = (CorrectionOf.SENDER_NUMBER, CorrectionOf.SENDER_DATE)
PRINTED = (
    CorrectionOf.SUBJECT,
    CorrectionOf.SENDER,
    CorrectionOf.SENDER_NUMBER,
    CorrectionOf.SENDER_DATE,
    CorrectionOf.GROUP_SIZE,
    CorrectionOf.PHONE,
    CorrectionOf.ADDRESS,
)
"""What else papers show that have been issued."""
WORDED = (CorrectionOf.SUBJECT, CorrectionOf.SENDER, CorrectionOf.SENDER_NUMBER, CorrectionOf.REQUEST)
"""What is corrected to a text; all else that isn't personal is a day or one of several words, and stays plain."""


FIELD_OF: dict[CorrectionOf, str] = {
    **dict.fromkeys((w for w in CorrectionOf if w.value.endswith(("_on", "_date", "_due"))), "new_day"),
    CorrectionOf.GROUP_SIZE: "new_number",
    CorrectionOf.CHANNEL: "new_channel",
    CorrectionOf.SOURCE: "new_source",
    CorrectionOf.ROLE: "new_role",
    CorrectionOf.CATEGORY: "new_category",
    CorrectionOf.LIVING: "new_living",
    **dict.fromkeys(WORDED, "new_text"),
    **dict.fromkeys((CorrectionOf.NAME, CorrectionOf.PHONE, CorrectionOf.ADDRESS), "new_value"),
    CorrectionOf.BODY: "new_body",
}
"""In which field of the form the new value of each item is asked for."""
PERSONAL = {CorrectionOf.NAME: "name", CorrectionOf.PHONE: "phone", CorrectionOf.ADDRESS: "address"}


def _came_without_a_name(facts: Facts) -> bool:
    registered = facts.last(Register.rule.code)
    return registered is not None and registered.step.anonymous


def corrected_to(step: Correct) -> str:
    """Return the new value as facts may hold it; empty where it is personal."""
    return step.public_value or step.text_value


def in_words(what: CorrectionOf, value: str) -> str:
    """Return a value as people read it: one of several words by its label."""
    words = {
        CorrectionOf.CHANNEL: Channel,
        CorrectionOf.SOURCE: Source,
        CorrectionOf.ROLE: PersonRole,
        CorrectionOf.LIVING: Living,
    }.get(what)
    return (words.label_of(value) if words else "") or value


def corrected_in_words(step: Correct) -> str:
    """Return the new value as people read it, or why it isn't shown."""
    if step.what is CorrectionOf.BODY:
        return "（全文略，原来的录入保留）"
    return in_words(step.what, corrected_to(step)) or "（个人信息，略）"


def value_before(step: Correct, facts: Facts) -> str:
    """Return what is corrected, as it is kept beside the new value; empty for what facts don't hold."""
    if step.what is CorrectionOf.REQUEST:
        return next((r.text for r in facts.requests if r.number == step.request), "")
    if step.what is CorrectionOf.ROLE:
        people = dict(enumerate(facts.persons, 1))
        return people[step.person].role.value if step.person in people else ""
    if step.what is CorrectionOf.LIVING:
        return Living.DECEASED.value if step.person in facts.deceased else ""
    if step.what in PERSONAL or step.what is CorrectionOf.BODY:
        return ""
    value = getattr(facts, step.what.value)
    return str(getattr(value, "value", value) or "")


def filled_in(step: Correct, facts: Facts) -> Correct:
    """Return the correction with its values where its event keeps them, whichever field of the form they came in.

    A person's and the letter's own words only among the withheld, other texts withheld too, all else in plain.
    """
    blank = replace(
        step,
        new_day=None,
        new_number=None,
        new_channel=None,
        new_source=None,
        new_role=None,
        new_category=None,
        new_living=None,
        new_text="",
        public_value="",
        text_value="",
        old_value="",
        old_text="",
    )
    if step.what is CorrectionOf.BODY:
        return replace(blank, new_value="")
    given = getattr(step, FIELD_OF[step.what])
    value = step.new_value if given in (None, "") else str(getattr(given, "value", given))
    if step.what in PERSONAL:
        return replace(blank, new_value=value, new_body="")
    before, blank = value_before(step, facts), replace(blank, new_value="", new_body="")
    if step.what in WORDED:
        return replace(blank, text_value=value, old_text=before)
    return replace(blank, public_value=value, old_value=before)


def _corrected(facts: Facts, step: Correct) -> Facts | None:
    """Return the facts with one value corrected, or None when the new value isn't of its kind.

    The words of the letter are in no facts: only that there are some is looked at.
    """
    if step.what is CorrectionOf.BODY:
        return facts if step.new_body else None
    value = corrected_to(step) or step.new_value
    if not value:
        return None
    if step.what in PERSONAL:
        return _with_person(facts, step.person, **{PERSONAL[step.what]: step.new_value})
    try:
        if step.what in (CorrectionOf.RECEIVED_ON, CorrectionOf.SERVED_ON, CorrectionOf.ACCEPTED_ON):
            if getattr(facts, step.what.value) is None:
                return None
            return _on_another_day(facts, step.what, read_date(value, step.what.label))
        if step.what is CorrectionOf.CHANNEL:
            return replace(facts, channel=_word(Channel, value))
        if step.what is CorrectionOf.SOURCE:
            return replace(facts, source=_word(Source, value))
        if step.what is CorrectionOf.SENDER_DATE:
            return replace(facts, sender_date=read_date(value, step.what.label))
        if step.what is CorrectionOf.FEEDBACK_DUE:
            return replace(facts, feedback_due=read_date(value, step.what.label))
        if step.what is CorrectionOf.GROUP_SIZE:
            return replace(facts, group_size=int(value))
        if step.what is CorrectionOf.ROLE:
            return _with_person(facts, step.person, role=_word(PersonRole, value))
        if step.what is CorrectionOf.LIVING:
            # How to reach them was taken out of the rows: it is corrected again, from the letter.
            alive = _word(Living, value) is Living.ALIVE
            return replace(facts, deceased=tuple(n for n in facts.deceased if n != step.person)) if alive else None
    except ValueError:
        return None
    if step.what is CorrectionOf.CATEGORY:
        return replace(facts, category=CategoryCode(value))
    if step.what is CorrectionOf.REQUEST:
        # A draft answers what was asked: it is written again.
        worded = tuple(replace(r, text=value) if r.number == step.request else r for r in facts.requests)
        return without_a_draft(replace(facts, requests=worded))
    if step.what is CorrectionOf.SENDER:
        return replace(facts, sender=value)
    return replace(facts, subject=value) if step.what is CorrectionOf.SUBJECT else replace(facts, sender_number=value)


def _with_person(facts: Facts, number: int, **given: Any) -> Facts:
    """Return the facts with this person corrected; who wasn't known at all becomes the first."""
    people = facts.persons or (PersonFacts(),)
    return replace(
        facts, persons=tuple(replace(p, **given) if place == number else p for place, p in enumerate(people, 1))
    )


def _on_another_day(facts: Facts, what: CorrectionOf, day: date) -> Facts:
    if what is CorrectionOf.SERVED_ON:
        return replace(facts, served_on=day)
    if what is CorrectionOf.ACCEPTED_ON:
        return replace(facts, accepted_on=day)
    clear = facts.contact_clear_since
    return replace(facts, received_on=day, contact_clear_since=day if clear == facts.received_on else clear)


W = TypeVar("W", bound=Word)


def _word(words: type[W], value: str) -> W:
    for word in words:
        if value in (word.value, word.label):
            return word
    raise ValueError(value)
