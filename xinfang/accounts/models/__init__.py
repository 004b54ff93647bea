"""The tables of units and people."""

from .account import Authenticator, GivenPassword, OldPassword, PendingChange, RecoveryCode, SignIn
from .staff import Absence, CurrentDuties, Duty, Staff, Unit

__all__ = [
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
