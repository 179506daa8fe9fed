"""Who works here says that a family is the own one, or known from home: it closes for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0008_gp")]

    operations = [
        migrations.AddField(
            model_name="block",
            name="own_family",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
