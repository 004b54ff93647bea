"""Chains for the copied cases, whose events and noted rows have none yet."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from xinfang.audit.canonical import event_fields, head_mac, row_state_fields
from xinfang.audit.chain_queries import events_sql as event_rows
from xinfang.audit.chain_queries import rows_in_batches, usernames
from xinfang.audit.coverage import COVERAGE, noted_models
from xinfang.audit.models import ChainHead, RowState
from xinfang.audit.noted_rows import chains_of, row_states
from xinfang.cases.actions.decided_step import prove_end
from xinfang.cases.models import Event, Petition
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, canonical, record_hash

_CHUNK, _ROWS_OF_CASES = 2000, 100
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
    _note_rows(sorted(numbers))


def _note_rows(cases: list[int]) -> None:
    """Note the rows of these cases that no event tells of, in bulk: the chains of their states are new."""
    now, heads, states = timezone.now(), dict[str, ChainHead](), []
    for model in noted_models():
        label = model._meta.label
        if not COVERAGE[label].by_case:
            continue
        of_case = "paper__petition" if label == "papers.PaperText" else "petition"
        for i in range(0, len(cases), _ROWS_OF_CASES):
            some = cases[i : i + _ROWS_OF_CASES]
            keys = list(model._base_manager.filter(**{f"{of_case}__in": some}).order_by().values_list("pk", flat=True))
            chains = chains_of(model, keys)
            for key, digest in row_states(model, keys).items():
                chain = chains[key]
                head = heads.setdefault(chain, ChainHead(name=chain))
                head.seq += 1
                head.hash = record_hash(head.hash, row_state_fields(chain, head.seq, now, label, key, digest, False))
                states.append(
                    RowState(chain=chain, seq=head.seq, at=now, table=label, key=key, digest=digest, hash=head.hash)
                )
    for head in heads.values():
        head.mac = head_mac(head.name, head.seq, head.hash)
    RowState.objects.bulk_create(states, batch_size=_CHUNK)
    ChainHead.objects.bulk_create(heads.values(), batch_size=_CHUNK)
