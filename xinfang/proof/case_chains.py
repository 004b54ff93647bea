"""The chains of the cases, computed again: in this process, or by one process for each core where there are very many.

Computing is all Python and SM3; on one core some 60,000 to 100,000 events a second. Each process reads a range of cases
in a snapshot of its own, which is as good: a case and its events are read in the same snapshot, and nothing is ever
taken away.
"""

import json
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Max, Min

from xinfang.accounts.models import Staff
from xinfang.audit.canonical import case_mac, event_fields
from xinfang.audit.chain_queries import canonical_json_reader, rows_in_batches, undecodable_texts_readable, usernames
from xinfang.audit.chain_queries import events_sql as event_rows
from xinfang.audit.verification import VerificationReport
from xinfang.cases.models import Event, Petition
from xinfang.core.installation import is_in_memory
from xinfang.core.process_pool import map_in_processes, usable_cores
from xinfang.core.snapshots import read_snapshot
from xinfang.proof.event_texts import verify_event_texts
from xinfang.vault.hash_chain import CHAIN_FORMAT, FIRST_PREVIOUS_HASH, hash_is_right
from xinfang.vault.sm_ciphers import sm3


def event_line(previous: str, number: str, fields: str) -> bytes:
    """Return what `record_hash` hashes of an event, from the list that `EVENT_FIELDS_BY_SQLITE` makes of its fields.

    `number` is the case's, as JSON.
    """
    return f'["{CHAIN_FORMAT}","{previous}",{number},{fields[1:]}'.encode("utf-8", "surrogatepass")


def _user_name(column: str) -> str:
    found = f"(SELECT s.username FROM {Staff._meta.db_table} s WHERE s.id = e.{column})"  # noqa: S608 - our own names
    return f"CASE WHEN e.{column} IS NULL THEN '' ELSE COALESCE({found}, '?') END"


EVENT_FIELDS_BY_SQLITE = (
    "SELECT e.petition_id, e.seq,"  # noqa: S608 - our own names
    " json_array(e.seq, e.code, e.stage, e.data, e.text_digest, e.happened_on,"
    " CASE length(e.recorded_at) WHEN 19 THEN e.recorded_at || '.000000' ELSE e.recorded_at END,"
    f" {_user_name('by_id')}, {_user_name('entered_by_id')}, e.by_role, {_user_name('acting_for_id')},"
    f" e.state_before, e.state_after, COALESCE(e.key, '')), e.hash FROM {Event._meta.db_table} e"
)
"""The fields of `event_fields` in the same order, spelled by SQLite itself: a verification is twice as fast.

An event whose hash fits this spelling is as it was. One whose hash doesn't is read again and spelled by
`hash_chain.record_hash`, which alone decides.
"""

MIN_EVENTS_FOR_PROCESSES = 250_000
"""Events from which on further processes pay: each takes about a second to start."""
_RANGES_EACH = 4
"""Ranges are smaller than a process's share, as those of old cases hold more events."""
_FIRST, _LAST = -(2**63), 2**63 - 1
_WITHIN = "WHERE e.petition_id >= %s AND e.petition_id < %s ORDER BY e.petition_id, e.seq"


def verify_case_chains(proof: VerificationReport, processes: int | None = None) -> None:
    """Compute the events of every case again, in order, and compare them with the last hash that the case keeps.

    By this many processes, or as many as pay.
    """
    if processes is None:
        processes = _how_many()
    parts = map_in_processes(_part, _ranges(processes * _RANGES_EACH), processes) if processes > 1 else None
    if parts is None:
        proof.join(compute_range(_FIRST, _LAST))
    for part in parts or ():
        proof.join(part)


def _how_many() -> int:
    if is_in_memory():
        return 1
    # The highest number is known at once; counting would read the whole index.
    last = Event.objects.aggregate(last=Max("pk"))["last"]
    return 1 if (last or 0) < MIN_EVENTS_FOR_PROCESSES else usable_cores()


