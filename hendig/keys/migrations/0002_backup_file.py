from django.db import migrations, models

import hendig.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("keys", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BackupFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hendig.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("municipality_id", models.UUIDField(editable=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("reader", models.CharField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("lies", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("until_on", models.DateField()),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality_id", "fingerprint"), name="backup_registered_once"
                    )
                ],
            },
        ),
    ]
