"""The database behind the commands.

It is of the mode in force, made when there is none, and never changed without an explicit command.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from xinfang.core.output import FAILED, WRONG_CALL, CommandFailed

NOBODY = "系统中还没有人员，没有什么可做的。请核对 XINFANG_DATA 和 XINFANG_DATABASE_URL；新装的系统请先运行 xinfang staff add。"


def prepare_for_command(needs: str) -> None:
    """Make ready what a command needs.

    That is a "database" which was set up, with "people" in it, or one that is made now where there is none ("set-up").
    A database that waits for migrations is left to `xinfang migrate`. Nothing is written before it has proven to be of
    the mode in force.

    Raises:
        CommandFailed: migrations are waiting, nobody has an account, or the keys or the data folder can't be used.
        NotSetUp: there is no database, and the command doesn't set one up.
    """
    from xinfang.core import installation

    with database_errors_in_a_sentence():
        if not installation.database_has_tables():
            _while_others_set_up()
        if not installation.database_has_tables():
            if needs != "set-up":
                raise installation.NotSetUp
            set_up()
            return
        installation.compare_mode()
        if _waiting():
            _while_others_set_up()
        if waiting := _waiting():
            raise CommandFailed(FAILED, f"数据库有 {waiting} 项升级未执行，请先运行 xinfang migrate（升级前请备份）。")
        installation.require_this_installation()
        if needs == "people" and not installation.has_people():
            raise CommandFailed(FAILED, NOBODY)
        take_into_use()
    _keys()


@contextmanager
def database_errors_in_a_sentence() -> Iterator[None]:
    """Say in one sentence what stops a start at its database.

    Raises:
        CommandFailed: the database is another's, isn't set up, can't be reached or is damaged.
        DatabaseError: something else is wrong with a statement.
    """
    from django.db import DatabaseError, connection
    from django.db.utils import OperationalError

    from xinfang.core.installation import NotSetUp, OtherMode, OtherTables

    try:
        yield
    except (OtherMode, OtherTables) as e:
        raise CommandFailed(WRONG_CALL, str(e)) from None
    except NotSetUp as e:
        raise CommandFailed(FAILED, str(e)) from None
    except OperationalError as e:
        said = " ".join(str(e).split())
        raise CommandFailed(FAILED, f"无法连接数据库：{said}") from None
    except DatabaseError as e:
        if type(e) is not DatabaseError:
            raise
        # A file that is no database.
        raise CommandFailed(
            FAILED, f"数据库不能使用（{type(e).__name__}，{connection.vendor}）。请从备份恢复到另一处比对。"
        ) from None


def take_into_use() -> None:
    """Make the data folder and its key, once there is nothing left to refuse."""
    from django.conf import settings

    from xinfang.vault import data_folder

    try:
        key = data_folder.create(settings.DATA, "" if settings.SECRET_KEY_IS_GIVEN else settings.SECRET_KEY)
    except OSError as e:
        _no_room(e)
    if key:
        settings.SECRET_KEY = key


def _no_room(e: OSError) -> NoReturn:
    from django.conf import settings

    raise CommandFailed(FAILED, f"数据文件夹 {settings.DATA} 写不进（{e.strerror}）。请检查磁盘和权限。") from None


def _keys() -> None:
    """Make the keys at the first start.

    A start that finds them gone ends with what to do, before anything is written.

    Raises:
        CommandFailed: the keys can't be used.
    """
    from xinfang.vault.keys import KeyMissing, keyring

    try:
        keyring()
    except KeyMissing as e:
        raise CommandFailed(FAILED, str(e)) from None


def _waiting() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def set_up() -> tuple[int, int]:
    """Apply every migration and put the starter content in place; returns how many of each were new."""
    from django.core.management import call_command

    from xinfang.core import installation
    from xinfang.core.features import modules

    with database_errors_in_a_sentence():
        installation.compare_mode()
        take_into_use()
        with _alone():
            # A faster process may have made it for another mode.
            installation.compare_mode()
            _keys()
            applied = _waiting()
            if applied:
                call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            planted = sum(feature.set_up() for feature in modules("setup"))
            installation.record_installation()
            installation.require_this_installation()
            return applied, planted


@contextmanager
def _alone() -> Iterator[None]:
    """Let one of two commands that start at once on an empty folder wait while the other makes the tables."""
    from django.conf import settings

    try:
        file = (settings.DATA / "migrate.lock").open("w")
    except OSError as e:
        _no_room(e)
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _while_others_set_up() -> None:
    """Wait for a command that is making or upgrading the tables at this moment.

    It happens to `serve` when a supervisor starts all at once.
    """
    from django.conf import settings

    if (settings.DATA / "migrate.lock").exists():
        with _alone():
            pass
