"""That somebody is not there, said of them with one tap."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tents", "0014_agreed_page_sealed_again"),
    ]

    operations = [
        migrations.AlterField(
            model_name="gesture",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hand", "wil iets zeggen"),
                    ("understood", "begrijpen we het zo goed"),
                    ("heard", "voelde zich gehoord"),
                    ("away", "was er niet"),
                ],
                max_length=10,
            ),
        ),
    ]
