"""Who ended a role, and why."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_service_code_in_ijw")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="end_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left", "werkt hier niet meer"),
                    ("other_work", "doet ander werk"),
                    ("mistake", "kreeg deze rol per ongeluk"),
                    ("doubt", "er klopt iets niet, dat zoeken we uit"),
                ],
                db_default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.account",
            ),
        ),
    ]
