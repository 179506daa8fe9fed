"""A part of a record can be destroyed: the proof names the rows and the question that was granted."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="erasure", name="destroyed_once"),
        migrations.AddField(model_name="erasure", name="destruction_id", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="erasure",
            name="pieces",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                fields=["record_id"], condition=models.Q(("pieces", [])), name="destroyed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(fields=["destruction_id"], name="destroyed_as_asked"),
        ),
    ]
