"""A tent that comes back may be somewhere by a link, beside a building or instead of it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0018_no_own_plan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recurringtent",
            name="place",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="recurringtent",
            name="video_link",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="recurringtent",
            constraint=models.CheckConstraint(
                condition=~Q(place="") | ~Q(video_link=""), name="recurring_is_somewhere"
            ),
        ),
    ]
