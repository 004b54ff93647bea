"""The plain columns go, and the database refuses from now on to change what was recorded."""

from django.db import migrations

from xinfang.records import guard


class Migration(migrations.Migration):
    dependencies = [("records", "0005_proof_fill")]
    operations = [
        migrations.RemoveField(model_name="petitioner", name="address"),
        migrations.RemoveField(model_name="petitioner", name="id_number"),
        migrations.RemoveField(model_name="petitioner", name="phone"),
        migrations.RunPython(lambda apps, editor: guard.install(), lambda apps, editor: guard.remove()),
    ]
