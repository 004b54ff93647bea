"""A draft belongs to one showing of a form; those that are kept already stay, as if of a page without a name."""

from django.db import migrations, models
from django.db.models.functions import Coalesce, Length


def measure(apps, editor):
    drafts = apps.get_model("records", "Draft").objects
    drafts.update(size=Coalesce(Length("fields_sealed"), 0))


class Migration(migrations.Migration):
    dependencies = [("records", "0019_import")]

    operations = [
        migrations.AddField("draft", "page", models.CharField("页面", max_length=40, default="")),
        migrations.AddField("draft", "turn", models.PositiveBigIntegerField("次序", default=0)),
        migrations.AddField("draft", "size", models.PositiveIntegerField("字节数", default=0)),
        migrations.RemoveConstraint("draft", "one_draft_a_form"),
        migrations.AddConstraint(
            "draft", models.UniqueConstraint(fields=["staff", "form", "page"], name="one_draft_a_page")
        ),
        migrations.RunPython(measure, migrations.RunPython.noop),
    ]
