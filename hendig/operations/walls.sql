-- Who asks, and when: told by the transaction (audit.actions.speaking); nothing told is nobody.
-- account | moment | roles | partners whose office is run | purpose | families begun in this transaction
CREATE OR REPLACE FUNCTION hendig_told(n int) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(split_part(current_setting('hendig.context', true), '|', n), '')
$$;
CREATE OR REPLACE FUNCTION hendig_by_itself() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(hendig_told(1) = 'system', false)
$$;
CREATE OR REPLACE FUNCTION hendig_who() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN hendig_told(1) <> 'system' THEN hendig_told(1)::uuid END
$$;
CREATE OR REPLACE FUNCTION hendig_at() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hendig_told(2)::timestamptz
$$;
CREATE OR REPLACE FUNCTION hendig_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (hendig_at() AT TIME ZONE 'Europe/Amsterdam')::date
$$;
CREATE OR REPLACE FUNCTION hendig_is(role text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(role = ANY (string_to_array(hendig_told(3), ',')), false)
$$;
CREATE OR REPLACE FUNCTION hendig_partners() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(hendig_told(4), ',')::uuid[], '{}')
$$;
CREATE OR REPLACE FUNCTION hendig_purpose() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(hendig_told(5), '')
$$;
CREATE OR REPLACE FUNCTION hendig_begun() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(hendig_told(6), ',')::uuid[], '{}')
$$;

CREATE OR REPLACE FUNCTION hendig_professional() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM people_professional WHERE account_id = hendig_who()
$$;

-- Where somebody is asked for help and did not answer for good: the question and the talk, never what was said.
CREATE OR REPLACE FUNCTION hendig_asked() RETURNS TABLE (compartment_id uuid, family_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT s.compartment_id, s.family_id FROM tents_seat s JOIN tents_tent t ON t.id = s.tent_id
        WHERE s.professional_id = hendig_professional() AND t.stage IN ('calling', 'planned', 'meeting')
    UNION
    SELECT k.compartment_id, k.family_id FROM matching_matchtalk k
        WHERE k.professional_id = hendig_professional() AND k.stage = 'open'
    UNION
    -- Every coach is asked to take up a question that nobody goes along with yet.
    SELECT q.compartment_id, q.family_id FROM helprequests_helprequest q
        WHERE hendig_is('coach') AND (q.coach_id IS NULL
            OR q.coach_id = hendig_who() AND q.stage = 'talk' AND q.stage_since > hendig_at() - interval '1 minute')
    UNION
    -- Who must say yes has a say also when the view of the record rests.
    SELECT k.compartment_id, k.family_id FROM matching_matchtalk k
        JOIN families_familymember m ON m.family_id = k.family_id AND m.account_id = hendig_who()
        WHERE k.stage = 'open' AND (m.id = k.child_id OR EXISTS (
            SELECT FROM families_legalauthority a WHERE a.child_id = k.child_id AND a.holder_id = m.id
                AND a.from_on <= hendig_today() AND (a.until_on IS NULL OR a.until_on >= hendig_today())))
$$;

CREATE OR REPLACE FUNCTION hendig_open_ids() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(compartment_id), '{}') FROM hendig_open(hendig_who(), hendig_at())
$$;
CREATE OR REPLACE FUNCTION hendig_asked_ids() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(compartment_id), '{}') FROM hendig_asked()
$$;
CREATE OR REPLACE FUNCTION hendig_families() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(family_id), '{}') FROM (
        SELECT family_id FROM hendig_open(hendig_who(), hendig_at())
        UNION SELECT family_id FROM hendig_asked()
    ) either
$$;

-- How busy a professional is, over all families: a number, never which.
CREATE OR REPLACE FUNCTION hendig_families_of(professional uuid, day date, besides uuid) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(DISTINCT family_id) FROM matching_match
        WHERE professional_id = professional AND starts_on <= day AND (ends_on IS NULL OR ends_on >= day)
            AND family_id IS DISTINCT FROM besides
$$;
CREATE OR REPLACE FUNCTION hendig_seats_of(professional uuid, first timestamptz, last timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM tents_seat s JOIN tents_tent t ON t.id = s.tent_id
        WHERE s.professional_id = professional AND s.stage IN ('asked', 'free', 'welcome')
            AND t.stage IN ('calling', 'planned', 'meeting') AND t.starts_at BETWEEN first AND last
$$;
