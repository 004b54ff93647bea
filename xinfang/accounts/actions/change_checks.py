"""What every change of units, people and settings checks first."""

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.words import Role

MANAGES_PEOPLE = (Role.SYSTEM_ADMINISTRATOR, Role.OFFICE_HEAD)


def require_manager(by: Staff | None) -> None:
    """Refuse a person who manages neither units nor people; None is the server's command line.

    Raises:
        AdminChangeRefused: this person has no such duty today.
    """
    if by is not None and not actor_of(by).has(*MANAGES_PEOPLE):
        raise AdminChangeRefused("单位、人员、职责和设置由系统管理员或办公室主任维护，您目前没有这项职责。")


def single_line(text: str, label: str, longest: int, reasons: list[str], *, needed: bool = True) -> str:
    """Return the text on one line, and add what is wrong with it to `reasons`."""
    try:
        line = clean_text(text, label, longest, lines=False)
    except ValueError as e:
        reasons.append(str(e))
        return ""
    if needed and not line:
        reasons.append(f"请填写“{label}”。")
    return line


def raise_if_any(reasons: list[str]) -> None:
    """Refuse the change where there are reasons against it.

    Raises:
        AdminChangeRefused: there are reasons; it holds all of them.
    """
    if reasons:
        raise AdminChangeRefused(*reasons)
