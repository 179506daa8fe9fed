"""A goal says who wrote it: the child of a record reads of another person what it wrote itself, and no more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("plans", "0002_sealed_who")]

    operations = [
        migrations.AddField(
            model_name="goal",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.account",
            ),
        ),
    ]
