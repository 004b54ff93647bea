"""The room of who we are."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xinfang.people"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"
