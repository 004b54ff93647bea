"""The database behind the commands: made when there is none, never changed behind anybody's back."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from .output import FAILED, Stop


def prepare() -> None:
    """A database without any table is set up; one that waits for migrations is left to `xinfang migrate`."""
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        if not connection.introspection.table_names():
            set_up()
            return
    except OperationalError as e:
        raise Stop(FAILED, f"无法连接数据库：{e}") from None
    waiting = _waiting()
    if waiting:
        raise Stop(FAILED, f"数据库有 {waiting} 项升级未执行，请先运行 xinfang migrate（升级前请备份）。")
    _keys()


def _keys() -> None:
    """The first start makes the keys; a start that finds them gone ends with what to do, before anything is written."""
    from xinfang.vault.keys import KeyMissing, keyring

    try:
        keyring()
    except KeyMissing as e:
        raise Stop(FAILED, str(e)) from None


def _waiting() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def set_up() -> tuple[int, int]:
    """Apply every migration and put the starter content in place; returns how many of each were new."""
    from django.core.management import call_command

    from xinfang.actions.seed import seed
    from xinfang.records import guard

    with _alone():
        _keys()
        applied = _waiting()
        if applied:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        guard.install()
        return applied, seed().categories


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands that start at once on an empty folder: the second waits for the first to make the tables."""
    from django.conf import settings

    with (settings.DATA / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
