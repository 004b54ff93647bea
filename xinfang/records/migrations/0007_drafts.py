"""Drafts are kept encrypted; those that an earlier release kept stay readable for who typed them."""

from django.db import migrations, models

from xinfang.records.models.desk import closed_fields


def encrypt(apps, editor):
    drafts = apps.get_model("records", "Draft").objects
    for draft in drafts.iterator():
        draft.fields_sealed, draft.wrapped_key = closed_fields(draft.fields)
        draft.save(update_fields=["fields_sealed", "wrapped_key"])


class Migration(migrations.Migration):
    dependencies = [("records", "0006_attachments")]

    operations = [
        migrations.AddField(
            model_name="draft", name="fields_sealed", field=models.BinaryField(null=True, verbose_name="内容")
        ),
        migrations.AddField(model_name="draft", name="wrapped_key", field=models.BinaryField(null=True)),
        migrations.RunPython(encrypt, migrations.RunPython.noop),
        migrations.RemoveField(model_name="draft", name="fields"),
    ]
