"""A client of the crash rounds: says what it begins, does it, says that it was acknowledged; until it is killed."""

import json
import os
import random
from datetime import date
from typing import Any

from tests.files import made
from tests.world import LETTER, ROAD, noon, who
from xinfang.actions.attach import attach
from xinfang.actions.perform import perform
from xinfang.people.models import Staff
from xinfang.procedure.shapes import load
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material

DAY = date(2026, 3, 2)


def warm() -> None:
    """Do each kind of thing once, so that what is loaded by need is there."""
    number = _do({"what": "register", "key": "warm-1"})
    _do({"what": "attach", "key": "warm-2", "number": number, "side": 60})
    _do({"what": "step", "key": "warm-3", "number": number, "step": 0})


def client(place: int, which: int, chance: random.Random, unfinished: dict[str, Any] | None, pipe: int) -> None:
    """Work until killed. Only its own cases, so that it knows what to expect."""

    def say(what: dict[str, Any]) -> None:
        os.write(pipe, (json.dumps(what) + "\n").encode())

    mine: list[tuple[str, int]] = []
    count = 0
    if unfinished:
        say(unfinished)
        say({**unfinished, "what": "done", "number": _do(unfinished)})
    while True:
        count += 1
        key = f"r{place}-{which}-{count}"
        if not mine or chance.random() < 0.3:
            job: dict[str, Any] = {"what": "register", "key": key}
        elif chance.random() < 0.3:
            number, _ = chance.choice(mine)
            job = {"what": "attach", "key": key, "number": number, "side": 1 + count % 50}
        else:
            at = chance.randrange(len(mine))
            number, step = mine[at]
            mine[at] = (number, step + 1)
            job = {"what": "step", "key": key, "number": number, "step": step}
        say(job)
        number = _do(job)
        if job["what"] == "register":
            mine.append((number, 0))
        mine = [(n, s) for n, s in mine if s < 9]
        say({**job, "what": "done", "was": job["what"], "number": number})


def _do(job: dict[str, Any]) -> str:
    key = job["key"]
    if job["what"] == "register":
        step = load(STEPS["register"], {**LETTER, "received_on": DAY.isoformat()})
        return perform(step, None, by=who("clerk", DAY), key=key, now=noon(DAY)).petition.number
    if job["what"] == "attach":
        clerk = Staff.objects.get(username="clerk")
        data = made.png(job["side"], 8)
        attach(job["number"], data, "照片.png", what=Material.EVIDENCE, by=who("clerk"), staff=clerk, key=key)
        return job["number"]
    _, code, by, answers = ROAD[job["step"]]
    perform(load(STEPS[code], answers), job["number"], by=who(by, DAY), code=code, key=key, now=noon(DAY))
    return job["number"]
