"""The staff's pages."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "xinfang.desk"
    verbose_name = "办公桌面"
