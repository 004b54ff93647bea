"""The room of search: finding a petition again, and proposing which ones may be repeats."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "xinfang.search"
    verbose_name = "查找"
    default_auto_field = "django.db.models.BigAutoField"
