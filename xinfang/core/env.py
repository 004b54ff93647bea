"""Read and check what the environment says.

Every function fails with `InvalidSetting` and one sentence, in Chinese and in English: which variable, what is wrong,
what to write. The program, when it is started, shows that sentence and nothing else.
"""

import errno
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from xinfang.procedure.errors import XinfangError
from xinfang.vault.data_folder import SECRET, create, creation_is_deferred, other_owner, problem_with

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_MIN_KEY_CHARACTERS = 50


class InvalidSetting(XinfangError, ImproperlyConfigured):
    """A setting that can't be used. Its text is meant for the person who starts the program."""

    def __init__(self, name: str, *, zh: str, en: str) -> None:
        self.name = name
        super().__init__(f"设置 {name} 有误：{zh} / Setting {name} is wrong: {en}")


def text_setting(name: str, default: str = "", env: Mapping[str, str] = os.environ) -> str:
    """Return the value without surrounding blanks; an empty variable counts as not set."""
    return env.get(name, "").strip() or default


def one_of(name: str, choices: tuple[str, ...], default: str, env: Mapping[str, str] = os.environ) -> str:
    """Return a value that must be one of these.

    Raises:
        InvalidSetting: it is another.
    """
    value = text_setting(name, default, env)
    if value not in choices:
        raise InvalidSetting(
            name,
            zh=f"“{value}”不在可选值之内，请填写 {'、'.join(choices)} 之一。",
            en=f"'{value}' is not known; write one of {', '.join(choices)}.",
        )
    return value


def yes_or_no(name: str, default: bool, env: Mapping[str, str] = os.environ) -> bool:
    """Return a switch: 1 or 0, and the usual words for them.

    Raises:
        InvalidSetting: it is something else.
    """
    value = text_setting(name, "1" if default else "0", env).lower()
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    raise InvalidSetting(name, zh=f"“{value}”无法识别，请填写 1 或 0。", en=f"'{value}' is neither; write 1 or 0.")


def whole_number(name: str, default: int, least: int, most: int, env: Mapping[str, str] = os.environ) -> int:
    """Return a whole number from `least` to `most`.

    Raises:
        InvalidSetting: it is no such number.
    """
    value = text_setting(name, str(default), env)
    if value.isascii() and value.isdigit() and least <= int(value) <= most:
        return int(value)
    raise InvalidSetting(
        name,
        zh=f"“{value[:20]}”无法使用，请填写 {least} 至 {most} 之间的整数。",
        en=f"'{value[:20]}' can't be used; write a whole number from {least} to {most}.",
    )


