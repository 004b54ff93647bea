"""The tables: a fresh database has them all, on both databases, and one whose tables began otherwise is left alone."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.cases.racing import environment, run
from tests.operations.process import command, everything, one_sentence, program
from tests.operations.test_mode import COMMANDS, made, settings
from tests.tables import T

TABLES = """
import json
from django.apps import apps
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from xinfang.audit import append_only_triggers
found = {}
with connection.cursor() as c:
    for table in connection.introspection.table_names(c):
        found[table] = sorted(d.name for d in connection.introspection.get_table_description(c, table))
wanted = {m._meta.db_table: sorted(f.column for f in m._meta.local_concrete_fields)
          for m in apps.get_models(include_auto_created=True) if m._meta.managed}
unguarded, append_only = append_only_triggers.tables_without_triggers(), append_only_triggers.append_only_models()
print(json.dumps({"found": found, "wanted": wanted, "unguarded": unguarded, "append_only": append_only}))
"""


def has_every_table(env: dict[str, str]) -> None:
    """A migration makes each table with each of its columns, and the guard of those that are never changed."""
    said: dict[str, Any] = json.loads(run(env, TABLES).splitlines()[-1])
    assert T.cases_petition in said["wanted"] and T.cases_event in said["append_only"]
    assert said["unguarded"] == []
    missing = {t: set(columns) - set(said["found"].get(t, [])) for t, columns in said["wanted"].items()}
    assert not {t: columns for t, columns in missing.items() if columns}
    removed = (
        "from xinfang.audit import append_only_triggers; append_only_triggers.remove();"
        " print(json.dumps(append_only_triggers.tables_without_triggers()))"
    )
    assert json.loads(run(env, f"import json\n{removed}")) == said["append_only"], "a missing guard is seen"
    assert json.loads(run(env, TABLES).splitlines()[-1])["unguarded"] == [], "and every migration puts it up again"


def test_on_sqlite(tmp_path: Path) -> None:
    has_every_table(environment(tmp_path / "data"))


def test_on_postgresql(tmp_path: Path) -> None:
    with postgres.server() as server:
        has_every_table(environment(tmp_path / "data", postgres.address(server)))


# ---- before 1.0.0 the first migrations may be generated again: nothing leads from the old tables to the new ones

CHANGES = {
    # The tables of before, until they were cut by feature.
    "rooms": "CREATE TABLE records_petition (id integer)",
    # A program that kept no fingerprints.
    "none": f"DROP TABLE {T.core_featuretables}",
    # One whose petitions began with other columns.
    "other": f"DROP TRIGGER {T.core_featuretables}_no_update;"
    f" UPDATE {T.core_featuretables} SET digest = 'x' WHERE feature = 'cases'",
    # One with a feature that this program doesn't have.
    "more": f"INSERT INTO {T.core_featuretables} (feature, digest) VALUES ('weather', 'x')",
}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a system with one person, which no test changes."""
    return made(tmp_path_factory.mktemp("system"), "production")


def changed(system: Path, folder: Path, how: str) -> Path:
    """A copy of the system whose tables another program made."""
    data = folder / "data"
    shutil.copytree(system, data)
    with sqlite3.connect(data / "xinfang.sqlite3") as base:
        base.executescript(CHANGES[how])
    base.close()
    return data


def content(data: Path) -> dict[str, bytes]:
    """All that is kept, without the working files of SQLite, which reading may touch."""
    return {name: was for name, was in everything(data).items() if not name.endswith(("-shm", "-wal"))}


def refused(data: Path, words: tuple[str, ...], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    before = content(data)
    done = command(folder, *words, **settings(data.parent, "production"))
    assert done.returncode == 2
    one_sentence(done, "数据表不同", "/ The tables were made by another version before 1.0.0")
    assert content(data) == before and everything(folder) == {}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_opens_tables_that_began_otherwise(system: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    refused(changed(system, tmp_path, "other"), words, tmp_path / "work")


@pytest.mark.parametrize("how", CHANGES)
def test_however_they_differ(system: Path, how: str, tmp_path: Path) -> None:
    data = changed(system, tmp_path, how)
    for words in (("staff", "list"), ("migrate",)):
        refused(data, words, tmp_path / "work")
    served = program("import xinfang.config.wsgi", **settings(tmp_path, "production"))
    assert served.returncode != 0 and "数据表不同" in served.stderr.splitlines()[-1]


def test_a_backup_of_such_tables_is_refused_too(system: Path, tmp_path: Path) -> None:
    shutil.copytree(system, tmp_path / "data")
    lines = (
        "import django; django.setup()\nfrom pathlib import Path\nfrom xinfang.core import installation\n"
        "from xinfang.backup.making import make_backup\n"
        "installation.stored_fingerprints = lambda: {**installation.fingerprints(), 'cases': 'x'}\n"
        "installation.stored_mode = lambda: 'production'\n"
        f"make_backup(Path({str(tmp_path / 'b')!r}), lambda s: None)"
    )
    done = program(lines, **settings(tmp_path, "production"))
    assert done.returncode == 0, done.stderr
    empty = tmp_path / "empty"
    (empty / "data").mkdir(mode=0o700, parents=True)
    shutil.copytree(system / "keys", empty / "data/keys")
    done = command(tmp_path, "restore", "b", **settings(empty, "production"))
    assert done.returncode == 2 and "数据表不同" in done.stderr and "Traceback" not in done.stderr
    assert not (empty / "data/xinfang.sqlite3").exists()
