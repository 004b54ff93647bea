"""A large population: walks made by `perform`, copied with other days, units, people, texts and numbers.

A copy's columns, deadlines and tasks are not copied blindly: its events are moved to other days and replayed, and the
deadlines computed from them, by the same functions that `perform` uses. `check` then compares a sample.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection

from xinfang.accounts.models import Staff, Unit
from xinfang.archive.models import ArchiveVolume
from xinfang.attachments.models import Attachment
from xinfang.audit import append_only_triggers
from xinfang.calendars.queries import calendar
from xinfang.cases.inquiry_codes import draw_code, mark_of
from xinfang.cases.models import (
    CaseVisibility,
    Deadline,
    Event,
    EventText,
    Petition,
    Petitioner,
    Request,
    RequiredPaper,
    Task,
)
from xinfang.cases.models.encryption import INQUIRY_CODE_PLACE, case_key, encrypt_event_text, text_digest
from xinfang.cases.projections.columns import SEALED_SUBJECT_IN_LISTS, set_columns
from xinfang.cases.projections.deadlines import set_first_due
from xinfang.cases.queries.petitions import events_of, stored_event
from xinfang.core.models import NumberSeries
from xinfang.exchange.models import Outgoing
from xinfang.notifications.models import Notification
from xinfang.papers.models import Paper, PaperText
from xinfang.procedure.alerts import next_alert
from xinfang.procedure.archive import retained_until
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts
from xinfang.procedure.replay import StoredEvent, replay, step_of
from xinfang.procedure.step_schema import dump_step
from xinfang.procedure.words import NUMBER_PREFIX
from xinfang.search import index
from xinfang.vault.hash_chain import canonical
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal

from . import grounds
from .chaining import chain_cases
from .department import HANDLING_UNITS, handler, head, leader_of
from .tables import Table, sql_value
from .texts import letter
from .ways import ARRIVALS, HANDLER, HEAD, LEADER, OPEN_SHARE, UNIT, WAYS, Way, length, walk

YEARS_BACK = 4
_WALKED_ON = date(2026, 3, 2)
_DAYS_PER_ENDED_WALK = 60
_MANY = 2000
"""Below this many petitions it isn't worth while to walk every way once for each channel."""
_OWN = ("id", "number", "inquiry_mark", "inquiry_sealed", "subject", "body", "wrapped_key")
"""Columns of a petition that no two copies share."""


@dataclass(frozen=True)
class TemplateCase:
    """A petition walked through `perform`, with its rows, to be copied."""

    way: Way
    petition: Petition
    events: list[StoredEvent]
    rows: dict[str, list[Any]]


@dataclass(frozen=True)
class MovedCase:
    """A walk moved to a day and a unit: everything of its rows but the texts, numbers and names."""

    start: date
    sealed: bool
    series: tuple[str, int]
    petition: tuple[Any, ...]
    registered: dict[str, Any]
    events: list[tuple[Any, ...]]
    texts: list[dict[str, Any]]
    """All answers of each event, of which its row shows some."""
    deadlines: list[tuple[Any, ...]]
    rows: dict[str, list[tuple[Any, ...]]]
    requests: list[tuple[Any, ...]]


def build(size: int, today: date, seed: int = 2, say: Callable[[str], None] = print) -> list[int]:
    """Fill an empty database (with its department) up to `size` petitions; returns their ids."""
    rng = random.Random(seed)
    with connection.cursor() as cursor:
        # Only while building: nobody else is there, and a broken population is thrown away.
        cursor.execute("PRAGMA synchronous=OFF")
    arrivals = ARRIVALS if size >= _MANY else ARRIVALS[:1]
    walks = [
        _read(way, walk(way, arrival, _WALKED_ON, place))
        for place, (way, arrival) in enumerate((w, a) for w in WAYS for a in arrivals)
    ]
    say(f"{len(walks)} petitions walked through perform")
    casts = _casts(walks, size - len(walks), today, rng)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
    append_only_triggers.remove()
    _copy(casts, rng)
    chain_cases()
    append_only_triggers.install()
    connection.check_constraints()
    say(f"{size} petitions, {Event.objects.count()} events copied")
    grounds.fill(say)
    index.rebuild_index()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return list(Petition.objects.order_by("id").values_list("id", flat=True))


