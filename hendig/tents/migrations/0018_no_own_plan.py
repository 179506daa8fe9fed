"""A family may say that it wants no plan of its own now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0017_whose_voice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ownplanchoice",
            name="choice",
            field=models.CharField(
                choices=[
                    ("first", "we maken eerst zelf een plan"),
                    ("together", "we maken het plan samen in de tent"),
                    ("no", "we willen nu geen eigen plan"),
                ],
                max_length=8,
            ),
        ),
    ]
