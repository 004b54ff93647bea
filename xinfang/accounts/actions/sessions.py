"""Sessions in the database under the hash of their key: a reader of the table (or of a backup) can't become anybody.

What a session holds is encrypted: somebody may have searched for a telephone number. A session is shorter than the life
of a master key, so a rotation leaves it alone.
"""

import base64
import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import VaultError, seal, unseal

_WRAPPED_KEY_BYTES = 46
"""Bytes of a wrapped key: the master's version, then the sealed key."""
_SESSION = b"session"


def session_row_name(session_key: str) -> str:
    """Return the name of a session in the table: 40 hex digits of SHA-256 over the value of the cookie."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's sessions in the database, but for the name under which they are kept."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encrypt what the session holds, under a key of its own that the master key wraps."""
        key, wrapped = keyring().new_key()
        return base64.b64encode(wrapped + seal(key, super().encode(session_dict).encode(), _SESSION)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what the session holds; nothing, as if there were none, where it can't be decrypted."""
        try:
            blob = base64.b64decode(session_data, validate=True)
            plain = unseal(keyring().unwrap(blob[:_WRAPPED_KEY_BYTES]), blob[_WRAPPED_KEY_BYTES:], _SESSION)
        except (ValueError, VaultError):
            return {}
        found: dict[str, Any] = super().decode(plain.decode())
        return found

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = None
        if self.session_key:
            found = Session.objects.filter(
                session_key=session_row_name(self.session_key), expire_date__gt=timezone.now()
            ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Tell whether there is a session with this key (1 query)."""
        return Session.objects.filter(session_key=session_row_name(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Make the row of this session, under the hash of its key; it is not saved yet."""
        assert self.session_key is not None  # `save` makes one first
        return Session(
            session_key=session_row_name(self.session_key),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of this key, or else this one; without a key nothing happens."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=session_row_name(key)).delete()
