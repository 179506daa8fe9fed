from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0014_circle_by_tapping"),
    ]

    operations = [
        migrations.AddField(
            model_name="tie",
            name="taken_back",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=Q(("taken_back", False), ("removed_at__isnull", False), _connector="OR"),
                name="taken_back_tie_stays_away",
            ),
        ),
    ]
