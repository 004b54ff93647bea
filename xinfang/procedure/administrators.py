"""The three administrators (三员) are kept apart: no account may do everything, and none of the three sees a case.

Who may hold what at the same time, who must sign in with a second factor, and whose duties only two people may give.
Source: GB/T 22239-2019 三级 8.1.5 (系统管理、审计管理、安全管理), GB/T 35273 and PIPL 51 (need to know).
"""

from collections.abc import Iterable

from .words import Role

THREE_ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
_SEES_NO_CASE = {Role.DUTY_DESK, Role.SUPPORT_CENTRE, Role.SYSTEM, Role.PETITIONER}
SEES_CASES = tuple(r for r in Role if r not in _SEES_NO_CASE and r not in THREE_ADMINISTRATORS)
"""Written by what it leaves out, so that a duty added later counts as one that sees cases."""
NEEDS_SECOND_FACTOR = (Role.LEADER, Role.PRINCIPAL_LEADER, Role.SEALED_OFFICER, *THREE_ADMINISTRATORS)
"""Who instructs and signs, who sees what informers wrote, who administers."""
DECIDES = (Role.OFFICE, Role.OFFICE_HEAD, Role.COUNTER, Role.UNIT_HEAD, Role.LEGAL_ADVISER)
"""Who else agrees, checks, signs or advises. The department may ask them for a second factor too."""
KEY_POSTS = (Role.LEADER, Role.PRINCIPAL_LEADER, Role.SEALED_OFFICER, *THREE_ADMINISTRATORS)
"""重要岗位: their leaving, name, address and units are changed by two people only: nobody alone gets rid of control."""
NEVER_EMPTY = (*THREE_ADMINISTRATORS, Role.SEALED_OFFICER)
"""Posts whose last holder goes only when there is a successor."""
ONLY_BY_SYSTEM_ADMINISTRATOR = (*THREE_ADMINISTRATORS, Role.SEALED_OFFICER)
"""Duties that the head of the office can't propose."""


def clashes(roles: Iterable[Role]) -> list[str]:
    """Return why one person can't hold all these roles at the same time; empty where they can."""
    held = set(roles)
    administers = [r for r in THREE_ADMINISTRATORS if r in held]
    sees = [r for r in SEES_CASES if r in held]
    reasons = []
    if len(administers) > 1:
        reasons.append(
            f"{_words(administers)}不能由同一人担任（等级保护三级要求系统、安全、审计三员分设）。请另选一人。"
        )
    if administers and sees:
        reasons.append(
            f"{_words(administers)}不能兼任能看到信访事项的职责（{_words(sees)}）：管理系统的人不看事项内容。"
            "请另选一人，或先结束其中一项。"
        )
    return reasons


def _words(roles: list[Role]) -> str:
    return "、".join(f"“{r.label}”" for r in roles)
