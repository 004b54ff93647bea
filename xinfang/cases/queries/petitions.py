"""Reading a case as it is kept: its row, its events, and the facts they tell.

Nothing here is hidden from anybody: pages and commands use `cases.access`, lists `cases.queries.visible_petitions`.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import DatabaseError
from django.db.models import F, QuerySet

from xinfang.cases.models import Event, Petition
from xinfang.cases.models.encryption import case_key, decrypt_event_text
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.compiled_queries import compiled_query_for_text
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.replay import StoredEvent, answers_with_text_of, replay, replay_each
from xinfang.procedure.step_schema import StaffCode
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import DecryptionFailed, VaultError

_log = structlog.get_logger(__name__)

SealedText = bytes | memoryview | None


@contextmanager
def translate_damage(where: str) -> Iterator[None]:
    """Turn anything that goes wrong inside into DecryptionFailed: an event that no version ever wrote was altered.

    Raises:
        DecryptionFailed: something failed that isn't one of the two below.
        VaultError: what is encrypted can't be opened, or its key can't be used.
        DatabaseError: the database failed.
    """
    try:
        yield
    except (VaultError, DatabaseError):
        raise
    except Exception as e:
        raise DecryptionFailed(f"{where}的记录无法读出：被改动过。请运行 xinfang verify，报告审计员。") from e


def answers_with_text(
    code: str, stage: str, seq: int, data: dict[str, Any], sealed: SealedText, key: bytes | None
) -> dict[str, Any]:
    """Return the answers of an event with the text that it withholds; personal fields stay marked.

    Where the text was erased, or the case's key, all stay marked.

    Raises:
        DecryptionFailed: the text was altered.
    """
    if sealed is None or key is None:
        return data
    try:
        whole = decrypt_event_text(key, seq, sealed)
    except DecryptionFailed:
        raise DecryptionFailed(
            f"第{seq}步的文字无法还原：被改动过，或取自别处。请运行 xinfang verify，报告审计员。"
        ) from None
    with translate_damage(f"第{seq}步"):
        return answers_with_text_of(code, stage, data, whole)


def stored_event(event: Event, key: bytes | None) -> StoredEvent:
    """Return an event of `events_of` as the procedure reads it.

    Raises:
        DecryptionFailed: its text was altered.
    """
    return StoredEvent(
        event.seq,
        event.code,
        event.stage,
        answers_with_text(
            event.code,
            event.stage,
            event.seq,
            event.data,
            event.sealed,  # type: ignore[attr-defined]
            key,
        ),
        event.happened_on,
        event.recorded_at,
        StaffCode(event.by.get_username() if event.by else ""),
        StaffCode(event.entered_by.get_username() if event.entered_by else ""),
    )


def events_of(petition: Petition) -> QuerySet[Event]:
    """Return the events of one petition with their people and, as `sealed`, their encrypted text, in order."""
    return _with_text(petition.events.select_related("by", "entered_by", "acting_for")).order_by("seq")


def events_of_all(keys: Collection[int]) -> QuerySet[Event]:
    """Return the same of the cases with these primary keys, case by case."""
    rows = Event.objects.filter(petition_id__in=keys).select_related("by", "entered_by", "acting_for")
    return _with_text(rows).order_by("petition_id", "seq")


def _with_text(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.annotate(sealed=F("text__sealed"))


def facts_of(petition: Petition, events: Iterable[Event] | None = None) -> Facts:
    """Return what the history says of this petition (1 query, none when the events are given).

    Raises:
        DecryptionFailed: an event or its text was altered.
        KeyMissing: the case's key can't be used.
    """
    if events is None:
        return facts_of_all([petition])[petition.pk]
    key = case_key(petition)
    return _replayed(petition.number, (stored_event(e, key) for e in events))


def facts_in_plain(petition: Petition, events: Iterable[Event]) -> Facts:
    """Return the same without any text that events withhold.

    That is all that decides who may see the case, however damaged the text is.

    Raises:
        DecryptionFailed: an event itself can't be read.
    """
    return _replayed(petition.number, (stored_event(e, None) for e in events))


def _replayed(number: str, events: Iterable[StoredEvent]) -> Facts:
    with translate_damage(number):
        return replay(number, events)


def replayed_each(number: str, events: Iterable[StoredEvent]) -> list[Facts]:
    """Return the facts after each event.

    Raises:
        DecryptionFailed: an event or its text was altered.
        KeyMissing: the case's key can't be used.
    """
    with translate_damage(number):
        return list(replay_each(number, events))


def facts_of_all(petitions: Iterable[Petition]) -> dict[int, Facts]:
    """Return what the histories of some petitions say, by primary key (1 query).

    Raises:
        DecryptionFailed: an event or its text was altered.
        KeyMissing: a case's key can't be used.
    """
    numbers = {p.pk: p.number for p in petitions}
    histories: dict[int, list[StoredEvent]] = {pk: [] for pk in numbers}
    fields = ("seq", "code", "stage", "data", "happened_on", "recorded_at", "by__username", "entered_by__username")
    rows = Event.objects.filter(petition_id__in=numbers).order_by("petition_id", "seq")
    open_with = _Keys()
    for pk, wrapped, sealed, seq, code, stage, data, on, at, by, entered_by in rows.values_list(
        "petition_id", "petition__wrapped_key", "text__sealed", *fields
    ):
        data = answers_with_text(code, stage, seq, data, sealed, open_with(pk, wrapped))
        histories[pk].append(
            StoredEvent(seq, code, stage, data, on, at, StaffCode(by or ""), StaffCode(entered_by or ""))
        )
    return {pk: _replayed(numbers[pk], events) for pk, events in histories.items()}


def facts_with_damaged_text(petitions: Iterable[Petition]) -> dict[int, Facts]:
    """Return `facts_of_all`, where damaged text is left out and logged (1 query, 2 more for each such case).

    For what must go on although a text was altered or can't be opened: limits run and tasks wait by what events hold in
    plain. A case whose events can't be read is left out.
    """
    petitions = list(petitions)
    try:
        return facts_of_all(petitions)
    except VaultError as e:
        if len(petitions) == 1:
            _log.error("case_text_unreadable", petition=petitions[0].pk, error=type(e).__name__)
            try:
                return {petitions[0].pk: facts_in_plain(petitions[0], events_of(petitions[0]))}
            except DecryptionFailed:
                return {}
    return {pk: facts for p in petitions for pk, facts in facts_with_damaged_text([p]).items()}


def answers_of(rows: QuerySet[Event]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield the case (its primary key), the step and the answers of some events, with their text (1 query).

    An event whose text can't be read is left out and logged.
    """
    open_with = _Keys()
    fields = ("petition_id", "petition__wrapped_key", "text__sealed", "seq", "code", "stage", "data")
    for pk, wrapped, sealed, seq, code, stage, data in rows.values_list(*fields):
        try:
            answers = answers_with_text(code, stage, seq, data, sealed, open_with(pk, wrapped))
        except VaultError as e:
            _log.error("case_text_unreadable", petition=pk, error=type(e).__name__)
            continue
        yield pk, code, answers


class _Keys:
    """The keys of cases, each unwrapped once."""

    def __init__(self) -> None:
        self._pk = 0
        self._key: bytes | None = None

    def __call__(self, pk: int, wrapped: SealedText) -> bytes | None:
        # Events come case by case.
        if pk != self._pk:
            self._pk, self._key = pk, keyring().unwrap(bytes(wrapped)) if wrapped is not None else None
        return self._key


def visible_pk(number: str, actor: Actor) -> int | None:
    """Return the primary key of the petition of this number, if this person may see it (1 query)."""
    found = _visible_pk(number, actor)
    return int(found[0][0]) if found else None


@compiled_query_for_text
def _visible_pk(number: str, actor: Actor) -> QuerySet[Any, Any]:
    return visible_to(actor, each=True).filter(number=number).order_by().values_list("pk")
