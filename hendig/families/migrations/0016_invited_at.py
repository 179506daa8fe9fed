from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0015_taken_back_tie"),
    ]

    operations = [
        migrations.AddField(
            model_name="familymember",
            name="invited_at",
            field=models.DateTimeField(null=True),
        ),
    ]
