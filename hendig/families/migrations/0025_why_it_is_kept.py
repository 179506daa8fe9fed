"""A note beside the page that remains says why it is kept; what was there before says that it was."""

from django.db import migrations, models

import hendig.keys.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0024_part_shared_with"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("next", "Wie na mij komt, moet dit weten"),
                    ("agreed", "We spraken af om dit te onthouden"),
                    ("safe", "Het is nodig om veilig te helpen"),
                    ("other", "Een andere reden"),
                    ("before", "Van voor deze vraag"),
                ],
                db_default="before",
                default="",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="because_words",
            field=hendig.keys.models.sealed.SealedText(blank=True, db_default="", default="", max_length=120),
        ),
    ]
