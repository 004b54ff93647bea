"""Databases as earlier releases made them: migration by migration."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_load = MigrationLoader.load_disk


def _without_shortcuts(self: MigrationLoader) -> None:
    _load(self)
    for key in _shortcuts(self):
        del self.disk_migrations[key]


def _shortcuts(loader: MigrationLoader) -> list[tuple[str, str]]:
    return [key for key, migration in loader.disk_migrations.items() if migration.replaces]


def one_by_one() -> None:
    """From now on this process knows no migration that stands for several, and can stop at each of them."""
    recorder = MigrationRecorder(connection)
    if recorder.has_table():
        for app, name in _shortcuts(MigrationLoader(connection)):
            recorder.record_unapplied(app, name)
    MigrationLoader.load_disk = _without_shortcuts
