"""What every change of units, people and settings checks first."""

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.words import Role

MANAGES_PEOPLE = (Role.SYSTEM_ADMINISTRATOR, Role.OFFICE_HEAD)


def require_manager(by: Staff | None) -> None:
    """Raises AdminChangeRefused for somebody who keeps neither units nor people; None is the command line of the
    server."""
    if by is not None and not actor_of(by).has(*MANAGES_PEOPLE):
        raise AdminChangeRefused("单位、人员、职责和设置由系统管理员或办公室主任维护，您目前没有这项职责。")


def single_line(text: str, label: str, longest: int, reasons: list[str], *, needed: bool = True) -> str:
    """The text on one line; what is wrong with it is added to `reasons`."""
    try:
        line = clean_text(text, label, longest, lines=False)
    except ValueError as e:
        reasons.append(str(e))
        return ""
    if needed and not line:
        reasons.append(f"请填写“{label}”。")
    return line


def raise_if_any(reasons: list[str]) -> None:
    """Raises AdminChangeRefused with all reasons, if there are any."""
    if reasons:
        raise AdminChangeRefused(*reasons)
