"""The mailbox on its server. Messages are read without being changed; a mark on them says that they were taken.

Nothing is answered, moved or deleted.
"""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, ProtocolError

from xinfang.core.mailbox_settings import Mailbox
from xinfang.procedure.errors import XinfangError

TAKEN = b"$XinfangTaken"
_SEEN = b"\\Seen"
_AT_ONCE = 500


class MailboxUnavailable(XinfangError):
    """The server can't be reached, doesn't let us in, or has no such folder. Its text says which."""


class MessageUnreadable(XinfangError):
    """The server's answer about one message can't be understood; the line is whole, and the others can be read."""


@dataclass(frozen=True, slots=True)
class BoxMessage:
    """What the server says of a message: its size in bytes and when it came into the box (aware)."""

    uid: int
    size: int
    came_at: datetime


class OpenBox:
    """A box that was opened. `name` tells it from others; `uid_validity` is that of its numbers."""

    def __init__(self, client: IMAPClient, box: Mailbox) -> None:
        self._client = client
        self.name = f"{box['user']}@{box['host']}/{box['folder']}"[:300]
        selected: dict[bytes, Any] = client.select_folder(box["folder"])
        self.uid_validity = int(selected[b"UIDVALIDITY"])
        self._keywords = b"\\*" in selected.get(b"PERMANENTFLAGS", ())

    def uids(self) -> list[int]:
        """Return the numbers of all messages in the box, in order."""
        return sorted(int(uid) for uid in self._client.search("ALL"))

    def unmarked(self) -> set[int]:
        """Return which of them don't bear the mark of what was taken."""
        wanted = ["UNKEYWORD", TAKEN.decode()] if self._keywords else ["UNSEEN"]
        return {int(uid) for uid in self._client.search(wanted)}

    def about(self, uids: Sequence[int]) -> Iterator[BoxMessage]:
        """Yield what the server says of these; nothing of one that is gone meanwhile."""
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            try:
                yield from self._about(some)
            except (ProtocolError, ValueError, KeyError):
                # One of them has a date that is none: asked one by one, it alone is known by its size.
                for uid in some:
                    yield from self._about_one(uid)

    def _about(self, uids: Sequence[int]) -> list[BoxMessage]:
        said = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            BoxMessage(int(uid), int(fields[b"RFC822.SIZE"]), fields[b"INTERNALDATE"])
            for uid, fields in sorted(said.items())
        ]

    def _about_one(self, uid: int) -> list[BoxMessage]:
        try:
            return self._about([uid])
        except (ProtocolError, ValueError, KeyError):
            return [BoxMessage(uid, 0, timezone.now())]

    def read(self, uid: int, *, whole: bool) -> bytes | None:
        """Return a message as it is, or its head alone; None where it is gone. It stays unread.

        Raises:
            MessageUnreadable: the server's answer can't be understood.
        """
        part = "BODY.PEEK[]" if whole else "BODY.PEEK[HEADER]"
        try:
            fields = self._client.fetch([uid], [part]).get(uid, {})
        except (ProtocolError, ValueError, KeyError) as e:
            raise MessageUnreadable(type(e).__name__) from None
        return next((bytes(value) for name, value in fields.items() if name.startswith(b"BODY[")), None)

    def mark(self, uids: Sequence[int]) -> None:
        """Put the mark on messages, for people who look into the box; what was taken, our own rows say."""
        for start in range(0, len(uids), _AT_ONCE):
            self._client.add_flags(uids[start : start + _AT_ONCE], [_SEEN, TAKEN] if self._keywords else [_SEEN])


@contextmanager
def open_box() -> Iterator[OpenBox]:
    """Open the mailbox of the settings.

    Raises:
        MailboxUnavailable: it can't be opened, or the line broke.
    """
    box: Mailbox | None = settings.MAILBOX
    if box is None:
        raise MailboxUnavailable("没有设置邮箱（XINFANG_MAILBOX_URL）。")
    client = None
    try:
        client = IMAPClient(
            box["host"], box["port"], ssl=box["tls"], timeout=box["timeout"],
            ssl_context=ssl.create_default_context() if box["tls"] else None,
        )  # fmt: skip
        client.normalise_times = False
        client.login(box["user"], box["password"])
        yield OpenBox(client, box)
    except IMAPClientError as e:
        # The server's own words may name the account: they are left out.
        raise MailboxUnavailable(f"邮件服务器不接受（{type(e).__name__}）：请核对用户名、密码和文件夹。") from None
    except OSError as e:
        raise MailboxUnavailable(f"连不上邮件服务器（{type(e).__name__}）：请检查网络、端口和证书。") from None
    finally:
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.logout()
