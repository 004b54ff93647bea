"""Chains for the copied cases, whose events have none yet."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from xinfang.audit.canonical import event_fields
from xinfang.audit.chain_queries import events_sql as event_rows
from xinfang.audit.chain_queries import rows_in_batches, usernames
from xinfang.cases.actions.decided_step import prove_end
from xinfang.cases.models import Event, Petition
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, canonical, record_hash

_CHUNK = 2000
_EVENT, _PETITION = Event._meta.db_table, Petition._meta.db_table


def _spelled(data: Any) -> str:
    return canonical(json.loads(data) if isinstance(data, str) else data)


def chain_cases(progress: Callable[[int], None] = lambda done: None) -> int:
    """Give every case without a chain its hashes, in chunks of cases; returns how many. The guard must be down."""
    people = usernames()
    done = 0
    while True:
        wanted = list(
            rows_in_batches(
                f"SELECT id, number FROM {_PETITION} WHERE head = %s ORDER BY id LIMIT %s",
                (FIRST_PREVIOUS_HASH, _CHUNK),
            )
        )
        if not wanted:
            return done
        _chain(dict(wanted), people)
        done += len(wanted)
        progress(done)


@transaction.atomic
def _chain(numbers: dict[int, str], people: dict[int | None, str]) -> None:
    first, last = min(numbers), max(numbers)
    events, heads = [], dict.fromkeys(numbers, FIRST_PREVIOUS_HASH)
    asked = f"{event_rows()} WHERE e.petition_id BETWEEN %s AND %s ORDER BY e.petition_id, e.seq"
    for (
        pk,
        case,
        seq,
        code,
        stage,
        data,
        text_digest,
        on,
        at,
        by,
        typed,
        role,
        acting,
        before,
        after,
        key,
        _,
    ) in rows_in_batches(asked, (first, last)):
        if case not in numbers:
            continue
        text = _spelled(data)
        fields = event_fields(
            numbers[case], seq, code, stage, text, text_digest, on, at,
            people[by], people[typed], role, people[acting], before, after, key,
        )  # fmt: skip
        heads[case] = record_hash(heads[case], fields)
        events.append((text, heads[case], pk))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_EVENT} SET data = %s, hash = %s WHERE id = %s", events)
        cursor.executemany(f"UPDATE {_PETITION} SET head = %s WHERE id = %s", [(h, c) for c, h in heads.items()])
    ends = Petition.objects.filter(pk__in=heads).only(
        "number", "revision", "head", "inquiry_mark", "inquiry_sealed", "head_mac"
    )
    for petition in ends:
        prove_end(petition)
    Petition.objects.bulk_update(ends, ["head_mac"])
