"""What waits, and a window apart, on a real PostgreSQL: the same groups, lots and cases."""

from pathlib import Path

from tests import postgres
from tests.cases.racing import environment, run
from tests.night import only_at_night

_PROGRAM = """
import base64
from datetime import UTC, datetime
from unittest.mock import patch
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from tests.world import make_department, who
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.window.actions.apart import publish_all, take_all
from xinfang.window.actions.clearing import answer_set_aside, ask_again, register_waiting, set_aside
from xinfang.window.actions.flood import keep_waiting
from xinfang.window.apart import intake
from xinfang.window.apart.kit import FILE, desk_kit, write_kit
from xinfang.window.models import Clearing, WaitingSubmission
from xinfang.window.queries.waiting import members, open_lots, overdue_count, waiting_count, waiting_groups
from xinfang.window.receipts import public_key
from xinfang.window.submission import SentFile, Submission
from xinfang.core.clock import today
make_department()
now = datetime.now(UTC)
def sent(n, subject):
    person = {"name": "甲", "phone": "15000004321", "role": "petitioner"}
    words = {"subject": subject, "body": f"{n}", "persons": [person]}
    return Submission(words, "", False, [], f"{n:032d}", now)
rows = [keep_waiting(sent(n, "加微信"), [], "203.0.113.7") for n in range(5)]
rows.append(keep_waiting(sent(9, "请求补发"), [SentFile("a.txt", b"x")], "203.0.113.8"))
found = waiting_groups(report=False)
print(connection.vendor, [(g.subject, g.count, g.networks, g.files) for g in found.groups])
clerk, head = who("clerk"), who("office_head")
staff = {name: Staff.objects.get(username=name) for name in ("clerk", "office_head")}
spam = members([found.groups[1].code], report=False)
print(set_aside(spam, report=False, reason="广告", by=clerk, staff=staff["clerk"]))
print(len(open_lots(head)), waiting_count(head).lots, waiting_count(clerk).count, overdue_count(today()))
print(answer_set_aside(Clearing.objects.get().pk, agree=True, opinion="", by=head, staff=staff["office_head"]))
print(ask_again(rows[0].number, "我反映情况"), waiting_groups(report=False).groups[0].again)
print(register_waiting([r.pk for r in rows], report=False, by=clerk, staff=staff["clerk"])[1])
write_kit(desk_kit(base64.b64decode(public_key())), settings.DATA / FILE)
answers = sent(10, "另一件").answers
with patch.object(settings, "PART", "window"):
    intake.take_in(answers, word="", wrongdoing=False, files=[], left_out=[], key="f" * 32, network="")
print(take_all(), publish_all().cases)
print(Petition.objects.count(), WaitingSubmission.objects.filter(state="set_aside").count())
"""


@only_at_night
def test_on_postgresql(tmp_path: Path) -> None:
    (tmp_path / "queue").mkdir()
    with postgres.server() as server:
        settings = {**environment(tmp_path, postgres.address(server)), "XINFANG_WINDOW_QUEUE": str(tmp_path / "queue")}
        told = run(settings, _PROGRAM).splitlines()[-8:]
    assert told == [
        "postgresql [('请求补发', 1, 1, 1), ('加微信', 5, 1, 0)]",
        "5",
        "1 1 1 0",
        "5",
        "True 我反映情况",
        "0",
        "TakenReport(taken=1, waiting=0, messages=0, later=0, refused=0, failed=0) 1",
        "3 4",
    ]
