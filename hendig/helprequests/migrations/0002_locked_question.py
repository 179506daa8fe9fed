"""A question that is not confirmed yet is locked with the key of the installation."""

from django.db import migrations

import hendig.audit.models


class Migration(migrations.Migration):
    dependencies = [("helprequests", "0001_initial")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="asked", name="words"),
        migrations.AddField(
            model_name="asked",
            name="words",
            field=hendig.audit.models.LockedText(max_length=4000, default=""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="asked", name="first_name"),
        migrations.AddField(
            model_name="asked",
            name="first_name",
            field=hendig.audit.models.LockedText(max_length=60, default=""),
            preserve_default=False,
        ),
    ]
