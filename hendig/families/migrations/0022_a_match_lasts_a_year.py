"""Who helps by a match sees along for a year from the yes, and then the yes is said anew.

Whose year is over, or nearly, has two months from this day: a month before the end each who must say yes is asked,
and nobody loses sight at the moment of an upgrade.
"""

from django.db import migrations

# The owner reads past the walls for as long as this takes, and stands before them again.
A_YEAR = """
ALTER TABLE families_involvement NO FORCE ROW LEVEL SECURITY;
UPDATE families_involvement SET until_at = greatest(
    date_trunc('day', from_at AT TIME ZONE 'Europe/Amsterdam') + interval '365 days',
    date_trunc('day', now() AT TIME ZONE 'Europe/Amsterdam') + interval '61 days'
) AT TIME ZONE 'Europe/Amsterdam'
WHERE part = 'professional' AND ground = 'match' AND until_at IS NULL;
ALTER TABLE families_involvement FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0021_a_yes_lasts_a_year"),
    ]

    operations = [
        migrations.RunSQL(A_YEAR, migrations.RunSQL.noop),
    ]
