"""The content categories in three levels, how often each is used, and workbooks that add to them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.queries.counts import cases_by_category
from xinfang.casework.forms import CategoriesForm
from xinfang.categories.actions import AdminChangeRefused, import_categories
from xinfang.categories.queries import all_categories
from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.categories.models import Category

NAV_ROUTE = "categories"
COLUMNS = ("一级分类", "二级分类", "三级分类")


@require_safe
@desk_page(*ADMINISTERS)
def categories(request: DeskRequest) -> HttpResponse:
    """Show the tree with the number of petitions the viewer may see in each branch."""
    return render_page(request, "casework/categories.html", _context(request, CategoriesForm()), here=NAV_ROUTE)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ADMINISTERS)
def import_workbook(request: DeskRequest) -> HttpResponse:
    """Add the categories of a workbook; what exists stays, whatever the file leaves out."""
    form = CategoriesForm(request.POST, files=request.FILES) if request.method == "POST" else CategoriesForm()
    done = None
    if request.method == "POST" and form.is_valid():
        try:
            done = import_categories(form.cleaned_data["file"].read(), by=request.user)
        except AdminChangeRefused as rejected:
            form.refuse(rejected.sentences)
    context = {**_context(request, form), "errors": form.summary, "done": done}
    return render_page(request, "casework/categories.html", context, here=NAV_ROUTE, status=422 if form.errors else 200)


@dataclass
class _Branch:
    """A category with the cases in it, and with those of all below it."""

    category: "Category"
    own: int
    count: int
    children: "list[_Branch]" = field(default_factory=list)


def _context(request: DeskRequest, form: CategoriesForm) -> dict[str, Any]:
    used = cases_by_category(request.actor)
    nodes = {c.pk: _Branch(c, used.get(c.pk, 0), used.get(c.pk, 0)) for c in all_categories()}
    roots = []
    # The deepest first, so that a branch is counted when it is added to its parent.
    for node in sorted(nodes.values(), key=lambda n: (-n.category.level, n.category.code)):
        above = nodes.get(node.category.parent_id) if node.category.parent_id else None
        if above is None:
            roots.append(node)
        else:
            above.children.append(node)
            above.count += node.count
    return {
        "roots": sorted(roots, key=lambda n: n.category.code),
        "total": len(nodes),
        "inactive": sum(not n.category.active for n in nodes.values()),
        "without": used.get(None, 0),
        "columns": COLUMNS,
        "form": form,
    }
