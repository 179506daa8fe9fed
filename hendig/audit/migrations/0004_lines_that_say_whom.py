"""An index over the lines that say of which thing they tell."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_tally")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("facts__has_key", "said_of")),
                fields=["municipality_id", "family_id"],
                name="entry_says_whom",
            ),
        ),
    ]
