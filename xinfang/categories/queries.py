"""Reading the content categories."""

from django.db.models import QuerySet

from .models import Category


def all_categories() -> QuerySet[Category]:
    """Return every category, in use or not, each below the one it belongs to (1 query when read)."""
    return Category.objects.order_by("code")


def category_names() -> list[Category]:
    """Return every category with code, name and level, and nothing else: what a filter offers (1 query)."""
    return list(all_categories().only("id", "code", "name", "level"))
