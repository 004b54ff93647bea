"""Data of the first release, which knew neither encryption nor chains, comes whole into this one; on both databases.

The old data is made by walking the migrations back: the tables are then those of the first release, and the rows hold what it
wrote, personal data in plain columns and events without hashes.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.actions.racing import environment, run
from tests.backup.system import cli, state

FILL = """
from datetime import date
from tests.world import make_department, register, take, walk
make_department()
day = date(2026, 3, 2)
for n, until in enumerate(("classified", "replied", "archived")):
    person = {"name": f"其木格{n}", "phone": f"1500000777{n}", "address": f"某盟某旗第{n}嘎查", "id_number": f"99999919800101777{n}"}
    walk(register(day, persons=[person, {"name": "乌日娜", "phone": "15000007778", "role": "agent"}]), until, day)
take(register(day, persons=[{"name": "周明远", "phone": "15000007779"}]), "classify", "clerk", day, matter_class="report")
"""
BACK = """
from django.core.management import call_command
from django.db import connection
from tests.steps import one_by_one
from xinfang.records import guard
from xinfang.records.models import Draft, Petitioner
from xinfang.people.models import Staff
people = [(p.full_name, p.phone, p.address, p.id_number, p.pk) for p in Petitioner.objects.select_related("petition")]
staff = Staff.objects.get(username="clerk").pk
guard.remove()
one_by_one()
for app, step in (("records", "0004_recounted_at"), ("people", "0001_initial"), ("axes", "zero")):
    call_command("migrate", app, step, verbosity=0)
with connection.cursor() as c:
    c.executemany("UPDATE records_petitioner SET name = %s, phone = %s, address = %s, id_number = %s WHERE id = %s", people)
    c.execute("INSERT INTO records_draft (staff_id, form, fields, saved_at) VALUES (%s, 'f', %s, '2026-03-02')",
              [staff, '{"person-0-phone": ["15000007779"]}'])
    c.execute("DELETE FROM search_person WHERE petition_id IN (SELECT id FROM records_petition WHERE sealed)")
    c.execute("INSERT INTO records_adminevent (at, by_id, what, target, detail)"
              " VALUES ('2026-03-02', NULL, 'x', 'y', '{\\"b\\": 1, \\"a\\": \\"汉\\"}')")
    tables = connection.introspection.table_names(c)
    columns = {f.name for f in connection.introspection.get_table_description(c, "records_petitioner")}
    events = {f.name for f in connection.introspection.get_table_description(c, "records_event")}
assert "phone" in columns and "phone_sealed" not in columns and "hash" not in events
assert not {"records_access", "records_seal", "records_attachment"} & set(tables)
"""
PLAIN = """
from django.db import connection
with connection.cursor() as c:
    found = []
    for table in connection.introspection.table_names(c):
        if table == "search_grams" and connection.vendor == "sqlite":
            continue  # can't be listed; the whole file is searched below
        c.execute(f'SELECT CAST(t.* AS text) FROM "{table}" t' if connection.vendor == "postgresql" else f'SELECT * FROM "{table}"')
        found += [table for row in c.fetchall() for secret in SECRETS if secret in repr(row)]
print(found)
"""
SECRETS = ["15000007770", "15000007771", "15000007772", "15000007778", "15000007779", "嘎查", "999999198001017770"]


def upgraded(env: dict[str, str], data: Path) -> None:
    env = {**env, "XINFANG_MODE": "production"}
    assert cli(env, "migrate")[0] == 0
    run(env, FILL)
    before = state(env)
    run(env, BACK)
    # That release had no keys.
    for key in (data / "keys").iterdir():
        key.unlink()
    assert "15000007770" in files_of(data) or env["XINFANG_DATABASE_URL"]

    code, _, err = cli(env, "show", "LX2026000001", "--by", "clerk")
    assert code == 1 and "xinfang migrate" in err
    assert cli(env, "migrate")[0] == 0
    after = state(env)
    assert after["people"] == before["people"] and after["events"] == before["events"]
    assert after["heads"] == before["heads"] or set(after["heads"]) == set(before["heads"])
    code, out, err = cli(env, "verify", "--json")
    proof = json.loads(out)
    assert code == 0 and proof["whole"] and proof["events"] == before["events"] and proof["administrative"] == 1
    assert run(env, f"SECRETS = {SECRETS!r}\n{PLAIN}").strip() == "[]"
    assert not [s for s in SECRETS if s in files_of(data)], "nothing readable is left in the file"
    said = run(env, "from xinfang.records.models import Draft; print(Draft.objects.get().fields)")
    assert said.strip() == "{'person-0-phone': ['15000007779']}"
    assert cli(env, "index", "check")[0] == 0, "also sealed cases are found by their people"
    # And it goes on from there.
    run(
        env,
        "from tests.world import take; from datetime import date; take('LX2026000001', 'propose', 'clerk',"
        " date(2026, 3, 3), text='建议由经费处承办。', unit='funds', leader='leader')",
    )
    assert cli(env, "verify")[0] == 0


def files_of(data: Path) -> str:
    return "".join(f.read_bytes().decode("utf-8", "ignore") for f in data.glob("xinfang.sqlite3*"))


def test_from_the_first_release_on_sqlite(tmp_path: Path) -> None:
    upgraded(environment(tmp_path / "data"), tmp_path / "data")


@pytest.fixture
def address() -> Iterator[str]:
    with postgres.server() as server:
        yield postgres.address(server)


def test_from_the_first_release_on_postgresql(tmp_path: Path, address: str) -> None:
    upgraded(environment(tmp_path / "data", address), tmp_path / "data")
