"""The tables of units and people."""

from .account import Authenticator, GivenPassword, OldPassword, PendingChange, RecoveryCode, SignIn
from .staff import STAFF_ROLES, Absence, CurrentDuties, Duty, Staff, Unit

__all__ = [
    "STAFF_ROLES",
    "Absence",
    "Authenticator",
    "CurrentDuties",
    "Duty",
    "GivenPassword",
    "OldPassword",
    "PendingChange",
    "RecoveryCode",
    "SignIn",
    "Staff",
    "Unit",
]
