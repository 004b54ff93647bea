"""The package for the region, once a second person agreed to its export."""

from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.cases.actions.export_approvals import use_approval
from xinfang.cases.models import ExportRequest
from xinfang.exchange.actions.transfers import package_waiting
from xinfang.exchange.protocol import ExchangeMessage
from xinfang.procedure.facts import Actor


@transaction.atomic
def package_agreed(actor: Actor, request: ExportRequest, *, staff: Staff) -> tuple[list[ExchangeMessage], str]:
    """Return what waits as `package_waiting` does, once another person agreed, with the mark that the package bears.

    Where nothing waits the agreement isn't used.

    Raises:
        AdminChangeRefused: nobody agreed to it.
    """
    messages = package_waiting(actor, staff=staff, reason=request.reason)
    return messages, use_approval(request) if messages else ""
