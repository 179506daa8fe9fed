"""Whose voice it is at the table is sealed with the key of its compartment."""

from django.db import migrations

import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [("tents", "0001_initial")]

    # What stood here in the clear goes with its column.
    operations = [
        migrations.RemoveField(model_name="piece", name="voice"),
        migrations.AddField(
            model_name="piece",
            name="voice",
            field=hendig.keys.models.sealed.SealedText(max_length=60, default=""),
            preserve_default=False,
        ),
    ]
