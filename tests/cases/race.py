"""One of several real processes that act at once on one database file; run by test_concurrency.

usage: python -m tests.cases.race register COUNT | race classify NUMBER SEEN
"""

import json
import sys
from datetime import date

import django

from xinfang.procedure.step_codes import StepCode


def main(what: str, *rest: str) -> None:
    django.setup()
    from tests.world import LETTER, who
    from xinfang.cases.actions.perform import perform
    from xinfang.procedure.rules import Refused
    from xinfang.procedure.step_schema import load_step
    from xinfang.procedure.steps import STEPS

    sys.stdin.readline()  # all start together, when the parent says so
    if what == StepCode.REGISTER:
        clerk = who("clerk")
        step = load_step(STEPS[StepCode.REGISTER], {**LETTER, "received_on": date(2026, 3, 2).isoformat()})
        print(json.dumps([perform(step, None, by=clerk).petition.number for _ in range(int(rest[0]))]))
        return
    step = load_step(STEPS[StepCode.CLASSIFY], {"matter_class": "claim", "route": "six"})
    try:
        perform(step, rest[0], by=who("clerk"), expected_revision=int(rest[1]))
        print(json.dumps("done"))
    except Refused as refused:
        print(json.dumps(refused.reasons[0].code))


if __name__ == "__main__":
    main(*sys.argv[1:])
