"""Pages for people who are signed in: who may come in, and with which duties."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from xinfang.accounts import sign_in_required
from xinfang.accounts.actions.second_factor import second_factor_is_required
from xinfang.accounts.actions.sign_ins import session_has_second_factor
from xinfang.accounts.middleware import redirect_page
from xinfang.accounts.page_owner import is_for_another
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Role
from xinfang.web.page_frame import OtherPageFirst, View

from .models import Staff
from .queries.actors import actor_of


class DeskRequest(HttpRequest):
    """A request of somebody signed in, with the duties held today."""

    user: Staff
    actor: Actor
    htmx: HtmxDetails


def desk_page(*roles: Role, second_factor: bool = True) -> Callable[[View], View]:
    """Make a view a page for people signed in; with roles, only for people who hold one of them (others get 404).

    A person whose duties ask for a second factor gets only the page that sets it up, unless `second_factor` is False. A
    person who isn't signed in is led to the sign-in page, and a script is told so (401); what a page made for somebody
    else sends is refused (409).
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_required.sign_in_answer(request)
            if is_for_another(request, request.user):
                return sign_in_required.other_person_answer(request, request.user)
            request.actor = actor_of(request.user)
            if second_factor and second_factor_is_required(request.actor) and not session_has_second_factor(request):
                return redirect_page(request, reverse("second-factor"))
            if roles and not request.actor.has(*roles):
                raise Http404
            try:
                return view(request, *args, **kwargs)
            except OtherPageFirst as other:
                return redirect_page(request, other.url(request))

        return page

    return wrap