def _read(way: Way, number: str) -> TemplateCase:
    petition = Petition.objects.get(number=number)
    rows = {
        "event": list(events_of(petition)),
        "paper": list(RequiredPaper.objects.filter(petition=petition).select_related("event")),
        "task": list(petition.tasks.select_related("unit", "staff")),
        "seeing": list(CaseVisibility.objects.filter(petition=petition).select_related("unit", "staff")),
        "notice": list(Notification.objects.filter(petition=petition).select_related("staff")),
        "request": list(petition.requests.all()),
        "file": list(petition.attachments.select_related("event")),
        "outgoing": list(petition.outgoing.order_by("id")),
        "made": list(petition.made_papers.select_related("pdf", "word", "ofd").prefetch_related("texts")),
    }
    for paper in rows["made"]:
        paper.petition = petition
    key = case_key(petition)
    return TemplateCase(way, petition, [stored_event(e, key) for e in rows["event"]], rows)


def _casts(walks: list[TemplateCase], count: int, today: date, rng: random.Random) -> list[MovedCase]:
    """Return the cast of each copy, in the order of receipt.

    Several copies share one: replaying each would take too long.
    """
    by_way = defaultdict(list)
    for w in walks:
        by_way[w.way.name].append(w)
    caster = _Caster(today)
    chosen = []
    ended_days = {id(w): [_long_ago(w, today, rng) for _ in range(_DAYS_PER_ENDED_WALK)] for w in walks}
    for way in rng.choices(WAYS, _shares(), k=count):
        source = rng.choice(by_way[way.name])
        if way.oldest is None:
            start = rng.choice(ended_days[id(source)])
            unit = HANDLING_UNITS[start.toordinal() % len(HANDLING_UNITS)]
        else:
            start = today - timedelta(days=rng.randint(length(way), max(way.oldest, length(way))))
            unit = HANDLING_UNITS[(start.toordinal() * 3 + rng.randrange(3)) % len(HANDLING_UNITS)]
        chosen.append((start, source, unit))
    chosen.sort(key=lambda c: c[0])
    return [caster.cast(source, start, unit) for start, source, unit in chosen]


def _shares() -> list[float]:
    """Return how often each way is gone, with the open ones brought to OPEN_SHARE together."""
    opened = sum(w.share for w in WAYS if w.oldest is not None)
    ended = sum(w.share for w in WAYS if w.oldest is None)
    return [w.share * (1000 - OPEN_SHARE) / ended if w.oldest is None else w.share * OPEN_SHARE / opened for w in WAYS]


def _long_ago(source: TemplateCase, today: date, rng: random.Random) -> date:
    return today - timedelta(days=rng.randint(length(source.way) + 1, 365 * YEARS_BACK))


