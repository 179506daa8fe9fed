"""That a plan of its own was offered to a family, when and by whom, also before it answered."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

ACCOUNT = {"null": True, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0019_recurring_link"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ownplanchoice",
            name="choice",
            field=models.CharField(
                blank=True,
                choices=[
                    ("first", "we maken eerst zelf een plan"),
                    ("together", "we maken het plan samen in de tent"),
                    ("no", "we willen nu geen eigen plan"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="ownplanchoice",
            name="chosen_by",
            field=models.ForeignKey(to="people.account", **ACCOUNT),
        ),
        migrations.AddField(
            model_name="ownplanchoice",
            name="offered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="ownplanchoice",
            name="offered_by",
            field=models.ForeignKey(to="people.account", **ACCOUNT),
        ),
        migrations.AddConstraint(
            model_name="ownplanchoice",
            constraint=models.CheckConstraint(
                condition=Q(choice="", chosen_by=None, offered_at__isnull=False, offered_by__isnull=False)
                | ~Q(choice="") & Q(chosen_by__isnull=False),
                name="own_plan_is_offered_or_chosen",
            ),
        ),
    ]
