"""A file says whom it is about, where that is not the child, and who brought it."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0009_own_family"),
        ("files", "0001_initial"),
        ("people", "0008_ended_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="file",
            name="about",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="+", to="families.familymember"
            ),
        ),
        migrations.AddField(
            model_name="file",
            name="outside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="file",
            name="author",
            field=models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="people.account"),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", None), ("outside", False), _connector="OR"),
                name="file_about_one",
            ),
        ),
    ]
