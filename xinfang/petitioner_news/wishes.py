"""What is wished for, as somebody types it: an SMS to a mobile number, an e-mail to an address."""

import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_ADDRESS = 100
NO_MOBILE = "短信只能发到手机，请填写11位手机号。"
NO_ADDRESS = "邮箱的写法不对，请核对，如 name@example.cn。"
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where messages shall go, empty for nowhere; and whether they may name the number of the case."""

    sms: str = ""
    mail: str = ""
    number_shown: bool = False

    @property
    def where(self) -> dict[str, str]:
        """Where messages go, by their way."""
        return {way: to for way, to in (("sms", self.sms), ("mail", self.mail)) if to}


NO_WISHES = Wishes()


def ways() -> tuple[str, ...]:
    """Return the ways for which a gateway is set."""
    return tuple(way for way, gateway in (("sms", settings.SMS), ("mail", settings.EMAIL)) if gateway)


def mobile(typed: str) -> str:
    """Return a mobile number as a gateway takes it; empty where what was typed is none."""
    plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", typed))
    found = _MOBILE.fullmatch(plain)
    return found[1] if found else ""


def mail_address(typed: str) -> str:
    """Return an e-mail address; empty where what was typed is none."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    try:
        validate_email(plain)
    except ValidationError:
        return ""
    return plain if plain.isascii() and len(plain) <= MAX_ADDRESS else ""
