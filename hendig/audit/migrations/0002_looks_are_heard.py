"""A page that shows who looked moves with each look, without a question more for whoever looks."""

from django.db import migrations

HEARD = """
CREATE FUNCTION tell_of_a_look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hendig', 'looked:' || NEW.compartment_id);
    RETURN NULL;
END $$;
CREATE TRIGGER looks_are_heard AFTER INSERT ON audit_entry
    FOR EACH ROW WHEN (NEW.kind = 'look' AND NEW.compartment_id IS NOT NULL) EXECUTE FUNCTION tell_of_a_look();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(HEARD, "DROP FUNCTION tell_of_a_look CASCADE")]
