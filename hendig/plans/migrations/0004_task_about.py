"""A task says whom it is about, where that is not the child, and who set it."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0009_own_family"),
        ("people", "0008_ended_role"),
        ("plans", "0003_goal_author"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="about",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="+", to="families.familymember"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="outside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="task",
            name="author",
            field=models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="people.account"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", None), ("outside", False), _connector="OR"),
                name="task_about_one",
            ),
        ),
    ]
