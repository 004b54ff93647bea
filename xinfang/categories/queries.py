"""Reading the content categories."""

from django.db.models import QuerySet

from .models import Category


def all_categories() -> QuerySet[Category]:
    """Every category, in use or not; by code, so that each stands below the one it belongs to (1 query when read)."""
    return Category.objects.order_by("code")


def category_names() -> list[Category]:
    """Every category with code, name and level, and nothing else read: what a filter by category offers (1 query)."""
    return list(all_categories().only("id", "code", "name", "level"))
