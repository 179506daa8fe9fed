"""Own words are of a topic (which was called about), and say whom they are about."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0009_own_family"),
        ("files", "0002_file_about"),
        ("people", "0008_ended_role"),
        ("rights", "0004_information_request"),
    ]

    operations = [
        migrations.RenameField(model_name="ownwords", old_name="about", new_name="topic"),
        migrations.AddField(
            model_name="ownwords",
            name="about",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="+", to="families.familymember"
            ),
        ),
        migrations.AddField(
            model_name="ownwords",
            name="outside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="ownwords",
            name="author",
            field=models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="people.account"),
        ),
        migrations.AddConstraint(
            model_name="ownwords",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", None), ("outside", False), _connector="OR"),
                name="own_words_about_one",
            ),
        ),
    ]
