"""A fresh database, made at once, has the very tables of one that came through every release; on both databases."""

import json
from pathlib import Path
from typing import Any

from tests import postgres
from tests.cases.racing import environment, run

TABLES = """
import json
from django.core.management import call_command
from django.db import connection
STEPS
call_command("migrate", verbosity=0)
from xinfang.audit import guard
found = {}
with connection.cursor() as c:
    for table in connection.introspection.table_names(c):
        columns = [(d.name, str(d.type_code), d.null_ok, d.default) for d in connection.introspection.get_table_description(c, table)]
        found[table] = {
            "columns": sorted(columns, key=str),
            "constraints": sorted(map(str, connection.introspection.get_constraints(c, table).values())),
        }
print(json.dumps({"tables": found, "unguarded": guard.missing()}))
"""


def made(env: dict[str, str], steps: str = "") -> dict[str, Any]:
    return json.loads(run(env, TABLES.replace("STEPS", steps)).splitlines()[-1])


def one_like_the_other(fresh: dict[str, str], old: dict[str, str]) -> None:
    at_once, by_steps = made(fresh), made(old, "from tests.steps import one_by_one; one_by_one()")
    assert at_once["unguarded"] == by_steps["unguarded"] == []
    assert set(at_once["tables"]) == set(by_steps["tables"]) and "cases_petition" in at_once["tables"]
    for table, said in at_once["tables"].items():
        assert said == by_steps["tables"][table], table
    less = made(old, "connection.cursor().execute('DROP INDEX petition_by_due')")["tables"]
    assert [t for t in less if less[t] != at_once["tables"][t]] == ["cases_petition"], "a missing index is seen"


def test_on_sqlite(tmp_path: Path) -> None:
    one_like_the_other(environment(tmp_path / "fresh"), environment(tmp_path / "old"))


def test_on_postgresql(tmp_path: Path) -> None:
    with postgres.server() as server:
        first, second = postgres.addresses(server, 2)
        one_like_the_other(environment(tmp_path / "fresh", first), environment(tmp_path / "old", second))
