"""After the demo, with drafts, searches and sessions: no telephone, address or ID number in database, logs or backup.

Looked for as UTF-8 and as UTF-16, in both orders of bytes. A number that is in the program's own demo data is enough to
be found anywhere, so this also shows that the search itself finds: in the source files it does.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.backup.system import cli
from tests.cases.racing import ROOT, environment
from tests.night import at_night_or

USE = """
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
settings.MODE = "test"
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import Duty, Staff
from xinfang.web.models import Draft
from tests.urls import url
from xinfang.cases.models import Petitioner
staff = Duty.objects.filter(role="office").first().staff
client = Client()
session = client.session
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(staff.pk), staff.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
sign_ins.register_sign_in(session, staff, "127.0.0.1", "测试", second_factor=True)
session.save()
client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
for n, person in enumerate(Petitioner.objects.select_related("petition")):
    typed = {"persons-0-phone": [person.phone], "persons-0-address": [person.address], "id": [person.id_number]}
    answer = client.post(url("draft", f"register-{n}", "p1"), {"fields": typed}, content_type="application/json")
    assert answer.status_code == 200, answer.status_code
    if n < 15 and person.phone:
        found = client.post(url("search"), {"q": person.phone}, follow=True)
        assert found.status_code == 200 and person.petition.number in found.content.decode(), found.status_code
assert Draft.objects.count() > 50
"""


def secrets() -> set[str]:
    """Every telephone, address and ID number of the demo's people."""
    people = [
        person
        for file in (ROOT / "xinfang/operations/demo/data").glob("petitions_*.toml")
        for petition in tomllib.loads(file.read_text("utf-8"))["petition"]
        for person in petition["petitioners"]
    ]
    return {person[field] for person in people for field in ("phone", "address", "id_number") if person.get(field)}


def hits(content: bytes, wanted: set[str]) -> list[str]:
    return [
        f"{text[:3]}… as {encoding}"
        for text in sorted(wanted)
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if text.encode(encoding) in content
    ]


@pytest.mark.parametrize("journal", at_night_or(["open", "closed"], ["open"]))
def test_nothing_personal_can_be_read_from_the_disk(tmp_path: Path, journal: str) -> None:
    data, wanted = tmp_path / "data", secrets()
    assert len(wanted) > 100
    env = {**environment(data), "XINFANG_MODE": "demo", "XINFANG_LOG_LEVEL": "INFO"}
    code, _, log = cli(env, "demo")
    assert code == 0
    # Kept open by a process that ends without closing, the write-ahead log stays as it is.
    ends = "import os; os._exit(0)" if journal == "open" else ""
    script = f"import django; django.setup()\n{USE}{ends}"
    used = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert used.returncode == 0, used.stderr[-2000:]
    log += used.stderr
    wal = b"".join(f.read_bytes() for f in data.glob("*.sqlite3-wal"))
    assert bool(wal) == (journal == "open")
    searched = {"write-ahead log": wal, "database": b"".join(f.read_bytes() for f in data.glob("*.sqlite3"))}
    backup = tmp_path / "backup"
    assert cli(env, "backup", str(backup))[0] == 0
    searched |= {"logs": log.encode(), "backup": backup.read_bytes()}
    print(f"\n{len(wanted)} telephones, addresses and ID numbers, UTF-8 and UTF-16:")
    for name, content in searched.items():
        found = hits(content, wanted)
        print(f"  {name}: {len(content):,} bytes, {len(found)} hits")
        assert found == [], name
    assert '"path": "/drafts/' in log and len(searched["logs"]) > 2000
    source = b"".join(f.read_bytes() for f in (ROOT / "xinfang/operations/demo/data").glob("*.toml"))
    assert len(hits(source, wanted)) == len(wanted), "the search finds what is there"
