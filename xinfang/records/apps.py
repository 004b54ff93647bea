"""The room of what is kept."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "xinfang.records"
    verbose_name = "信访记录"
    default_auto_field = "django.db.models.BigAutoField"
