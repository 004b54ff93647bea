"""Which passwords will do, and the one place where a password is set."""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import OldPassword, Staff

KINDS = 3
"""Of capitals, small letters, digits and signs (GB/T 22239-2019 三级 8.1.4.1)."""
REMEMBERED = 5
ONE_TIME_DAYS = 3
"""How long a password that somebody else gave can be used to sign in."""
_LETTERS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "+-=")
"""Without those that look alike on paper: I l 1, O 0."""


class ThreeKinds:
    """A validator of Django's: three of capitals, small letters, digits, signs. Chinese characters count as signs."""

    def validate(self, password: str, user: object = None) -> None:
        kinds = {
            "A" if c.isascii() and c.isupper() else "a" if c.isascii() and c.islower() else "1" if c.isdigit() else "+"
            for c in password
        }
        if len(kinds) < KINDS:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        return "密码应含大写字母、小写字母、数字、符号中的至少三种。"


class NotOneOfTheLast:
    """A validator of Django's: none of the last five, the present one among them."""

    def validate(self, password: str, user: object = None) -> None:
        if not isinstance(user, Staff) or user.pk is None:
            return
        used = [user.password, *user.old_passwords.values_list("password", flat=True)[: REMEMBERED - 1]]
        if any(check_password(password, old) for old in used):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self) -> str:
        return f"新密码不能与最近 {REMEMBERED} 次用过的密码相同。"


def set_new(staff: Staff, password: str, *, one_time: bool) -> None:
    """Set a password that was validated before, and remember the one it replaces. Saves the account if it exists.

    `one_time`: somebody else chose it, so its owner has to choose his own at the first sign-in, within three days.
    """
    if staff.pk is not None and staff.has_usable_password():
        OldPassword.objects.create(staff=staff, password=staff.password, set_at=timezone.now())
        keep = staff.old_passwords.values_list("pk", flat=True)[:REMEMBERED]
        staff.old_passwords.exclude(pk__in=list(keep)).delete()
    staff.set_password(password)
    staff.one_time_until = timezone.now() + timedelta(days=ONE_TIME_DAYS) if one_time else None
    if staff.pk is not None:
        staff.save(update_fields=["password", "one_time_until"])


def one_time_password() -> str:
    """A random password of 14 characters (about 80 bits) that can be read out and typed."""
    letters = [secrets.choice(kind) for kind in _LETTERS]
    letters += [secrets.choice("".join(_LETTERS[:3])) for _ in range(10)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def must_change(staff: Staff) -> bool:
    """Whether this person's first page is the one that changes the password."""
    return staff.one_time_until is not None


def one_time_is_over(staff: Staff) -> bool:
    """Whether a password that somebody else gave has waited too long."""
    return staff.one_time_until is not None and staff.one_time_until < timezone.now()