def _ranges(count: int) -> list[tuple[int, int]]:
    """Return about this many ranges of cases, without gaps, from below the first to above the last."""
    found = Petition.objects.aggregate(first=Min("pk"), last=Max("pk"))
    first, last = found["first"] or 0, found["last"] or 0
    step = max(1, (last - first) // count)
    return list(pairwise([_FIRST, *range(first + step, last + 1, step), _LAST]))


def _part(bounds: tuple[int, int]) -> VerificationReport:
    with read_snapshot():
        return compute_range(*bounds)


def compute_range(first: int, end: int) -> VerificationReport:
    """Compute the cases from one primary key up to, not including, another."""
    part = VerificationReport()
    try:
        _compute(part, first, end, by_sqlite=connection.vendor == "sqlite")
    except DatabaseError:
        # SQLite doesn't spell what isn't text at all, as only somebody with another program could have written.
        part = VerificationReport()
        with undecodable_texts_readable():
            _compute(part, first, end, by_sqlite=False)
    verify_event_texts(part, (first, end))
    return part


def _compute(proof: VerificationReport, first: int, end: int, *, by_sqlite: bool) -> None:
    within = (first, end)
    people, spelled = usernames(), canonical_json_reader()
    asked = (
        "SELECT id, number, revision, head, head_mac, inquiry_mark, inquiry_sealed"  # noqa: S608 - our own name
        f" FROM {Petition._meta.db_table}"
        " WHERE id >= %s AND id < %s ORDER BY id"
    )
    of_events = f"{EVENT_FIELDS_BY_SQLITE if by_sqlite else event_rows()} {_WITHIN}"
    place = 0 if by_sqlite else 1
    events = groupby(rows_in_batches(of_events, within), key=itemgetter(place))
    waiting: tuple[int, Iterator[tuple[Any, ...]]] | None = next(events, None)
    for pk, number, revision, head, mac, *inquiry in rows_in_batches(asked, within):
        while waiting is not None and waiting[0] < pk:
            proof.add("事项", f"#{waiting[0]}", "有记录，但没有这一件")
            waiting = next(events, None)
        proof.cases += 1
        if waiting is None or waiting[0] != pk:
            proof.add("事项", number, "没有任何记录")
            continue
        if by_sqlite:
            found = _fits(number, waiting[1])
            if found is None:
                again = rows_in_batches(f"{event_rows()} {_WITHIN}", (pk, pk + 1))
                found = _case(proof, number, again, people, spelled)
            else:
                proof.events += found[0]
        else:
            found = _case(proof, number, waiting[1], people, spelled)
        seq, previous = found
        if seq >= 0 and (seq != revision or previous != head):
            proof.add("事项", f"{number} 第{seq + 1}步", "之后的记录被删去，或末尾被改动")
        elif seq >= 0 and mac != _mac(number, revision, head, *inquiry):
            proof.add("事项", f"{number} 第{seq}步", "末尾或查询码不是本系统写下的：记录可能被整体改写")
        waiting = next(events, None)
    while waiting is not None:
        proof.add("事项", f"#{waiting[0]}", "有记录，但没有这一件")
        waiting = next(events, None)


def _mac(number: Any, revision: Any, head: Any, mark: Any, sealed: Any) -> str:
    """Return what must prove the end of a case; where a column isn't text at all one that fits nothing."""
    try:
        return case_mac(number, revision, head, mark, sealed)
    except (TypeError, ValueError, UnicodeError):
        return "?"


def _fits(number: str, events: Iterator[tuple[Any, ...]]) -> tuple[int, str] | None:
    """Return the last step of a case and its hash, where every event fits as SQLite spells it; None if one doesn't."""
    if not isinstance(number, str):
        return None
    expected, previous, case = 0, FIRST_PREVIOUS_HASH, json.dumps(number, ensure_ascii=False)
    for _, seq, fields, kept in events:
        expected += 1
        if seq != expected or sm3(event_line(previous, case, fields)).hex() != kept:
            return None
        previous = kept
    return expected, previous


def _case(
    proof: VerificationReport,
    number: str,
    events: Iterator[tuple[Any, ...]],
    people: dict[int | None, str],
    spelled: Callable[[Any], str],
) -> tuple[int, str]:
    """Return the last step of a case and its hash; -1 if a break was named."""
    expected, previous = 0, FIRST_PREVIOUS_HASH
    for _, _, seq, code, stage, data, text_digest, on, at, by, typed, role, acting, before, after, key, kept in events:
        proof.events += 1
        expected += 1
        if seq != expected:
            proof.add("事项", f"{number} 第{expected}步", "这一步的记录不在，或次序被改动")
            return -1, ""
        fields = event_fields(
            number, seq, code, stage, spelled(data), text_digest, on, at,
            people.get(by, "?"), people.get(typed, "?"), role, people.get(acting, "?"), before, after, key,
        )  # fmt: skip
        if not hash_is_right(previous, fields, kept):
            proof.add("事项", f"{number} 第{seq}步", "记录的内容与当时不同，或取自别处")
            return -1, ""
        previous = kept
    return expected, previous
