"""The triggers that keep recorded tables append-only; last, when every table is there. Written by hand."""

from django.db import migrations

from xinfang.audit import guard
from xinfang.core.features import names


class Migration(migrations.Migration):
    initial = True
    dependencies = [(path.split(".")[1], "0001_initial") for path in names("migrations.0001_initial")]
    operations = [migrations.RunPython(lambda apps, editor: guard.install(), lambda apps, editor: guard.remove())]
