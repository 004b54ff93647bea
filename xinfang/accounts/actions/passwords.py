"""Which passwords are allowed, the one place that sets a password, and one-time passwords for a first sign-in."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from xinfang.accounts.models import GivenPassword, OldPassword, Staff
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

MIN_CHARACTER_KINDS = 3
"""Of capitals, small letters, digits and signs (GB/T 22239-2019 三级 8.1.4.1)."""
REMEMBERED_PASSWORDS = 5
ONE_TIME_HOURS = 24
"""How long a password that the program made can be used to sign in, once."""
HALF_LETTERS = 8
"""Letters of each half: 45 bits that its other holder would have to guess, five tries in a quarter of an hour."""
_LETTERS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789")
"""Without those that look alike on paper: I l 1, O 0. No signs, as a half is read out."""


class CharacterKindsValidator:
    """A validator of Django's: three of capitals, small letters, digits, signs. Chinese characters count as signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password with fewer than MIN_CHARACTER_KINDS kinds of characters.

        Raises:
            ValidationError: it has too few.
        """
        kinds = {
            "A" if c.isascii() and c.isupper() else "a" if c.isascii() and c.islower() else "1" if c.isdigit() else "+"
            for c in password
        }
        if len(kinds) < MIN_CHARACTER_KINDS:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        """Return the rule as the form shows it."""
        return "密码应含大写字母、小写字母、数字、符号中的至少三种。"


class PasswordHistoryValidator:
    """A validator of Django's: none of the last five, the present one among them."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse the last REMEMBERED_PASSWORDS passwords of this person, the present one among them.

        Raises:
            ValidationError: the password was used before.
        """
        if not isinstance(user, Staff) or user.pk is None:
            return
        used = [user.password, *user.old_passwords.values_list("password", flat=True)[: REMEMBERED_PASSWORDS - 1]]
        if any(check_password(password, old) for old in used):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self) -> str:
        """Return the rule as the form shows it."""
        return f"新密码不能与最近 {REMEMBERED_PASSWORDS} 次用过的密码相同。"


def set_own_password(staff: Staff, password: str) -> None:
    """Set a password that its owner chose and that was validated before; a one-time password is then over."""
    _replace(staff, password, one_time_until=None)
    GivenPassword.objects.filter(staff=staff).update(wrapped_key=None, half=None)


@transaction.atomic
def issue_one_time_password(staff: Staff, *, proposed_by: Staff | None, confirmed_by: Staff | None) -> tuple[str, str]:
    """Make a random password for one sign-in within 24 hours, in two halves, and return both.

    Both halves together open the account, neither does alone. The first is kept, encrypted, until its proposer opens it
    (`take_half`); the caller shows the second to the person who confirms and doesn't keep the first. Without two people
    (the server's command line) nothing is kept.
    """
    first, second = _half(), _half()
    now = timezone.now()
    until = now + timedelta(hours=ONE_TIME_HOURS)
    _replace(staff, first + second, one_time_until=until)
    GivenPassword.objects.filter(staff=staff).update(wrapped_key=None, half=None)
    given = GivenPassword(
        staff=staff,
        made_at=now,
        until=until,
        password=staff.password,
        proposed_by=proposed_by,
        confirmed_by=confirmed_by,
    )
    if proposed_by is not None:
        key, given.wrapped_key = keyring().new_key()
        given.half = seal(key, first.encode(), _belongs(staff, proposed_by))
    given.save()
    return first, second


def unopened_halves(holder: Staff) -> "QuerySet[GivenPassword]":
    """Return the halves that this person proposed and has not opened yet."""
    return GivenPassword.objects.filter(
        proposed_by=holder, half__isnull=False, used_at=None, until__gt=timezone.now()
    ).select_related("staff", "confirmed_by")


@transaction.atomic
def take_half(pk: int, holder: Staff) -> tuple[Staff, str] | None:
    """Return whose half it is and the half itself, this once.

    None where it isn't this person's, was opened, has been used or is over.
    """
    given = unopened_halves(holder).select_for_update(of=("self",)).filter(pk=pk).first()
    if given is None:
        return None
    assert given.wrapped_key is not None and given.half is not None
    key = keyring().unwrap(bytes(given.wrapped_key))
    half = unseal(key, bytes(given.half), _belongs(given.staff, holder)).decode()
    given.wrapped_key = given.half = None
    given.opened_at = timezone.now()
    given.save(update_fields=["wrapped_key", "half", "opened_at"])
    return given.staff, half


def use_one_time_password(staff: Staff) -> bool:
    """Mark the one sign-in with a one-time password as used; False where it was used before.

    True for a password that its owner chose.
    """
    if staff.one_time_until is None:
        return True
    fresh = GivenPassword.objects.filter(staff=staff, password=staff.password, used_at=None)
    return bool(fresh.update(used_at=timezone.now(), wrapped_key=None, half=None))


def when_used(staff: Staff | None, password: str) -> datetime | None:
    """Return when this password was used; None where it isn't a one-time password of the last week, used since.

    It always takes the time of one check, so that nobody learns from the time which accounts exist.
    """
    week = timezone.now() - timedelta(days=7)
    used = GivenPassword.objects.filter(staff=staff, made_at__gt=week).exclude(used_at=None) if staff else None
    given = used.first() if used is not None else None
    if given is None:
        make_password(password)
        return None
    return given.used_at if check_password(password, given.password) else None


def remove_expired_halves(now: datetime | None = None) -> int:
    """Remove halves that nobody opened in time; return how many."""
    over = GivenPassword.objects.filter(half__isnull=False, until__lte=now or timezone.now())
    return int(over.update(wrapped_key=None, half=None))


def _replace(staff: Staff, password: str, *, one_time_until: datetime | None) -> None:
    if staff.has_usable_password():
        OldPassword.objects.create(staff=staff, password=staff.password, set_at=timezone.now())
        keep = staff.old_passwords.values_list("pk", flat=True)[:REMEMBERED_PASSWORDS]
        staff.old_passwords.exclude(pk__in=list(keep)).delete()
    staff.set_password(password)
    staff.one_time_until = one_time_until
    staff.save(update_fields=["password", "one_time_until"])


def _half() -> str:
    letters = [secrets.choice(kind) for kind in _LETTERS]
    letters += [secrets.choice("".join(_LETTERS)) for _ in range(HALF_LETTERS - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def _belongs(staff: Staff, holder: Staff) -> bytes:
    return f"staff {staff.pk} half of a password for {holder.pk}".encode()


def must_change_password(staff: Staff) -> bool:
    """Tell whether this person has to change their password before anything else.

    Not in the demo, where nobody needs a password.
    """
    return staff.one_time_until is not None and settings.MODE != "demo"


def one_time_password_expired(staff: Staff) -> bool:
    """Tell whether a password that was given for the first sign-in has waited too long."""
    return staff.one_time_until is not None and staff.one_time_until < timezone.now()