def comma_list(name: str, default: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """Return a list separated by commas."""
    return [word.strip() for word in text_setting(name, default, env).split(",") if word.strip()]


def host_list(name: str, default: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """Return the host names under which the program may be reached, for Django's ALLOWED_HOSTS.

    Raises:
        InvalidSetting: one has a scheme, a path or a port.
    """
    names = comma_list(name, default, env)
    for host in names:
        if "/" in host or (":" in host and not host.startswith("[")) or " " in host:
            raise InvalidSetting(
                name,
                zh=f"“{host}”不是主机名，请只写域名或地址，不带 http:// 和端口，例如 xf.example.cn。",
                en=f"'{host}' is not a host name; write names only, without http:// or a port, e.g. xf.example.cn.",
            )
    return names


def networks(name: str, env: Mapping[str, str] = os.environ) -> list[IPv4Network | IPv6Network]:
    """Return addresses and networks, separated by commas.

    Raises:
        InvalidSetting: one is neither.
    """
    found = []
    for word in comma_list(name, "", env):
        try:
            found.append(ip_network(word))
        except ValueError:
            raise InvalidSetting(
                name,
                zh=f"“{word[:40]}”不是地址或者网段，请写成 10.1.2.3 或者 10.1.2.0/24，多个用逗号分开。",
                en=f"'{word[:40]}' is no address or network; write 10.1.2.3 or 10.1.2.0/24, separated by commas.",
            ) from None
    return found


def data_folder(name: str, mode: str, env: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of all data.

    It is only looked at here: a start that is refused leaves nothing behind (vault/data_folder.py). In production the
    setting is required, so that a timer without its environment doesn't work on an empty system for ever.

    Raises:
        InvalidSetting: it isn't set, can't be made or written, or belongs to another user.
    """
    value = text_setting(name, "" if mode == "production" else "./var", env)
    if not value:
        raise InvalidSetting(
            name,
            zh="正式使用时必须指明数据文件夹，请填写它的路径，例如 /srv/xinfang/data；只想试用演示，请运行 make run。",
            en=(
                "real data needs a place; write the data folder's path, e.g. /srv/xinfang/data,"
                " or try the demo: make run."
            ),
        )
    try:
        folder = Path(value).expanduser().absolute()
        with suppress(FileNotFoundError):
            folder.stat()  # a name that no disk takes
        there = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
        if not there.is_dir():
            not_a_folder = NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            raise not_a_folder
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "no such user"
        raise InvalidSetting(
            name,
            zh=f"无法建立文件夹“{value}”，请填写一个可以写入的文件夹。",
            en=f"the folder '{value}' can't be made ({why}); write a folder that can be written to.",
        ) from error
    if there == folder and (found := other_owner(folder, folder.stat(), folder)):
        raise InvalidSetting(name, zh=found[0], en=found[1])
    if not os.access(there, os.W_OK | os.X_OK):
        raise InvalidSetting(
            name,
            zh=f"文件夹“{value}”不可写入，请更换文件夹或修改其权限。",
            en=f"the folder '{value}' can't be written to; choose another or change its permissions.",
        )
    return folder


def owner_only(name: str, folder: Path, keys: Path) -> None:
    """Check that nobody but the owner can read what lies in the data folder.

    Raises:
        InvalidSetting: something is open to others, or belongs to another user.
    """
    if found := problem_with(folder, besides=keys):
        raise InvalidSetting(name, zh=found[0], en=found[1])


def key_folder(name: str, data: Path, env: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the master keys. It isn't made here: the vault must notice that it is gone.

    Raises:
        InvalidSetting: it isn't a folder.
    """
    folder = Path(text_setting(name, "", env) or data / "keys").expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise InvalidSetting(
            name,
            zh=f"“{folder}”不是文件夹，请填写一个文件夹。",
            en=f"'{folder}' is not a folder; write a folder.",
        )
    return folder


def readable_folder(name: str, env: Mapping[str, str] = os.environ) -> Path | None:
    """Return a folder that is only read; None where none is named.

    Raises:
        InvalidSetting: it is named, and isn't there or can't be read.
    """
    value = text_setting(name, "", env)
    if not value:
        return None
    found = Path(value).expanduser().absolute()
    if not found.is_dir() or not os.access(found, os.R_OK | os.X_OK):
        raise InvalidSetting(
            name,
            zh=f"“{value}”不是可以读取的文件夹，请填写一个文件夹，或留空。",
            en=f"'{value}' is not a folder that can be read; write a folder, or leave it empty.",
        )
    return found


def secret_key(name: str, folder: Path, env: Mapping[str, str] = os.environ) -> str:
    """Return the variable if set; otherwise the key kept beside the data, made once and readable by its owner only.

    Where a start has to prove the database first, a key that isn't there yet is only drawn; `vault.data_folder.create`
    keeps it.

    Raises:
        InvalidSetting: the key is too short, or can't be read or written.
    """
    given = text_setting(name, "", env)
    if given and len(given) < _MIN_KEY_CHARACTERS:
        raise InvalidSetting(
            name,
            zh=f"密钥过短，请填写至少 {_MIN_KEY_CHARACTERS} 个随机字符，或留空由系统生成。",
            en=f"the key is too short; write at least {_MIN_KEY_CHARACTERS} random characters, or leave it empty.",
        )
    file = folder / SECRET
    try:
        if given:
            key = given
            if not creation_is_deferred():
                create(folder)
        elif file.exists():
            key = file.read_text().strip()
        else:
            key = secrets.token_urlsafe(64)
            if not creation_is_deferred():
                key = create(folder, key)
    except OSError as error:
        raise InvalidSetting(
            name,
            zh=f"无法读写密钥文件 {file.name}，请检查数据文件夹的权限。",
            en=f"the key file {file.name} can't be read or written ({error.strerror}); check the data folder.",
        ) from error
    if len(key) < _MIN_KEY_CHARACTERS:
        raise InvalidSetting(
            name,
            zh=f"密钥文件 {file.name} 内容不完整，请从备份恢复；若无备份，删除该文件后重新启动（所有人需重新登录）。",
            en=f"the key file {file.name} is damaged; restore it from a backup, or delete it (all log in again).",
        )
    return key


def _port(url: SplitResult, name: str) -> int | None:
    try:
        return url.port
    except ValueError as error:
        raise InvalidSetting(
            name, zh="端口应为 1 至 65535 的数字。", en="the port must be a number from 1 to 65535."
        ) from error


def _split(name: str, value: str) -> SplitResult:
    # The value itself stays out of the sentence: it may hold a password.
    try:
        return urlsplit(value)
    except ValueError as error:
        raise InvalidSetting(name, zh="地址的写法无法识别。", en="the address can't be read.") from error


# WAL lets readers go on while one writes; FULL means an acknowledged step survives a power cut; IMMEDIATE takes the
# write lock at the start, so two writers queue instead of failing with "database is locked".
SQLITE_PRAGMAS = ";".join(
    f"PRAGMA {pragma}"
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "wal_autocheckpoint=8000",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted or encrypted later leaves no readable rest in the file
        "cache_size=-32000",  # of each thread, kept as long as its connection
        "temp_store=MEMORY",
        "mmap_size=67108864",
    )
)


def database_settings(
    name: str, folder: Path, env: Mapping[str, str] = os.environ, *, fast: bool = True
) -> dict[str, object]:
    """Return Django's description of the database: SQLite in the data folder, or the PostgreSQL the variable names.

    Without `fast`, SQLite is driven by Django's own backend, whose every commit waits for the disk by itself.

    Raises:
        InvalidSetting: the address isn't PostgreSQL's, or names no database.
    """
    value = text_setting(name, "", env)
    if not value:
        return {
            "ENGINE": "xinfang.core.sqlite" if fast else "django.db.backends.sqlite3",
            "NAME": str(folder / "xinfang.sqlite3"),
            # Opening the file and reading its schema costs a page several milliseconds.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    url = _split(name, value)
    database_name = unquote(url.path.lstrip("/"))
    if url.scheme not in ("postgresql", "postgres") or not database_name:
        raise InvalidSetting(
            name,
            zh="请填写 postgresql://用户:密码@主机:5432/库名，或留空以使用 SQLite。",
            en="write postgresql://user:password@host:5432/name, or leave it empty for SQLite.",
        )
    options = dict(parse_qsl(url.query))
    # A socket folder can't be written as the host of an address, so psql's own ?host= is understood too.
    host = options.pop("host", "") or unquote(url.hostname or "")
    port = _port(url, name) or options.pop("port", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(url.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def email_settings(name: str, env: Mapping[str, str] = os.environ) -> dict[str, object] | None:
    """Return Django's e-mail settings, or None where no e-mail is to be sent.

    Raises:
        InvalidSetting: the address isn't that of a mail server.
    """
    value = text_setting(name, "", env)
    if not value:
        return None
    url = _split(name, value)
    if url.scheme not in ("smtp", "smtps", "smtp+tls") or not url.hostname:
        raise InvalidSetting(
            name,
            zh="请填写 smtp://用户:密码@主机:端口（加密用 smtps:// 或 smtp+tls://），或留空表示不发邮件。",
            en="write smtp://user:password@host:port (smtps:// or smtp+tls:// to encrypt), or leave it empty.",
        )
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": _port(url, name) or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 15,
    }


def clamd(name: str, env: Mapping[str, str] = os.environ) -> str:
    """Return where the virus scanner listens: a socket's path or host:port; empty where none is used.

    Raises:
        InvalidSetting: it is neither.
    """
    value = text_setting(name, "", env)
    host, _, port = value.rpartition(":")
    if not value or value.startswith("/") or (host and port.isdigit() and 0 < int(port) < 65536):
        return value
    raise InvalidSetting(
        name,
        zh="请填写 clamd 的套接字路径（如 /run/clamav/clamd.ctl）或 主机:端口，或留空表示不查病毒。",
        en="write the path of clamd's socket (like /run/clamav/clamd.ctl) or host:port, or leave it empty for none.",
    )


def region_url(name: str, env: Mapping[str, str] = os.environ) -> str:
    """Return the address of another system's interface; empty where nothing is sent.

    Only TLS, or this machine (a tunnel that ends here).

    Raises:
        InvalidSetting: it is no such address.
    """
    value = text_setting(name, "", env).rstrip("/")
    if not value or is_plain_https(name, value):
        return value
    raise InvalidSetting(
        name,
        zh="请填写 https://主机:端口/路径（不带用户名、密码和参数；http:// 只能用于本机），或留空表示不发送。",
        en=(
            "write https://host:port/path (no user, password or query; http:// only for this machine),"
            " or leave it empty."
        ),
    )


def window_url(name: str, env: Mapping[str, str] = os.environ) -> str:
    """Return the address under which people find the window, without a slash at its end; empty where none is told.

    Raises:
        InvalidSetting: it is no such address.
    """
    value = text_setting(name, "", env).rstrip("/")
    if not value or is_plain_https(name, value):
        return value
    raise InvalidSetting(
        name,
        zh="请填写信访窗口对外的地址 https://主机/window（不带用户名、密码和参数），或留空表示不印二维码地址。",
        en="write the window's public address, https://host/window (no user, password or query), or leave it empty.",
    )


def is_plain_https(name: str, value: str) -> bool:
    """Tell whether this is an address over TLS, or on this machine, without user, password and query.

    Raises:
        InvalidSetting: it can't be read at all.
    """
    url = _split(name, value)
    _port(url, name)
    here = url.hostname in ("127.0.0.1", "localhost", "::1")
    plain = not (url.username or url.password or url.query or url.fragment)
    return bool(url.hostname) and plain and (url.scheme == "https" or (url.scheme == "http" and here))


def queue_folder(name: str, *, needed: bool, env: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder of files between the desk and a window apart, which must be there; None where none is named.

    Raises:
        InvalidSetting: it is no folder that can be written to, or it is needed and not named.
    """
    value = text_setting(name, "", env)
    if not value and not needed:
        return None
    found = Path(value).expanduser().absolute()
    if not value or not found.is_dir() or not os.access(found, os.R_OK | os.W_OK | os.X_OK):
        raise InvalidSetting(
            name,
            zh=f"“{value}”不是可以写入的文件夹。窗口单独运行时必须指明与内网交换文件的文件夹，请先建好。",
            en=f"'{value}' is not a folder that can be written to; make it first (a window apart needs one).",
        )
    return found


def postgres_url(name: str, env: Mapping[str, str] = os.environ) -> str:
    """Return the address of a PostgreSQL database; empty where none is named.

    Raises:
        InvalidSetting: it is no such address.
    """
    value = text_setting(name, "", env)
    if value and not value.startswith("postgresql://"):
        raise InvalidSetting(
            name,
            zh="请填写 postgresql://用户:密码@主机:5432/库名，或留空。",
            en="write postgresql://user:password@host:5432/name, or leave it empty.",
        )
    return value


def readable_file(name: str, env: Mapping[str, str] = os.environ) -> Path | None:
    """Return a file that is there and can be read; None where none is named.

    Raises:
        InvalidSetting: it isn't there, or can't be read.
    """
    value = text_setting(name, "", env)
    if not value:
        return None
    found = Path(value).expanduser().absolute()
    if not found.is_file() or not os.access(found, os.R_OK):
        raise InvalidSetting(
            name, zh=f"“{value}”不是可以读取的文件，请核对路径和权限。", en=f"'{value}' is not a file that can be read."
        )
    return found


def region_token(name: str, address: str, env: Mapping[str, str] = os.environ) -> str:
    """Return the token for such a system; it must be there where the address is.

    Raises:
        InvalidSetting: it isn't there.
    """
    value = text_setting(name, "", env)
    if bool(value) == bool(address) and (value.isascii() and value.isprintable() and " " not in value):
        return value
    if value and not address:
        return ""
    raise InvalidSetting(
        name,
        zh="请填写对方系统发给本厅的接口令牌（不含空格的英文字符）。",
        en="write the token that the regional system gave to the department (ASCII without blanks).",
    )


def digits_setting(name: str, default: str, count: int, env: Mapping[str, str] = os.environ) -> str:
    """Return a code of this many digits.

    Raises:
        InvalidSetting: it is something else.
    """
    value = text_setting(name, default, env)
    if len(value) == count and value.isascii() and value.isdigit():
        return value
    raise InvalidSetting(name, zh=f"请填写 {count} 位数字。", en=f"write {count} digits.")
