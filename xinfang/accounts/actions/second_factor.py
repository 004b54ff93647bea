"""The second factor: a code of an authenticator app (TOTP, RFC 6238), or one of ten recovery codes on paper.

The secret is sealed by a key that the vault wraps; a copied database can't compute codes. A code is good once.
"""

import base64
import secrets
import time
import unicodedata
from io import BytesIO
from urllib.parse import quote

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from xinfang.accounts.models import Authenticator, RecoveryCode, Staff
from xinfang.core import mode
from xinfang.procedure.administrators import DECIDES, NEEDS_SECOND_FACTOR
from xinfang.procedure.facts import Actor
from xinfang.vault import sm_ciphers
from xinfang.vault.keys import keyring

SECRET_BYTES = 20
TOLERANCE_STEPS = 1
"""Steps of 30 seconds that a phone's clock may be off."""
RECOVERY_CODE_COUNT = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_RECOVERY_LETTERS = 12
NO_CODE = "验证码是手机上显示的 6 位数字（没有手机时是 12 位的恢复码），请核对后再输入。"
"""What a person is told who typed something that can't be a code."""
_ISSUER = "信访事项办理"


def second_factor_is_required(actor: Actor) -> bool:
    """Tell whether today's duties of this person, or of colleagues they deputise for, ask for a second factor.

    The setting XINFANG_SECOND_FACTOR may ask more people than must (GB/T 22239-2019 三级 8.1.4.1). Not in the demo:
    its invented people have no phones (docs/decisions/0008).
    """
    if mode.is_demo():
        return False
    if settings.SECOND_FACTOR == "everyone":
        return True
    return actor.has(*NEEDS_SECOND_FACTOR, *(DECIDES if settings.SECOND_FACTOR == "deciders" else ()))


def has_second_factor(staff: Staff) -> bool:
    """Tell whether this person's authenticator is set up."""
    return Authenticator.objects.filter(staff=staff).exclude(confirmed_at=None).exists()


@transaction.atomic
def begin_setup(staff: Staff) -> bytes:
    """Return the secret that is being set up: the same until a code has confirmed it, so that a reload changes nothing.

    Raises:
        ValueError: the second factor is set up already.
    """
    waiting = Authenticator.objects.select_for_update().filter(staff=staff).first()
    if waiting is not None:
        if waiting.confirmed_at is not None:
            raise ValueError("the second factor is set up already")
        return _secret(waiting)
    secret = secrets.token_bytes(SECRET_BYTES)
    key, wrapped = keyring().new_key()
    sealed = sm_ciphers.seal(key, secret, _belongs(staff.pk))
    Authenticator.objects.create(staff=staff, wrapped_key=wrapped, secret=sealed)
    return secret


@transaction.atomic
def confirm_setup(staff: Staff, code: str) -> list[str]:
    """Put the secret into use when the app shows the right code; returns the recovery codes, shown this once.

    An empty list: the code was wrong.
    """
    if not _accept(staff, code, confirmed=False):
        return []
    Authenticator.objects.filter(staff=staff).update(confirmed_at=timezone.now())
    return _new_recovery_codes(staff)


@transaction.atomic
def new_recovery_codes(staff: Staff) -> list[str]:
    """Make ten new recovery codes; the earlier ones are no longer valid."""
    return _new_recovery_codes(staff)


def could_be_a_code(code: str) -> bool:
    """Tell whether this could be a code at all: six digits, or a recovery code, in whatever width and spacing.

    What can't is a slip of the keyboard and no guess, so it need not count to the lockout.
    """
    return _digits(code) is not None or _letters(code) is not None


def is_recovery_code(code: str) -> bool:
    """Tell whether this is written like a recovery code and not like one of the app."""
    return _digits(code) is None and _letters(code) is not None


def use_code(staff: Staff, code: str) -> bool:
    """Use up a code of the app that was not used before, or a recovery code; tell whether it was one."""
    return _accept(staff, code, confirmed=True) or _accept_recovery(staff, code)


@transaction.atomic
def remove_second_factor(staff: Staff) -> None:
    """Remove the second factor; a person who has to have one sets it up at the next sign-in."""
    Authenticator.objects.filter(staff=staff).delete()
    RecoveryCode.objects.filter(staff=staff).delete()


def recovery_codes_left(staff: Staff) -> int:
    """Return how many recovery codes are unused."""
    return RecoveryCode.objects.filter(staff=staff, used_at=None).count()


def secret_in_groups(secret: bytes) -> str:
    """Return the secret in groups of four, for a person who types it."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def qr_svg(staff: Staff, secret: bytes) -> bytes:
    """Draw the picture that the app scans: SVG with attributes only, as the content security policy wants it."""
    text = base64.b32encode(secret).decode()
    label = quote(f"{_ISSUER}:{staff.get_username()}")
    uri = f"otpauth://totp/{label}?secret={text}&issuer={quote(_ISSUER)}&algorithm=SHA1&digits=6&period=30"
    out = BytesIO()
    segno.make(uri, error="m", micro=False).save(out, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
    return out.getvalue()


def _belongs(staff_id: int) -> bytes:
    return f"staff {staff_id} second factor".encode()


def _secret(device: Authenticator) -> bytes:
    return sm_ciphers.unseal(
        keyring().unwrap(bytes(device.wrapped_key)), bytes(device.secret), _belongs(device.staff_id)
    )


def _accept(staff: Staff, code: str, *, confirmed: bool) -> bool:
    typed = _digits(code)
    if typed is None:
        return False
    device = Authenticator.objects.filter(staff=staff, confirmed_at__isnull=not confirmed).first()
    if device is None:
        return False
    totp = TOTP(_secret(device))
    totp.time = time.time()
    if not totp.verify(int(typed), tolerance=TOLERANCE_STEPS, min_t=device.last_step + 1):
        return False
    # Of two requests with the same code only one finds the step unused.
    return bool(Authenticator.objects.filter(pk=device.pk, last_step__lt=totp.t()).update(last_step=totp.t()))


def _accept_recovery(staff: Staff, code: str) -> bool:
    typed = _letters(code)
    if typed is None:
        return False
    found = RecoveryCode.objects.filter(staff=staff, digest=_digest(staff, typed), used_at=None)
    return bool(found.update(used_at=timezone.now()))


def _half_width(code: str) -> str:
    """Turn what a Chinese input method typed in full width into half width: １２３ is 123."""
    return unicodedata.normalize("NFKC", code)


def _digits(code: str) -> str | None:
    typed = "".join(_half_width(code).split())
    return typed if len(typed) == 6 and typed.isascii() and typed.isdigit() else None


def _letters(code: str) -> str | None:
    typed = "".join(c for c in _half_width(code).upper() if c in _ALPHABET)
    return typed if len(typed) == _RECOVERY_LETTERS else None


def _new_recovery_codes(staff: Staff) -> list[str]:
    RecoveryCode.objects.filter(staff=staff).delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LETTERS)) for _ in range(RECOVERY_CODE_COUNT)]
    RecoveryCode.objects.bulk_create(RecoveryCode(staff=staff, digest=_digest(staff, c)) for c in codes)
    return ["-".join(c[i : i + 4] for i in range(0, _RECOVERY_LETTERS, 4)) for c in codes]


def _digest(staff: Staff, code: str) -> str:
    # 59 random bits under a key outside the database: a slow hash would add nothing but waiting.
    return keyring().mark("recovery code", f"{staff.pk} {code}")
