"""What rules may know about a case. Facts are folded from the event history and never stored as truth of their own.

Dates are calendar days in Asia/Shanghai; `recorded_at` is an aware time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from xinfang.procedure.step_schema import CategoryCode, StaffCode, UnitCode, step_field

from .people_words import MessageKind, Overseer, ReconsideredDecision
from .words import (
    Channel,
    Competence,
    Conclusion,
    Disposition,
    Material,
    MatterClass,
    PaperKind,
    PaperStage,
    PersonKind,
    PersonRole,
    Purpose,
    ReplyStage,
    Retention,
    ReviewResult,
    Role,
    Route,
    Source,
    State,
)

NOBODY = StaffCode("")
NO_UNIT = UnitCode("")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """One petitioner as told to us (H1, N19). In facts the personal fields hold only a mark that they were given."""

    name: str = step_field("姓名（名称）", default="", private=True, help="不清可空，系统会注明“姓名不清”", max=100)
    kind: PersonKind = step_field("信访人类型", default=PersonKind.NATURAL)
    role: PersonRole = step_field("身份", default=PersonRole.PETITIONER)
    phone: str = step_field("电话", default="", private=True, max=40)
    address: str = step_field("住址", default="", private=True, max=200)
    id_number: str = step_field("证件号码", default="", private=True, max=40, help="建议、咨询不要求证件号码")
    foreign: bool = step_field("外国人或境外组织", default=False)
    language: str = step_field("使用语言", default="", max=20, help="如蒙古语；原文为准，翻译时间不计入信访人等待")
    translate: bool = step_field("需要翻译", default=False)


ANSWERED_THE_WAY_IT_CAME = (Channel.ONLINE, Channel.PHONE, Channel.VISIT)
"""A visitor or caller is told there and then; what came over the network is answered over it."""


def can_be_reached(channel: Channel, persons: Iterable[PersonFacts], *, unnamed: bool = True) -> bool:
    """Tell whether the notice can be given to somebody: by name, and an address, a telephone or the way they came.

    A field that the office left empty takes nobody's notice away (N23): who stood at its desk is asked, and only a
    visitor who gives no name (`unnamed`) is none that can be told.
    """
    if channel is Channel.VISIT and not unnamed:
        return True
    return any(p.name and (p.address or p.phone or channel in ANSWERED_THE_WAY_IT_CAME) for p in persons)


def came_on_paper(source: Source, number: str, written_on: date | None) -> bool:
    """Tell whether a sender's paper came with it, to whom one may object; a visit at the bureau may have none (H12)."""
    return source.handed_down or (source is Source.AT_BUREAU and bool(number or written_on))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestText:
    """One request inside a petition; each is concluded apart (N32)."""

    text: str = step_field("诉求", long=True, max=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found and decided on one request (N32)."""

    request: int = step_field("诉求序号")
    finding: str = step_field("认定的事实", default="", long=True)
    conclusion: Conclusion | None = step_field("结论", default=None)
    basis: str = step_field("法律法规依据", default="", long=True, max=2000)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request and how far it is: concluded, and if supported, carried out or scheduled."""

    number: int
    text: str
    finding: str = ""
    conclusion: Conclusion | None = None
    basis: str = ""
    carried_out: str = ""
    changed: str = ""
    """What a review put in place of what was decided here."""

    @property
    def concluded(self) -> bool:
        """Whether the request has its finding, conclusion and legal basis (N32)."""
        return bool(self.finding and self.conclusion and self.basis)


@dataclass(frozen=True, slots=True)
class LetterPart:
    """What was split off a letter: the number of the case that it is now, and its requests as numbered here."""

    number: str
    requests: tuple[RequestFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionUnderReview:
    """The opinion of a body below that this department was asked to review, and what came of it (N35)."""

    body: str
    number: str
    got_on: date
    """The day on which the petitioner got it."""
    barred: frozenset[StaffCode] = frozenset()
    """Who handled the matter in this department: they don't review it."""
    reviewers: tuple[StaffCode, ...] = ()
    result: ReviewResult | None = None
    term: date | None = None
    """By when the body below must decide once more, or do what was changed."""
    complied_on: date | None = None


@dataclass(frozen=True, slots=True)
class DutyTerm:
    """A term in months and days from the acceptance, and the article that sets it."""

    months: int
    days: int
    source: str


@dataclass(frozen=True, slots=True)
class ClassifiedAs:
    """How a case is classified."""

    matter_class: MatterClass | None = None
    route: Route | None = None
    purpose: Purpose | None = None
    simple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassInLetter:
    """How the letter was classified when a part was split off it: nobody turns the part into something else alone."""

    matter_class: MatterClass = step_field("类别")
    route: Route | None = step_field("途径", default=None)
    purpose: Purpose | None = step_field("信访目的", default=None)
    competence: Competence | None = step_field("职权", default=None)
    simple: bool = step_field("适用简易办理", default=False)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """An attachment: `number` counts from 1 within the case, `digest` is the SM3 hash of its content (hex)."""

    number: int
    what: Material
    digest: str
    by: StaffCode
    kind: str = ""
    """What kind of file it is: pdf, jpg, docx, …"""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper: `number` counts from 1 within the case, `owed_by` is the event that owes it (0: none)."""

    number: int
    kind: PaperKind
    stage: PaperStage
    owed_by: int = 0
    by: StaffCode = NOBODY
    """Who made it, and then who submitted it."""
    document_number: str = ""
    digest: str = ""
    """SM3 of the text that was submitted (hex)."""
    signed: str = ""
    """SM3 of the text that was signed last (hex): it stays when the paper goes back, to show what was changed since."""
    signed_by: StaffCode = NOBODY
    """Who put the signature under it that counts."""
    pages: int = 0
    files: tuple[str, ...] = ()
    """SM3 of the files it was frozen in (hex)."""
    issued_on: date | None = None
    electronic: bool = False
    """Whether it was sent electronically, so that the petitioner may take delivery of it on the window."""
    left_on: date | None = None
    """The day on which it left the house first: handed over, posted or sent electronically; to each of several."""
    gone_to: frozenset[int] = frozenset()
    """The places of those to whom it went, of several whom nobody represents."""
    failed_on: date | None = None
    """The day on which it came back, or its receiver wasn't found, while it wasn't sent once more since."""
    failures: int = 0
    """How often it was known not to have arrived."""

    @property
    def is_scan(self) -> bool:
        """Whether it was made outside and filed as the scan of the sheet: one file, where an issued one has several."""
        return len(self.files) == 1


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What the petitioner wrote or said: `number` counts from 1 within the case."""

    number: int
    kind: MessageKind
    left_on: date
    online: bool
    """Whether they wrote it themselves, and so read the answer where they wrote."""
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event of the history.

    `step` is the frozen step that was taken: where a second person agreed, the one that was put forward.
    """

    seq: int
    code: str
    step: Any
    happened_on: date
    recorded_at: datetime
    by: StaffCode
    entered_by: StaffCode = NOBODY
    stage: str = "done"
    """done; or, where a second person decides: proposed, confirmed, refused."""
    moved: bool = False
    """Whether the case changed its state by it."""
    owes: tuple[PaperKind, ...] = ()
    """The papers that it called for, once it took effect."""
    sent: PaperKind | None = None
    """The paper that left the house by it, for the first time, and that was still owed."""
    tells_without_paper: bool = False
    """Whether no paper had to leave for it: under the simple procedure (S4), or with nobody to write to."""
    answer: Any = None
    """What the second person said; None of every other event."""
    told_at: int = 0
    """The number of the event that holds what was put forward: where a second person spoke, an earlier one."""

    @property
    def took_effect(self) -> bool:
        """Not while a second person is still to decide, nor when they refused."""
        return self.stage in ("done", "confirmed")


@dataclass(frozen=True, slots=True)
class PendingStep:
    """A step that waits for a second person."""

    code: str
    step: Any
    by: StaffCode
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The case as the history tells it."""

    number: str = ""
    state: State | None = None
    received_on: date | None = None
    contact_clear_since: date | None = None
    """Since when name and address are clear enough to write to; None while they are not (N23)."""
    channel: Channel = Channel.LETTER
    source: Source = Source.DIRECT
    sender: str = ""
    sender_number: str = ""
    sender_date: date | None = None
    feedback_due: date | None = None
    """The day by which the authority that handed the matter down wants the completion report (N22)."""
    subject: str = ""
    category: CategoryCode = CategoryCode("")
    persons: tuple[PersonFacts, ...] = ()
    deceased: tuple[int, ...] = ()
    """The places, counted from 1, of those who have died since, or ceased to be."""
    gone: tuple[int, ...] = ()
    """The places of those who have taken back their part of the petition: it goes on for the others."""
    group_size: int = 1
    requests: tuple[RequestFacts, ...] = ()
    complained_units: frozenset[UnitCode] = frozenset()
    complained_staff: frozenset[StaffCode] = frozenset()
    recused: frozenset[StaffCode] = frozenset()
    overseer: Overseer | None = None
    """Who sees it in place of the principal leader and the office, who may not; None where one of them may (N28)."""
    sealed_overseer: Overseer | None = None
    """Who sees it while it is sealed and none of its officers may, to name one for it (N30)."""
    named_officers: frozenset[StaffCode] = frozenset()
    """Who was named as the officer of this sealed case, as those of the department may not be it."""
    matter_class: MatterClass | None = None
    purpose: Purpose | None = None
    competence: Competence | None = None
    """Whose matter it is, as it was classified; None before (N23)."""
    route: Route | None = None
    simple: bool = False
    duty_term: DutyTerm | None = None
    """The term that the governing law sets for what is performed in the department's own power; None: two months."""
    classified_before: ClassifiedAs | None = None
    """How it was classified before it was sealed on its way; None where its first class sealed it, or none did."""
    repeat_of: str = ""
    joined_to: str = ""
    """The first case, by its number, together with which this repeat is handled and answered; empty where it isn't."""
    part_of: str = ""
    """The letter that this case was split off, by its number; empty for what came by itself."""
    class_in_letter: ClassInLetter | None = None
    """How the letter was classified that this case was split off; None where it wasn't, or there is no letter."""
    accepted_in_letter_on: date | None = None
    """The day on which the letter was accepted that this case was split off, if it was: its limits go on from there."""
    sent_back_in_letter_on: date | None = None
    """The day on which a review sent that letter back, if one did: a new round of handling began there."""
    extended_in_letter: int = 0
    """The days by which that letter's handling was extended: there is one extension (N34)."""
    parts: tuple[LetterPart, ...] = ()
    parts_told_on: date | None = None
    """The day on which the petitioner was told where each part went; None again once another part was split off."""
    reconsidering: ReconsideredDecision | None = None
    """The decision that the petitioner has asked to be looked at once more, while nobody has decided on it."""
    to_redo: bool = False
    """Whether a leader who checked a sample wants the case to be taken up again, and nobody has yet."""
    proposed_leader: StaffCode = NOBODY
    proposed_unit: UnitCode = NO_UNIT
    awaiting_principal: bool = False
    readers: tuple[StaffCode, ...] = ()
    """The leaders through whose hands the sheet still goes, in this order (圈阅)."""
    read_by: tuple[StaffCode, ...] = ()
    """The leaders through whose hands it went; one who is away was read for by a deputy."""
    to_principal: bool = False
    instructed_by: tuple[StaffCode, ...] = ()
    acting_office: UnitCode = NO_UNIT
    """The unit that does here what the office does, in a case about the office; named by the principal leader."""
    handling_unit: UnitCode = NO_UNIT
    assisting_units: tuple[UnitCode, ...] = ()
    responsible_leader: StaffCode = NOBODY
    handler: StaffCode = NOBODY
    noticed_on: date | None = None
    """The day on which a notice or an answer first left for the petitioner (N23); None before."""
    accepted_on: date | None = None
    handed_over_to_unit: bool = False
    signed_for: bool = False
    heard: bool = False
    promised_on: date | None = None
    extension_asked: int = 0
    extended_days: int = 0
    advisers: frozenset[StaffCode] = frozenset()
    advice_wanted: bool = False
    advice_given: bool = False
    meeting_wanted: bool = False
    wanted_leader: StaffCode = NOBODY
    """The leader whom the petitioner asks to see, or is to see; nobody in particular where none was named (H11)."""
    reply_stage: ReplyStage = ReplyStage.NONE
    signed_text: str = ""
    """SM3 (hex) of the reply's text that was signed last; empty before, and for signatures that kept no text."""
    disposition: Disposition | None = None
    replied_on: date | None = None
    """The day on which the reply or the answer left for the petitioner (N34); None before."""
    served_on: date | None = None
    """The day from which the reply counts as served: it lies ahead while a public notice runs."""
    served_persons: frozenset[int] = frozenset()
    """The places of those to whom the opinion was served by name: in a joint letter that nobody represents, each."""
    failed_services: int = 0
    """How often the reply was tried to be served and was not."""
    review_stage: str = ""
    """'', first_asked, first_done, final_asked, final_done."""
    review_askers: frozenset[int] = frozenset()
    """The places of those who asked for the first review: of several each may, until it is decided."""
    review_sent_on: date | None = None
    """The day on which a request for review that was handed in here went on to the body above."""
    review_arrived_on: date | None = None
    """The day on which the body above had the request: its term counts from it."""
    review_result: ReviewResult | None = None
    review_served_on: date | None = None
    hearing_days: int = 0
    review_of: OpinionUnderReview | None = None
    """Set where this department is the reviewing body: the case is a request to review another body's opinion."""
    supervised: bool = False
    office_pressed: bool = False
    """Whether the latest supervision pressed the office, which still had the case, and not a unit."""
    archive_submitted: bool = False
    archived_from: State | None = None
    """The state in which the archive room took the file: what belongs into it follows from there."""
    archived_on: date | None = None
    volume: str = ""
    retention: Retention | None = None
    destroyed_on: date | None = None
    """The day on which the file was destroyed at the end of its period: then only its events are left."""
    rated: bool = False
    closed_on: date | None = None
    ended_on: date | None = None
    """The day on which the case ended, on the path or aside; None while it is open. Archiving is no other end."""
    files: tuple[FileFacts, ...] = ()
    papers: tuple[PaperFacts, ...] = ()
    messages: tuple[MessageFacts, ...] = ()
    electronic_since: date | None = None
    """Since when the petitioner agrees to electronic service; None where they don't, or do no more."""
    electronic_persons: frozenset[int] = frozenset()
    """Who of several agrees to it: nobody agrees for somebody else."""
    pending: Mapping[str, PendingStep] = field(default_factory=dict)
    history: tuple[CaseEvent, ...] = ()

    @property
    def handed_down(self) -> bool:
        """Whether the bureau or a superior handed it down on paper: objection is possible (H8, N23)."""
        return came_on_paper(self.source, self.sender_number, self.sender_date)

    @property
    def sealed(self) -> bool:
        """A report of wrongdoing lives in the sealed compartment from classification on (N22, N30)."""
        return self.matter_class is MatterClass.REPORT

    @property
    def classified_as(self) -> ClassInLetter | None:
        """How it is classified; of a part that has no class yet, how its letter was. None where nobody has found it."""
        if self.matter_class is None:
            return self.class_in_letter
        return ClassInLetter(
            matter_class=self.matter_class,
            route=self.route,
            purpose=self.purpose,
            competence=self.competence,
            simple=self.simple,
        )

    @property
    def short_path(self) -> bool:
        """Suggestions and consultations: register, classify, refer, answer (N29)."""
        return self.matter_class is MatterClass.SUGGESTION or (
            self.purpose is Purpose.CONSULTATION and self.matter_class is not MatterClass.REPORT
        )

    @property
    def answered_at_the_desk(self) -> bool:
        """Whether it is a question of a caller or visitor that no unit was given; the office answers it (H11)."""
        asked = self.purpose is Purpose.CONSULTATION and self.channel in (Channel.PHONE, Channel.VISIT)
        return asked and self.short_path and not self.handling_unit

    @property
    def suggestion(self) -> bool:
        """Whether it is a suggestion, which is studied and taken up or not; a consultation is none (N29)."""
        return self.matter_class is MatterClass.SUGGESTION and self.purpose is not Purpose.CONSULTATION

    @property
    def own_power(self) -> bool:
        """Whether the department itself holds the power: it performs or answers under the governing law (N31(四)(五))."""
        # Sealed on its way it has no route to be seen by; what was its remedy, and its term, stays so.
        route = self.classified_before.route if self.classified_before else self.route
        return route in (Route.FOUR, Route.FIVE) and self.competence is Competence.OURS

    @property
    def simple_claim(self) -> bool:
        """A claim under the simple procedure (S4): a suggestion is none, whatever was ticked."""
        return self.simple and not self.short_path

    @property
    def unfit(self) -> frozenset[StaffCode]:
        """Who may not decide or handle here: recused, complained of, or who handled what is reviewed (N28, N35)."""
        barred = self.review_of.barred if self.review_of else frozenset()
        return self.recused | self.complained_staff | barred

    @property
    def leaders(self) -> frozenset[StaffCode]:
        """The leaders who are asked about this case, or were: in charge, to instruct, to read, to meet who asked."""
        asked = (
            self.responsible_leader,
            self.proposed_leader,
            self.wanted_leader,
            *self.instructed_by,
            *self.readers,
            *self.read_by,
        )
        return frozenset(leader for leader in asked if leader)

    @property
    def who_still_asks(self) -> frozenset[int]:
        """The places of those who still bring the matter: no agents, and nobody who has died or taken it back."""
        named = {n for n, p in enumerate(self.persons, 1) if p.role is not PersonRole.AGENT}
        return frozenset(named - {*self.deceased, *self.gone})

    @property
    def each_of_several(self) -> frozenset[int]:
        """The places of those whom each paper must reach: of several, each who can be reached, represented by nobody.

        What a representative gets counts for all (N20). Where one alone can be reached, what is sent is theirs.
        """
        asking = {n: p for n, p in enumerate(self.persons, 1) if n in self.who_still_asks}
        if any(p.role is PersonRole.REPRESENTATIVE for p in asking.values()):
            return frozenset()
        reachable = frozenset(n for n, p in asking.items() if p.name and (p.address or p.phone))
        return reachable if len(reachable) > 1 else frozenset()

    @property
    def still_to_be_served(self) -> frozenset[int]:
        """The places of those who must still get the opinion (N35)."""
        return self.each_of_several - self.served_persons

    def agreed_to_electronic(self, persons: Iterable[int]) -> bool:
        """Tell whether those who get a paper agreed to electronic service: of several each who is named."""
        named = frozenset(persons)
        if not self.each_of_several:
            return self.electronic_since is not None
        return bool(named) and named <= self.electronic_persons

    def still_to_get(self, paper: "PaperFacts") -> frozenset[int]:
        """Return the places of those to whom this paper must still go, until it has left to each (N23)."""
        return frozenset() if paper.left_on else self.each_of_several - paper.gone_to

    @property
    def review_asked(self) -> bool:
        """Whether a review was asked for and not decided."""
        return self.review_stage in ("first_asked", "final_asked")

    @property
    def review_request_waits(self) -> bool:
        """Whether a request for review lies in this department and must go on to the body above (N35)."""
        return self.review_asked and self.review_sent_on is None and self.review_arrived_on is None

    @property
    def units(self) -> frozenset[UnitCode]:
        """The units that handle or assist."""
        return frozenset(u for u in (self.handling_unit, *self.assisting_units) if u)

    def paper(self, number: int) -> PaperFacts | None:
        """Return the paper of this number, or None."""
        return next((p for p in self.papers if p.number == number), None)

    def filed(self, *whats: Material) -> tuple[FileFacts, ...]:
        """Return the attachments of these kinds that were not withdrawn."""
        return tuple(f for f in self.files if f.what in whats and not f.withdrawn)

    def frozen_as(self, digest: str) -> "PaperFacts | None":
        """Return the paper that a file is the frozen form of, or None."""
        return next((p for p in self.papers if digest in p.files), None)

    def last(self, code: str) -> CaseEvent | None:
        """Return the latest event of a step that took effect, or None."""
        return next((h for h in reversed(self.history) if h.code == code and h.took_effect), None)

    def last_by(self, code: str) -> StaffCode:
        """Return who took the latest step of this code that took effect; nobody where there is none."""
        event = self.last(code)
        return event.by if event else NOBODY


@dataclass(frozen=True, slots=True)
class DutyHeld:
    """A duty as it is held today; `acting_for` names the colleague for whom a deputy acts."""

    role: Role
    unit: UnitCode = NO_UNIT
    acting_for: StaffCode = NOBODY


IN_THE_OFFICE = {Role.OFFICE_HEAD: Role.UNIT_HEAD, Role.OFFICE: Role.HANDLER}
"""The office is a unit like others when it handles a matter itself: its head heads it, its clerks handle (H5, H6)."""


def with_implied_duties(duties: Iterable[DutyHeld]) -> tuple[DutyHeld, ...]:
    """Return these duties, and after them those that come with them."""
    held = tuple(duties)
    implied = (replace(d, role=IN_THE_OFFICE[d.role]) for d in held if d.role in IN_THE_OFFICE and d.unit)
    return (*held, *(d for d in implied if d not in held))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, with the duties held on that day; or a petitioner, with what was proven of them."""

    code: StaffCode
    name: str
    duties: tuple[DutyHeld, ...] = ()
    case: str = ""
    """Of a petitioner: the number of the one case that they were proven to have brought."""
    person: int = 0
    """Of a petitioner: for which of its persons that was proven, counted from 1."""
    own_secret: bool = False
    """Of a petitioner: whether they proved it by what the office never knew.

    That is a word that they chose themselves, or the code of what they submitted on the window. The telephone number
    and the code of a printed notice are known to who registered the case.
    """

    @property
    def codes(self) -> frozenset[StaffCode]:
        """The persons for whom this actor may act: themselves and the colleagues they deputise for today."""
        return frozenset((self.code, *(d.acting_for for d in self.duties if d.acting_for)))

    def has(self, *roles: Role) -> bool:
        """Tell whether one of these roles is held today."""
        return any(d.role in roles for d in self.duties)

    def only_stands_in(self, *roles: Role) -> bool:
        """Tell whether these roles are held in somebody else's place alone."""
        held = [d for d in self.duties if d.role in roles]
        return bool(held) and all(d.acting_for for d in held)

    def units(self, *roles: Role) -> frozenset[UnitCode]:
        """Return the units in which one of these roles is held."""
        return frozenset(d.unit for d in self.duties if d.role in roles and d.unit)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as rules see it."""

    code: UnitCode
    name: str
    can_handle: bool
    leader: StaffCode = NOBODY


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """A member of staff as rules see them: the roles held today."""

    code: StaffCode
    name: str
    roles: frozenset[Role]
    units: frozenset[UnitCode] = frozenset()
    duties: tuple[DutyHeld, ...] = ()
    """What they may do today, also for colleagues in whose place they act; nothing for a person who has left."""
    away: bool = False
    """Whether they are away today, so that what waits for them waits for their deputy."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Who and what exists today; steps refer to units and staff by code."""

    units: Mapping[UnitCode, UnitFacts]
    staff: Mapping[StaffCode, StaffFacts]
    department: str = ""
    """The name of the department itself."""

    def is_this_department(self, body: str) -> bool:
        """Tell whether what somebody wrote as another body is this department, or one of its units."""
        named = body.strip()
        ours = {self.department, *(u.name for u in self.units.values())} - {""}
        return named in ours or named.startswith(("本厅", "我厅", *filter(None, (self.department,))))

    def unit_name(self, code: str) -> str:
        """Return the name of a unit; its code where there is no such unit."""
        unit = self.units.get(UnitCode(code))
        return unit.name if unit else code

    def staff_name(self, code: str) -> str:
        """Return the name of a person; their code where there is no such person."""
        person = self.staff.get(StaffCode(code))
        return person.name if person else code

    def actors(self, *, here: bool = True) -> Iterator[Actor]:
        """Yield everybody with a duty today; unless `here` is False only those who aren't away."""
        for person in self.staff.values():
            if person.duties and not (here and person.away):
                yield Actor(person.code, person.name, person.duties)

    def is_leader(self, code: str) -> bool:
        """Tell whether this person is a leader of the department."""
        person = self.staff.get(StaffCode(code))
        return person is not None and bool(person.roles & {Role.LEADER, Role.PRINCIPAL_LEADER})


SYSTEM = Actor(StaffCode("system"), "系统", (DutyHeld(Role.SYSTEM),))
