"""Telephone numbers and letters are locked with the key of the installation."""

from django.db import migrations

import hendig.audit.models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_trainee")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="account", name="phone"),
        migrations.AddField(
            model_name="account",
            name="phone",
            field=hendig.audit.models.LockedText(blank=True, max_length=20, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="letter", name="body"),
        migrations.AddField(
            model_name="letter",
            name="body",
            field=hendig.audit.models.LockedText(default=""),
            preserve_default=False,
        ),
    ]
