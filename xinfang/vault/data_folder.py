"""The data folder: for its owner only, and empty until the database has proven that it is this system's.

Plain functions without Django: the settings ask before there are any. The entry points of the program (the command
line, a web server) call `defer_creation` first, so that a start which is refused leaves nothing behind, and `create`
once nothing is left to refuse.
"""

import os
import pwd
import secrets
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SECRET = "secret.key"  # noqa: S105 - the file's name
OWNER_ONLY_UMASK = 0o077
"""What a umask takes away, so that group and others get nothing."""
_waits = False


def defer_creation() -> None:
    """Let reading the settings make neither folder nor key from now on; `create` does."""
    global _waits
    _waits = True


def creation_is_deferred() -> bool:
    """Tell whether the folder and the key are made by `create` only."""
    return _waits


def create(folder: Path, secret: str = "") -> str:
    """Make the folder, and keep in it the key that signs; returns the key that is kept there.

    Without a key, only the folder is made. Of two processes that start at once, both get the same key.

    Raises:
        OSError: the folder or the key can't be written or read.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not secret:
        return ""
    file = folder / SECRET
    if not file.exists():
        # Written whole under another name, then linked.
        fresh = folder / f".{SECRET}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                stream.write(secret)
                stream.flush()
                os.fsync(stream.fileno())
            with suppress(FileExistsError):
                os.link(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    return file.read_text().strip()


def problem_with(folder: Path, *, besides: Path) -> tuple[str, str] | None:
    """Return why this folder can't be used, in Chinese and in English, with the command that mends it; None if it can.

    Looked at are the folder and what lies directly in it, whatever it is: a handful of entries, however many
    attachments there are. What lies deeper is in folders that are closed to others. `besides` is left out: the vault
    has words of its own about its keys.
    """
    try:
        seen = list(_entries(folder, besides))
    except OSError as e:
        return (
            f"无法查看文件夹“{folder}”（{e.strerror}）。",
            f"the folder '{folder}' can't be looked at ({e.strerror}).",
        )
    for path, found in seen:
        if told := other_owner(path, found, folder):
            return told
    opened = [(path, stat.S_IMODE(found.st_mode)) for path, found in seen if found.st_mode & OWNER_ONLY_UMASK]
    if opened:
        path, mode = opened[0]
        mend = _command("chmod -R go-rwx", folder, [(p, f) for p, f in seen if f.st_mode & OWNER_ONLY_UMASK])
        return (
            f"{path} 可以被其他用户读取（权限 {mode:o}），信访内容可能已经泄露。请运行 {mend}，再启动。",
            f"{path} is open to others (mode {mode:o}); run {mend}, then start again.",
        )
    return None


def other_owner(path: Path, found: os.stat_result, folder: Path) -> tuple[str, str] | None:
    """Say whose it is, in Chinese and in English, where it isn't the running user's; None where it is.

    Root may open anything, and is who puts things right.
    """
    if os.geteuid() in (0, found.st_uid):
        return None
    owner, me = _name(found.st_uid), _name(os.geteuid())
    mend = _command(f"chown -R {me}", folder, [(path, found)])
    return (
        f"{path} 属于用户 {owner}，而本程序由用户 {me} 运行。请改由 {owner} 运行，或由 root 运行 {mend}，再启动。",
        f"{path} belongs to {owner}, and the program runs as {me}; run it as {owner}, or as root: {mend}.",
    )


def _entries(folder: Path, besides: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the folder and what lies directly in it; of a link, what it leads to."""
    if not folder.exists():
        return
    yield folder, folder.stat()
    with os.scandir(folder) as lying:
        for entry in sorted(lying, key=lambda e: e.name):
            if Path(entry.path) != besides:
                # What another process has removed meanwhile, or a link that leads nowhere.
                with suppress(FileNotFoundError):
                    yield Path(entry.path), entry.stat()


def _command(start: str, folder: Path, seen: list[tuple[Path, os.stat_result]]) -> str:
    """Return one command for all of it. It follows no links, so what they lead to is named."""
    places = [folder, *(path.resolve() for path, _ in seen if path != folder and path.is_symlink())]
    return f"{start} {' '.join(shlex.quote(str(place)) for place in places)}"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