class _Caster:
    """Moves walks to other days and units, each pair once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.calendar = calendar()
        self.staff = dict(Staff.objects.values_list("username", "pk"))
        self.units = dict(Unit.objects.values_list("code", "pk"))
        self.made: dict[tuple[str, date, str], MovedCase] = {}

    def cast(self, source: TemplateCase, start: date, unit: str) -> MovedCase:
        key = (source.petition.number, start, unit)
        if key not in self.made:
            self.made[key] = self._make(source, start, unit)
        return self.made[key]

    def _make(self, source: TemplateCase, start: date, unit: str) -> MovedCase:
        shift = start - _WALKED_ON
        which = 1 + start.toordinal() % 2
        named = {UNIT: unit, HEAD: head(unit), HANDLER: handler(unit, which), LEADER: leader_of(unit)}

        def pk(person: Any) -> int | None:
            return person and self.staff[named.get(person.username, person.username)]

        def unit_pk(of: Any) -> int | None:
            return of and self.units[named.get(of.code, of.code)]

        moved = [
            replace(
                e,
                data=_moved(e.data, shift, named),
                happened_on=e.happened_on + shift,
                recorded_at=e.recorded_at + shift,
                by=named.get(e.by, e.by),
                entered_by=named.get(e.entered_by, e.entered_by),
            )
            for e in source.events
        ]
        facts = replay("", moved)
        petition, runs = self._petition(source, facts, moved)
        events = [
            (
                e.seq,
                e.code,
                e.stage,
                canonical(dump_step(step_of(e.code, e.stage, e.data), withhold=True)),
                "",
                e.happened_on.isoformat(),
                sql_value(e.recorded_at),
                pk(row.by),
                pk(row.entered_by),
                row.by_role,
                pk(row.acting_for),
                row.state_before,
                row.state_after,
                None,
                "",
            )
            for e, row in zip(moved, source.rows["event"], strict=True)
        ]
        rows = {
            "task": [
                (t.step, t.words, t.role, unit_pk(t.unit), pk(t.staff), petition.next_due.isoformat())
                for t in source.rows["task"]
            ],
            "seeing": [(pk(s.staff), unit_pk(s.unit), s.why) for s in source.rows["seeing"]],
            "paper": [(p.event.seq, p.kind) for p in source.rows["paper"]],
            "outgoing": [
                (o.key.rsplit("-", 1)[1], o.seq, o.kind, o.state, sql_value(o.created_at + shift), o.reason)
                for o in source.rows["outgoing"]
            ],
            # Every copy has the same encrypted file, which lies on the disk once.
            "file": [
                (a.place, a.what, a.kind, a.size, a.digest, a.address, a.wrapped_key, a.name_sealed, a.event.seq)
                for a in source.rows["file"]
            ],
            "archived": _archived(facts),
            "made": [
                (
                    p.place,
                    p.kind,
                    p.stage,
                    p.owed_by,
                    p.number,
                    p.revision,
                    p.pages,
                    _day(p.issued_on, shift),
                    _day(p.left_on, shift),
                    _day(p.failed_on, shift),
                    p.pdf,
                    p.word,
                    p.ofd,
                )
                for p in source.rows["made"]
            ],
            "wording": [
                (p.place, t.revision, pk(t.by), sql_value(t.at + shift), t.how, _text_of(t, p))
                for p in source.rows["made"]
                for t in p.texts.all()
            ],
            "notice": [
                (
                    pk(n.staff),
                    n.kind,
                    n.text.split("：", 1)[1],
                    sql_value(n.created_at + shift),
                    self._read_at(n, shift),
                    sql_value(n.ended_at + shift) if n.ended_at else None,
                    n.ended_why,
                )
                for n in source.rows["notice"]
            ],
        }
        return MovedCase(
            start=start,
            sealed=facts.sealed,
            series=(NUMBER_PREFIX[facts.channel], start.year),
            petition=tuple(sql_value(getattr(petition, f.attname)) for f in PETITIONS.shared),
            registered=dict(moved[0].data),
            events=events,
            texts=[dict(e.data) for e in moved],
            deadlines=self._deadlines(runs),
            rows=rows,
            requests=[
                (r.number, r.finding, r.conclusion, r.basis, r.changed, r.carried_out) for r in source.rows["request"]
            ],
        )

    def _petition(self, source: TemplateCase, facts: Facts, moved: list[StoredEvent]) -> tuple[Petition, Any]:
        """Return the petition with its columns, made by the code that makes them for `perform`."""
        first = source.petition
        petition = Petition(
            registered_at=moved[0].recorded_at,
            told_orally=first.told_orally,
            sender=first.sender,
            sender_date=first.sender_date,
            group_size=first.group_size,
            revision=first.revision,
        )
        set_columns(petition, facts)
        runs = running(facts, self.calendar)
        set_first_due(petition, runs)
        return petition, runs

    def _deadlines(self, runs: Any) -> list[tuple[Any, ...]]:
        rows = []
        for run in runs:
            # Warnings are events: the first sweep gives them.
            rows.append(
                tuple(
                    sql_value(v)
                    for v in (
                        run.clock.code,
                        run.occurrence,
                        run.started_on,
                        run.due.due,
                        run.due.alarm,
                        run.due.provisional and run.stopped_on is None,
                        run.stopped_on,
                        run.stopped_by,
                        "",
                        next_alert(run, ""),
                        0,
                    )
                )
            )
        return rows

    def _read_at(self, notice: Notification, shift: timedelta) -> str | None:
        """Return when a message was read; those of the last days are still unread."""
        when = notice.created_at + shift
        return None if when.date() > self.today - timedelta(days=3) else sql_value(when + timedelta(hours=20))


def _day(day: date | None, shift: timedelta) -> str | None:
    return (day + shift).isoformat() if day else None


def _text_of(version: PaperText, paper: Paper) -> str:
    version.paper = paper
    return version.text


def _archived(facts: Facts) -> list[tuple[Any, ...]]:
    """Return the archive room's row, without the case and its number."""
    if facts.archived_on is None or facts.retention is None:
        return []
    until = retained_until(facts.retention, facts.archived_on)
    return [(str(facts.retention.value), sql_value(facts.archived_on), sql_value(until), None, None)]


