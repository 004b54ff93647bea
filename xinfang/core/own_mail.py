"""What marks a mail as this program's own, so that it is known when it comes back."""

import secrets

OWN_DOMAIN = "xinfang.invalid"
"""Of the Message-ID of every mail that the program sends; no server on earth has this name (RFC 2606)."""


def own_mail_headers(key: str = "") -> dict[str, str]:
    """Return the head that says of a mail whose it is, and that no program should answer it (RFC 3834).

    `key` makes one that is sent again the same; without it each is another.
    """
    return {"Message-ID": f"<{key or secrets.token_hex(16)}@{OWN_DOMAIN}>", "Auto-Submitted": "auto-generated"}


def is_own(message_id: str) -> bool:
    """Tell whether this is the Message-ID of a mail that the program sent."""
    return message_id.strip().rstrip(">").lower().endswith(f"@{OWN_DOMAIN}")