def _moved(value: Any, shift: timedelta, named: dict[str, str]) -> Any:
    """Move JSON answers to other days and other people."""
    if isinstance(value, dict):
        return {k: _moved(v, shift, named) for k, v in value.items()}
    if isinstance(value, list):
        return [_moved(v, shift, named) for v in value]
    if isinstance(value, str):
        if len(value) == 10 and value[4] == value[7] == "-" and value < "2099":
            return (date.fromisoformat(value) + shift).isoformat()
        return named.get(value, value)
    return value


PETITIONS = Table(Petition, own=_OWN)
_PEOPLE = Table(Petitioner)
_REQUESTS = Table(Request)
_EVENTS = Table(Event, own=("id", "petition"))
_TEXTS = Table(EventText)
_DEADLINES = Table(Deadline)
_TASKS = Table(Task)
_PAPERS = Table(RequiredPaper)
_SEEING = Table(CaseVisibility)
_NOTICES = Table(Notification)
_FILES = Table(Attachment, own=("id",))
_MADE = Table(Paper, own=("id",))
_WORDINGS = Table(PaperText)
_OUTGOING = Table(Outgoing)
_ARCHIVED = Table(ArchiveVolume)
_ALL = (
    PETITIONS,
    _PEOPLE,
    _REQUESTS,
    _EVENTS,
    _TEXTS,
    _FILES,
    _MADE,
    _WORDINGS,
    _OUTGOING,
    _ARCHIVED,
    _DEADLINES,
    _TASKS,
    _PAPERS,
    _SEEING,
    _NOTICES,
)


def _with_own_numbers(answers: dict[str, Any], number: str) -> dict[str, Any] | None:
    """Return the answers with the numbers that no two cases share; None where they have none."""
    if answers.get("volume"):
        return {**answers, "volume": number}
    if answers.get("document_number"):
        return {**answers, "document_number": _document_number(answers["document_number"], number)}
    return None


def _document_number(given: str, number: str) -> str:
    """Return the number of a paper of another case: 内科信告〔2026〕3号 becomes 内科信告〔2026〕LX2026000123-3号."""
    series, _, place = given.partition("〕")
    return f"{series}〕{number}-{place}"


def _copy(casts: list[MovedCase], rng: random.Random) -> None:
    last: Counter[tuple[str, int]] = Counter({(s.prefix, s.year): s.last for s in NumberSeries.objects.all()})
    petition_id = Petition.objects.order_by("-id").values_list("id", flat=True)[0]
    event_id = Event.objects.order_by("-id").values_list("id", flat=True)[0]
    file_id = Attachment.objects.order_by("-id").values_list("id", flat=True)[0]
    paper_id = Paper.objects.order_by("-id").values_list("id", flat=True)[0]
    for cast in casts:
        petition_id += 1
        last[cast.series] += 1
        number = f"{cast.series[0]}{cast.series[1]}{last[cast.series]:06d}"
        text = letter(rng, len(cast.requests))
        code = draw_code()
        key, wrapped = keyring().new_key()
        code_sealed = seal(key, code.encode(), INQUIRY_CODE_PLACE)
        words = (SEALED_SUBJECT_IN_LISTS, "") if cast.sealed else (text.subject, text.body)
        PETITIONS.add((petition_id, number, mark_of(code), code_sealed, *words, wrapped, *cast.petition))
        phone, address = (
            seal(key, value.encode(), f"{field}:1".encode())
            for field, value in (("phone", text.phone), ("address", text.address))
        )
        name, name_sealed = ("", seal(key, text.name.encode(), b"name:1")) if cast.sealed else (text.name, None)
        kept = (name_sealed, phone, address, None, False, "", False)
        _PEOPLE.add((petition_id, 1, name, "natural", "petitioner", *kept))
        for (place, *rest), asked in zip(cast.requests, text.requests, strict=True):
            _REQUESTS.add((petition_id, place, "" if cast.sealed else asked, *rest))
        persons = [dict(p) for p in cast.registered.get("persons", ())]
        for person in persons[:1]:
            person |= {"name": text.name, "phone": text.phone, "address": text.address}
        told = {
            **cast.registered,
            "persons": persons,
            "subject": text.subject,
            "body": text.body,
            "requests": [{"text": r} for r in text.requests],
        }
        for place, (row, text_of) in enumerate(zip(cast.events, cast.texts, strict=True), 1):
            own = told if place == 1 else _with_own_numbers(text_of, number)
            if own is not None:
                shown = dump_step(step_of(row[1], row[2], own), withhold=True)
                text_of, row = own, (*row[:3], canonical(shown), *row[4:])
            if canonical(text_of) != row[3]:
                sealed = encrypt_event_text(key, place, text_of)
                row = (*row[:4], text_digest(sealed), *row[5:])
                _TEXTS.add((event_id + place, sealed))
            _EVENTS.add((event_id + place, petition_id, *row))
        for row in cast.deadlines:
            _DEADLINES.add((petition_id, *row))
        for row in cast.rows["task"]:
            _TASKS.add((petition_id, *row))
        for row in cast.rows["seeing"]:
            _SEEING.add((petition_id, *row))
        for seq, kind in cast.rows["paper"]:
            _PAPERS.add((petition_id, event_id + seq, kind))
        for archived in cast.rows["archived"]:
            _ARCHIVED.add((petition_id, number, *archived))
        files = {}
        for *file, seq in cast.rows["file"]:
            file_id += 1
            files[file[0]] = file_id
            _FILES.add((file_id, petition_id, *file, event_id + seq, None))
        papers = {}
        for place, kind, stage, owed_by, given, revision, pages, issued, left, *made in cast.rows["made"]:
            paper_id += 1
            papers[place] = paper_id
            own_number = _document_number(given, number) if given else None
            ends = (revision, pages, issued, left, *(f and files[f.place] for f in made))
            _MADE.add((paper_id, petition_id, place, kind, stage, owed_by, own_number, *ends))
        for place, revision, by, at, how, words_of in cast.rows["wording"]:
            sealed = seal(key, words_of.encode(), f"paper:{place}:{revision}".encode())
            _WORDINGS.add((papers[place], revision, sealed, by, at, how))
        for of_what, seq, kind, state, created, reason in cast.rows["outgoing"]:
            fixed = (0, created, None, "", "", None, reason)
            _OUTGOING.add((f"{number}-{of_what}", petition_id, seq, kind, state, created, *fixed))
        for staff, kind, words, created, read, *ended in cast.rows["notice"]:
            told = f"{number}：{words}"
            _NOTICES.add((staff, petition_id, None, kind, told, created, read, created, 0, None, "", *ended))
        event_id += len(cast.events)
    for table in _ALL:
        table.flush()
    for (prefix, year), number_given in last.items():
        NumberSeries.objects.update_or_create(prefix=prefix, year=year, defaults={"last": number_given})
