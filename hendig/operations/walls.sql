-- Who asks, and when: told by the transaction (audit.actions.speaking); nothing told is nobody.
-- account | moment | roles | partners whose office is run | purpose | families begun in this transaction
-- Not in plain SQL: PostgreSQL would read that anew for each wall of a statement, up to two fifths of planning it.
CREATE OR REPLACE FUNCTION hendig_told(n int) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN nullif(split_part(current_setting('hendig.context', true), '|', n), ''); END $$;
CREATE OR REPLACE FUNCTION hendig_by_itself() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN coalesce(hendig_told(1) = 'system', false); END $$;
CREATE OR REPLACE FUNCTION hendig_who() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN CASE WHEN hendig_told(1) <> 'system' THEN hendig_told(1)::uuid END; END $$;
CREATE OR REPLACE FUNCTION hendig_at() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN hendig_told(2)::timestamptz; END $$;
CREATE OR REPLACE FUNCTION hendig_today() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN (hendig_at() AT TIME ZONE 'Europe/Amsterdam')::date; END $$;
CREATE OR REPLACE FUNCTION hendig_is(role text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN coalesce(role = ANY (string_to_array(hendig_told(3), ',')), false); END $$;
CREATE OR REPLACE FUNCTION hendig_partners() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN coalesce(string_to_array(hendig_told(4), ',')::uuid[], '{}'); END $$;
CREATE OR REPLACE FUNCTION hendig_purpose() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN coalesce(hendig_told(5), ''); END $$;
CREATE OR REPLACE FUNCTION hendig_begun() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN coalesce(string_to_array(hendig_told(6), ',')::uuid[], '{}'); END $$;

-- The municipality of who asks; of a closed account none.
CREATE OR REPLACE FUNCTION hendig_town() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT municipality_id FROM people_account WHERE id = hendig_who() AND is_active
$$;
-- The families of which who asks is one: closed to that person in every role.
CREATE OR REPLACE FUNCTION hendig_own_families() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(family_id), '{}') FROM families_familymember WHERE account_id = hendig_who()
$$;
-- The compartments in which this person reads what is about the child and about themself, and of nobody else: of
-- the own record, and of one of a child whom they foster and do not decide for, but for their own part of it.
CREATE OR REPLACE FUNCTION hendig_of_child_alone(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Over a child that is not known yet nobody decides.
    RETURN (SELECT coalesce(array_agg(c.id), '{}') FROM families_familymember m
        JOIN families_record r ON r.family_id = m.family_id
        JOIN families_compartment c ON c.record_id = r.id
        WHERE m.account_id = who AND (r.child_id = m.id
            OR m.kind = 'foster_parent' AND c.person_id IS DISTINCT FROM m.id AND (r.child_id IS NULL
                OR r.child_id = ANY ((SELECT hendig_fostered(who, moment))::uuid[])))) || hendig_narrowed(who, moment);
END $$;
-- Where somebody is here by a yes alone, and one who says that yes gives it for what is about the child only.
CREATE OR REPLACE FUNCTION hendig_narrowed(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hendig_limited(who, moment, 'child')
$$;
-- The children whom this person fosters and does not decide for: who decided for them before is not told.
CREATE OR REPLACE FUNCTION hendig_fostered(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := (moment AT TIME ZONE 'Europe/Amsterdam')::date;
BEGIN
    RETURN (SELECT coalesce(array_agg(r.child_id), '{}') FROM families_familymember m
        JOIN families_record r ON r.family_id = m.family_id AND r.child_id IS NOT NULL
        WHERE m.account_id = who AND m.kind = 'foster_parent' AND NOT EXISTS (
            SELECT FROM families_legalauthority a WHERE a.child_id = r.child_id AND a.holder_id = m.id
                AND a.from_on <= today AND (a.until_on IS NULL OR a.until_on >= today)
                AND (a.source <> 'declared' OR a.checked_on IS NOT NULL OR a.lapses_on > today)));
END $$;
-- The compartments from which this account is kept out.
CREATE OR REPLACE FUNCTION hendig_shut(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(c.id), '{}') FROM families_block b
        JOIN families_compartment c ON c.record_id = b.record_id
    WHERE b.account_id = who AND b.from_at <= moment AND (b.until_at IS NULL OR b.until_at > moment)
        AND (cardinality(b.kinds) = 0 OR c.kind = ANY (b.kinds))
$$;
-- As whom somebody works now; who left is nobody here any more.
CREATE OR REPLACE FUNCTION hendig_professional() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM people_professional WHERE account_id = hendig_who() AND hendig_is('professional')
$$;

-- Whether others decide about help in the place of this child, and whether a no of the child stops that: the
-- same for each who has a say, and no word of why.
CREATE OR REPLACE FUNCTION hendig_instead(child uuid, moment timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN bool_or(y.despite_no) THEN 'despite_no' WHEN count(*) > 0 THEN 'held' END
        FROM families_incapacity y JOIN families_record r ON r.id = y.record_id
        WHERE r.child_id = child AND y.from_at <= moment AND y.until_at > moment
            AND (r.municipality_id = hendig_town() OR hendig_by_itself())
$$;
-- Whether those with authority have a say about help for this child: until 16, and for a youth of 16 or 17 only
-- while they decide in the place of the youth.
CREATE OR REPLACE FUNCTION hendig_parents_say(child uuid, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(d.years < 16 OR d.years < 18 AND hendig_instead(child, moment) IS NOT NULL, false) FROM (
        SELECT date_part('year', age((moment AT TIME ZONE 'Europe/Amsterdam')::date, m.born_on)) AS years
            FROM families_familymember m
            WHERE m.id = child AND (m.municipality_id = hendig_town() OR hendig_by_itself())
    ) d
$$;

-- Until when a measure of this kind stands over this child: the same for each who has a say, also for who does not
-- see the record now, and no word of which court or why.
DROP FUNCTION IF EXISTS hendig_measured_until(uuid, timestamptz);
CREATE OR REPLACE FUNCTION hendig_measured_until(child uuid, of_kind text, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT max(y.until_at) FROM families_measure y JOIN families_record r ON r.id = y.record_id
        WHERE r.child_id = child AND y.kind = of_kind AND y.from_at <= moment AND y.until_at > moment
            AND (r.municipality_id = hendig_town() OR hendig_by_itself())
$$;

-- Where somebody is asked for help and did not answer for good: the question and the talk, never what was said.
-- What denies a record denies this too: a block, a death, another municipality, for who works the own family.
CREATE OR REPLACE FUNCTION hendig_asked() RETURNS TABLE (compartment_id uuid, family_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT asked.compartment_id, asked.family_id FROM (
        SELECT s.compartment_id, s.family_id, false AS own FROM tents_seat s JOIN tents_tent t ON t.id = s.tent_id
            WHERE s.professional_id = hendig_professional() AND s.stage <> 'refused'
                AND t.stage IN ('calling', 'planned', 'meeting')
                -- Also where nobody wrote down that it is over: no longer than a guest stays.
                AND t.starts_at > hendig_at() - interval '14 days'
        UNION
        SELECT k.compartment_id, k.family_id, false FROM matching_matchtalk k
            WHERE k.professional_id = hendig_professional() AND k.stage = 'open' AND NOT k.blind
        UNION
        -- Every coach is asked to take up a question that nobody goes along with yet.
        SELECT q.compartment_id, q.family_id, false FROM helprequests_helprequest q
            WHERE hendig_is('coach') AND (q.coach_id IS NULL OR q.coach_id = hendig_who()
                AND q.stage = 'talk' AND q.stage_since > hendig_at() - interval '1 minute')
        UNION
        -- Who must say yes has a say also when the view of the record rests.
        SELECT k.compartment_id, k.family_id, true FROM matching_matchtalk k
            JOIN families_familymember m ON m.family_id = k.family_id AND m.account_id = hendig_who()
            WHERE k.stage = 'open' AND (m.id = k.child_id OR hendig_parents_say(k.child_id, hendig_at()) AND EXISTS (
                SELECT FROM families_legalauthority a WHERE a.child_id = k.child_id AND a.holder_id = m.id
                    AND a.from_on <= hendig_today() AND (a.until_on IS NULL OR a.until_on >= hendig_today())
                    AND (a.source <> 'declared' OR a.checked_on IS NOT NULL OR a.lapses_on > hendig_today())))
    ) asked
    JOIN families_compartment c ON c.id = asked.compartment_id
    JOIN families_record r ON r.id = c.record_id
    WHERE r.municipality_id = hendig_town()
        AND CASE WHEN asked.own THEN r.frozen_at IS NULL OR r.frozen_at > hendig_at()
            ELSE asked.family_id <> ALL (hendig_own_families()) END
        AND c.id <> ALL (hendig_shut(hendig_who(), hendig_at()))
$$;

-- What was found out for who asks is kept in the transaction and holds for as long as nothing moves on which it
-- rests: the same words told, nothing written to it in between by this transaction itself (`hendig_forget`), and
-- no transaction of others that wrote to it and came in sight since (`hendig_moved`, a line for each that writes).
-- What others write elsewhere (a letter, a session, a line of the log) makes nobody ask anew.
CREATE OR REPLACE FUNCTION hendig_known(what text) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept text := current_setting('hendig.' || what, true);
    told text := current_setting('hendig.context', true) || '#';
    seen text;
BEGIN
    IF starts_with(kept, told) THEN
        kept := substr(kept, length(told) + 1);
        seen := split_part(kept, '#', 1);
        IF seen = pg_current_snapshot()::text OR NOT EXISTS (
            SELECT FROM hendig_moved m WHERE m.by >= pg_snapshot_xmin(seen::pg_snapshot)
                AND NOT pg_visible_in_snapshot(m.by, seen::pg_snapshot)
                AND m.by IS DISTINCT FROM pg_current_xact_id_if_assigned()
        ) THEN
            RETURN substr(kept, length(seen) + 2)::uuid[];
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION hendig_keep(what text, answer uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM set_config('hendig.' || what,
        current_setting('hendig.context', true) || '#' || pg_current_snapshot()::text || '#' || answer::text, true);
    RETURN answer;
END $$;
CREATE OR REPLACE FUNCTION hendig_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO hendig_moved (by) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    PERFORM set_config('hendig.' || what, '', true)
        FROM unnest(ARRAY['open', 'open_families', 'open_records', 'asked', 'asked_families']) AS what;
    RETURN NULL;
END $$;
-- The lines that are there go. Whoever still needed one finds ours, comes after it, and asks anew.
CREATE OR REPLACE FUNCTION hendig_settle() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM hendig_moved;
    INSERT INTO hendig_moved (by) VALUES (pg_current_xact_id());
END $$;

-- Whether what is open opens the family too: who is there, which children and what was decided. Not for a parent
-- who decides for no child here and has nothing open but what is about that parent, and the own address; nor for who
-- helps as a neighbour, and reads where one person lives.
CREATE OR REPLACE FUNCTION hendig_decides(holder uuid, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM families_legalauthority a CROSS JOIN LATERAL (
            SELECT (moment AT TIME ZONE 'Europe/Amsterdam')::date AS today
        ) d
        WHERE a.holder_id = holder AND a.from_on <= d.today AND (a.until_on IS NULL OR a.until_on >= d.today)
            AND (a.source <> 'declared' OR a.checked_on IS NOT NULL OR a.lapses_on > d.today))
$$;
CREATE OR REPLACE FUNCTION hendig_open_ids() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found uuid[] := hendig_known('open');
    families uuid[];
    records uuid[];
BEGIN
    IF found IS NULL THEN
        SELECT coalesce(array_agg(DISTINCT compartment_id), '{}'), coalesce(array_agg(DISTINCT record_id), '{}'),
                coalesce(array_agg(DISTINCT family_id) FILTER (
                    WHERE part <> 'volunteer' AND (
                        part <> 'family' OR kind NOT IN ('parent', 'address') OR hendig_decides(member_id, hendig_at()))
                ), '{}')
            INTO found, records, families FROM hendig_open(hendig_who(), hendig_at());
        PERFORM hendig_keep('open', found), hendig_keep('open_records', records),
            hendig_keep('open_families', families);
    END IF;
    RETURN found;
END $$;
CREATE OR REPLACE FUNCTION hendig_open_families() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid[] := hendig_known('open_families');
BEGIN
    IF found IS NULL THEN
        PERFORM hendig_open_ids();
        found := hendig_known('open_families');
    END IF;
    RETURN found;
END $$;
CREATE OR REPLACE FUNCTION hendig_open_records() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid[] := hendig_known('open_records');
BEGIN
    IF found IS NULL THEN
        PERFORM hendig_open_ids();
        found := hendig_known('open_records');
    END IF;
    RETURN found;
END $$;
CREATE OR REPLACE FUNCTION hendig_asked_ids() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found uuid[] := hendig_known('asked');
    families uuid[];
BEGIN
    IF found IS NULL THEN
        SELECT coalesce(array_agg(DISTINCT compartment_id), '{}'), coalesce(array_agg(DISTINCT family_id), '{}')
            INTO found, families FROM hendig_asked();
        PERFORM hendig_keep('asked', found), hendig_keep('asked_families', families);
    END IF;
    RETURN found;
END $$;
CREATE OR REPLACE FUNCTION hendig_families() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid[] := hendig_known('asked_families');
BEGIN
    IF found IS NULL THEN
        PERFORM hendig_asked_ids();
        found := hendig_known('asked_families');
    END IF;
    RETURN hendig_open_families() || found;
END $$;

-- Whether who asks may know of this person, and of this account in that family: not of who belongs to a side that is
-- shut to them. Asked of each row by itself: as a list it would be everybody whom they may not know of.
CREATE OR REPLACE FUNCTION hendig_knows_person(person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN person IS NULL OR NOT EXISTS (SELECT FROM families_familymember m WHERE m.id = person
        AND m.account_id IS DISTINCT FROM hendig_who()
        AND m.compartment_id IS NOT NULL AND m.compartment_id <> ALL (hendig_open_ids())
        AND NOT EXISTS (SELECT FROM families_record r
            WHERE r.child_id = m.id AND r.id = ANY (hendig_open_records())));
END $$;
CREATE OR REPLACE FUNCTION hendig_knows(family uuid, account uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM families_familymember m WHERE m.family_id = family AND m.account_id = account
        AND NOT hendig_knows_person(m.id));
END $$;

-- The same for the first wall, which says itself who asks and when: mostly that was told as well.
CREATE OR REPLACE FUNCTION hendig_opened(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF who = hendig_who() AND moment = hendig_at() THEN
        RETURN hendig_open_ids();
    END IF;
    RETURN (SELECT coalesce(array_agg(DISTINCT compartment_id), '{}') FROM hendig_open(who, moment));
END $$;
CREATE OR REPLACE FUNCTION hendig_opened_families(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF who = hendig_who() AND moment = hendig_at() THEN
        RETURN hendig_open_families();
    END IF;
    RETURN (SELECT coalesce(array_agg(DISTINCT family_id), '{}') FROM hendig_open(who, moment)
        WHERE part <> 'volunteer'
            AND (part <> 'family' OR kind NOT IN ('parent', 'address') OR hendig_decides(member_id, moment)));
END $$;
CREATE OR REPLACE FUNCTION hendig_opened_records(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF who = hendig_who() AND moment = hendig_at() THEN
        RETURN hendig_open_records();
    END IF;
    RETURN (SELECT coalesce(array_agg(DISTINCT record_id), '{}') FROM hendig_open(who, moment));
END $$;

-- By whom somebody is in these families who is there as a deputy or a trainee and in no way of their own.
CREATE OR REPLACE FUNCTION hendig_behind(who uuid, moment timestamptz, families uuid[])
RETURNS TABLE (family_id uuid, behind_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1 SET search_path = public, pg_temp AS $$
    SELECT i.family_id, min(i.behind_id::text)::uuid FROM families_involvement i
    WHERE i.account_id = who AND i.family_id = ANY (families)
        AND i.from_at <= moment AND (i.until_at IS NULL OR i.until_at > moment)
    GROUP BY i.family_id HAVING bool_and(i.behind_id IS NOT NULL)
$$;

-- The compartments that are open to somebody only because they learn beside another.
CREATE OR REPLACE FUNCTION hendig_learning(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(compartment_id), '{}') FROM (
        SELECT compartment_id FROM hendig_open(who, moment) GROUP BY compartment_id HAVING bool_and(part = 'trainee')
    ) beside
$$;

-- What a coach goes along with that can be handed over, for that coach and for who leads the work: which and how
-- far, never of whom it tells.
CREATE OR REPLACE FUNCTION hendig_load(coach uuid)
RETURNS TABLE (coach_id uuid, request_id uuid, family_id uuid, asked_on date, stage text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
    SELECT q.coach_id, q.id, q.family_id, (q.asked_at AT TIME ZONE 'Europe/Amsterdam')::date, q.stage::text
        FROM helprequests_helprequest q
    WHERE q.stage <> 'done' AND q.coach_id IS NOT NULL AND (coach IS NULL OR q.coach_id = coach)
        AND (hendig_is('policy') OR q.coach_id = hendig_who())
        AND q.municipality_id = (SELECT municipality_id FROM people_account WHERE id = hendig_who() AND is_active)
        AND NOT EXISTS (SELECT FROM helprequests_handover h WHERE h.request_id = q.id AND h.stage = 'planned')
    ORDER BY q.id
$$;

-- The same person as a professional of each municipality where they can be asked: what is counted of one is counted
-- of all, so that nobody is asked twice at once. Nothing else crosses from one municipality to another.
-- Asked in a subquery, where it is asked once: in a condition by itself it would be for each row.
CREATE OR REPLACE FUNCTION hendig_same_person(professional uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN professional || ARRAY(
        SELECT other.id FROM (
            SELECT coalesce(from_home.home_id, p.account_id) AS home_id FROM people_professional p
                LEFT JOIN people_elsewhere from_home ON from_home.account_id = p.account_id AND from_home.ended_at IS NULL
                WHERE p.id = professional
        ) person
            JOIN people_elsewhere e ON e.home_id = person.home_id AND e.ended_at IS NULL AND e.account_id IS NOT NULL
            JOIN people_professional other ON other.account_id IN (e.home_id, e.account_id));
END $$;
-- How busy a professional is, over all families: a number, never which.
CREATE OR REPLACE FUNCTION hendig_families_of(professional uuid, day date, besides uuid) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(DISTINCT family_id) FROM matching_match
        WHERE professional_id = ANY ((SELECT hendig_same_person(professional))::uuid[])
            AND starts_on <= day AND (ends_on IS NULL OR ends_on >= day) AND family_id IS DISTINCT FROM besides
$$;
CREATE OR REPLACE FUNCTION hendig_seats_of(professional uuid, first timestamptz, last timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM tents_seat s JOIN tents_tent t ON t.id = s.tent_id
        WHERE s.professional_id = ANY ((SELECT hendig_same_person(professional))::uuid[]) AND s.stage IN ('asked', 'free', 'welcome')
            AND t.stage IN ('calling', 'planned', 'meeting')
            -- Held then is whoever sits at a tent that goes on at any moment of it; right after it one is free.
            AND t.starts_at < last AND t.starts_at + make_interval(mins => t.minutes) > first
$$;
-- Whether a professional has something else then, a tent or a planned appointment: how much, never what or of whom.
CREATE OR REPLACE FUNCTION hendig_held_then(professional uuid, first timestamptz, last timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hendig_seats_of(professional, first, last) + (SELECT count(*)
        FROM people_professional p JOIN plans_appointment a ON a.municipality_id = p.municipality_id AND a.professional_id = p.id
        WHERE p.id = ANY ((SELECT hendig_same_person(professional))::uuid[]) AND a.stage = 'planned'
            AND a.starts_at < last AND a.starts_at > first - interval '1 day'
            AND a.starts_at + make_interval(mins => a.minutes) > first)
$$;
-- Which places of a tent that comes back are given away: the moments, never to whom.
CREATE OR REPLACE FUNCTION hendig_taken_slots(recurring uuid[], first timestamptz, last timestamptz)
RETURNS TABLE (recurring_id uuid, starts_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT t.recurring_id, t.starts_at FROM tents_tent t
        WHERE t.recurring_id = ANY (recurring) AND t.starts_at BETWEEN first AND last AND t.stage <> 'cancelled'
            AND (t.municipality_id = hendig_town() OR hendig_by_itself())
$$;

-- Who judges emergencies sees those of the own municipality, and the reason that each gave: no other row of them.
CREATE OR REPLACE FUNCTION hendig_to_judge() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(e.compartment_id), '{}') FROM safety_emergency e
        WHERE hendig_is('privacy') AND e.municipality_id = hendig_town()
$$;
-- Where an application lies on which who asks decides or could decide, or which they asked: the rows around it
-- keep their own walls.
CREATE OR REPLACE FUNCTION hendig_papers() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(a.compartment_id), '{}') FROM rights_application a
        WHERE a.municipality_id = hendig_town()
            AND (a.asker_id = hendig_who() OR hendig_is('coach')
                AND (a.decider_id = hendig_who() OR a.decider_id IS NULL AND a.closed_at IS NULL))
$$;
-- Whether a goal of somebody who died is among the pieces: nobody can say yes for the dead, and no yes of theirs counts.
CREATE OR REPLACE FUNCTION hendig_share_of_dead(share uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM shares_sharedpiece p
        JOIN plans_goal g ON p.kind = 'goal' AND g.id = p.piece_id
        JOIN families_death x ON x.member_id = g.member_id
        WHERE p.share_id = share AND x.from_at <= moment AND (x.until_at IS NULL OR x.until_at > moment));
END $$;
-- What a family shares with this person and who must say so says yes to, now: asked anew at each look, so that a yes
-- that is taken back, a birthday, a new authority and the last day hold by themselves. A yes of the child counts when
-- it was 12 or older on the day it said so, and from 18 on when it said so as an adult.
CREATE OR REPLACE FUNCTION hendig_shares_open(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.id), '{}') FROM shares_share s
        JOIN families_record r ON r.id = s.record_id
        JOIN families_compartment c ON c.id = s.place_id AND c.record_id = r.id AND c.kind = 'shared'
        JOIN families_familymember child ON child.id = r.child_id
        JOIN people_account x ON x.id = s.account_id AND x.is_active AND x.municipality_id = s.municipality_id
        CROSS JOIN LATERAL (
            SELECT (moment AT TIME ZONE 'Europe/Amsterdam')::date AS today,
                date_part('year', age((moment AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on)) AS years
        ) d
    WHERE s.account_id = who AND s.proposed_at <= moment AND s.until_at > moment
        AND (s.ended_at IS NULL OR s.ended_at > moment)
        AND (r.frozen_at IS NULL OR r.frozen_at > moment) AND r.gone_at IS NULL
        AND c.id <> ALL (hendig_shut(who, moment))
        AND NOT EXISTS (SELECT FROM families_familymember o WHERE o.family_id = s.family_id AND o.account_id = who)
        AND EXISTS (SELECT FROM people_membership w
            WHERE w.account_id = who AND w.role IN ('helper', 'professional') AND w.from_on <= d.today
                AND (w.until_on IS NULL OR w.until_on >= d.today) AND (w.ended_at IS NULL OR w.ended_at > moment))
        AND (d.years < 12 OR EXISTS (SELECT FROM shares_shareanswer y
            WHERE y.share_id = s.id AND y.member_id = child.id AND y.yes AND date_part('year', age(
                (y.said_at AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on
            )) >= CASE WHEN d.years >= 18 THEN 18 ELSE 12 END))
        AND (d.years >= 16 OR (
            SELECT bool_and(EXISTS (SELECT FROM shares_shareanswer y
                WHERE y.share_id = s.id AND y.member_id = a.holder_id AND y.yes))
            FROM families_legalauthority a
            WHERE a.child_id = child.id AND a.from_on <= d.today AND (a.until_on IS NULL OR a.until_on >= d.today)
                AND (a.source <> 'declared' OR a.checked_on IS NOT NULL OR a.lapses_on > d.today)))
        AND NOT hendig_share_of_dead(s.id, moment)
$$;
-- To which shares, stopped or not, this person must say yes: the child from 12 on, who has authority until
-- it is 16, and of a goal of one of them that one. Also while the own view of the record rests.
CREATE OR REPLACE FUNCTION hendig_shares_to_say(who uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.id), '{}') FROM shares_share s
        JOIN families_record r ON r.id = s.record_id
        JOIN families_familymember child ON child.id = r.child_id
        JOIN families_familymember m ON m.family_id = s.family_id AND m.account_id = who
        JOIN people_account x ON x.id = who AND x.is_active AND x.municipality_id = s.municipality_id
        CROSS JOIN LATERAL (
            SELECT (moment AT TIME ZONE 'Europe/Amsterdam')::date AS today,
                date_part('year', age((moment AT TIME ZONE 'Europe/Amsterdam')::date, child.born_on)) AS years
        ) d
    WHERE s.until_at > moment AND (r.frozen_at IS NULL OR r.frozen_at > moment) AND r.gone_at IS NULL
        AND s.place_id <> ALL (hendig_shut(who, moment))
        AND (m.id = child.id AND d.years >= 12
            OR d.years < 16 AND EXISTS (SELECT FROM families_legalauthority a
                WHERE a.child_id = child.id AND a.holder_id = m.id AND a.from_on <= d.today
                    AND (a.until_on IS NULL OR a.until_on >= d.today)
                    AND (a.source <> 'declared' OR a.checked_on IS NOT NULL OR a.lapses_on > d.today))
            OR EXISTS (SELECT FROM shares_sharedpiece p JOIN plans_goal g ON g.id = p.piece_id
                WHERE p.share_id = s.id AND p.kind = 'goal' AND g.member_id = m.id AND m.id <> child.id))
$$;
-- Where the pieces lie that are shared with who asks, and which those are: of a goal that is another's than the
-- child's only with a yes of that one.
CREATE OR REPLACE FUNCTION hendig_shared_places() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.place_id), '{}') FROM shares_share s
        WHERE s.id = ANY (hendig_shares_open(hendig_who(), hendig_at()))
$$;
CREATE OR REPLACE FUNCTION hendig_shared_rows(of_kind text) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(p.piece_id), '{}') FROM shares_sharedpiece p
        JOIN shares_share s ON s.id = p.share_id
        JOIN families_record r ON r.id = s.record_id
        LEFT JOIN plans_goal g ON p.kind = 'goal' AND g.id = p.piece_id
    WHERE p.kind = of_kind AND s.id = ANY (hendig_shares_open(hendig_who(), hendig_at()))
        AND (g.member_id IS NULL OR g.member_id = r.child_id OR EXISTS (SELECT FROM shares_shareanswer y
            WHERE y.share_id = s.id AND y.member_id = g.member_id AND y.yes))
$$;
-- The records of which the family does not read yet what is about safety: no more than which.
CREATE OR REPLACE FUNCTION hendig_held(moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(record_id), '{}') FROM safety_safetyhold
        WHERE from_at <= moment AND until_at > moment AND (released_at IS NULL OR released_at > moment)
$$;
CREATE OR REPLACE FUNCTION hendig_held() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hendig_held(hendig_at())
$$;
-- The records whose safety part is open to who asks.
CREATE OR REPLACE FUNCTION hendig_safe_records() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(record_id), '{}') FROM hendig_open(hendig_who(), hendig_at()) WHERE kind = 'safety'
$$;
-- Whether somebody of this family lives where nobody may know: asked when a text is written that others read.
CREATE OR REPLACE FUNCTION hendig_hides(family uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM safety_secretaddress
        WHERE family_id = family AND from_at <= hendig_at() AND (until_at IS NULL OR until_at > hendig_at()))
        AND (hendig_is('coach') OR hendig_is('professional'))
        AND NOT EXISTS (SELECT FROM families_familymember WHERE family_id = family AND account_id = hendig_who())
$$;
-- Whether the address of this person is secret then, by the own fact or as the child of a record of somebody who hides:
-- for who reads that address, and for Hendig itself, which asks before anybody changes something.
CREATE OR REPLACE FUNCTION hendig_hides_home(person uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM safety_secretaddress s LEFT JOIN families_record r ON r.id = s.record_id
            WHERE s.from_at <= moment AND (s.until_at IS NULL OR s.until_at > moment)
                AND (s.member_id = person OR r.child_id = person))
        AND (hendig_by_itself() OR EXISTS (SELECT FROM families_compartment c
            WHERE c.kind = 'address' AND c.person_id = person AND c.id = ANY (hendig_open_ids())));
END $$;
-- Whether this is who asks, of whom the address was made secret before it had a part of its own: nobody was named for
-- it, so the person is to be asked who may know it.
CREATE OR REPLACE FUNCTION hendig_asks_who_knows(person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM safety_secretaddress s JOIN families_familymember m ON m.id = s.member_id
        JOIN families_compartment c ON c.id = s.compartment_id
        WHERE s.member_id = person AND m.account_id = hendig_who() AND c.person_id IS NULL
            AND s.from_at <= hendig_at() AND (s.until_at IS NULL OR s.until_at > hendig_at()));
END $$;
-- In danger, or when a GP asks to be invited, one record is found by who it is about, exactly; never by a part, and never the own family's or one
-- from which who asks is kept out. Of a child with a record in two families it is the one of the adult `beside` the child.
DROP FUNCTION IF EXISTS hendig_in_danger(text, text, date);
CREATE OR REPLACE FUNCTION hendig_in_danger(first text, last text, born date, beside text)
RETURNS TABLE (record_id uuid, family_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = public, pg_temp AS $$
    WITH found AS (SELECT r.id AS record_id, r.family_id FROM families_record r
        JOIN families_familymember c ON c.id = r.child_id
        JOIN families_family f ON f.id = r.family_id
    WHERE c.born_on = born AND lower(btrim(c.first_name)) = lower(btrim(first))
        AND lower(coalesce(nullif(btrim(c.last_name), ''), btrim(f.name))) = lower(btrim(last))
        AND r.municipality_id = (SELECT municipality_id FROM people_account WHERE id = hendig_who() AND is_active)
        AND EXISTS (SELECT FROM people_membership w WHERE w.account_id = hendig_who()
            AND w.role IN ('coach', 'professional') AND w.from_on <= hendig_today()
            AND (w.until_on IS NULL OR w.until_on >= hendig_today()) AND w.ended_at IS NULL)
        AND NOT EXISTS (SELECT FROM families_block b WHERE b.record_id = r.id AND b.account_id = hendig_who()
            AND b.from_at <= hendig_at() AND (b.until_at IS NULL OR b.until_at > hendig_at()))
        AND NOT EXISTS (SELECT FROM families_familymember o
            WHERE o.family_id = r.family_id AND o.account_id = hendig_who()))
    SELECT found.* FROM found WHERE (SELECT count(*) FROM found) = 1 OR EXISTS (SELECT FROM families_familymember a
        WHERE a.family_id = found.family_id AND a.kind <> 'child' AND a.gone_at IS NULL
            AND lower(btrim(a.first_name)) = lower(btrim(beside)))
$$;

-- Which help falls under which pot of a year, for who pays and who steers, in a transaction that is to learn:
-- sums over groups of families are made of it, and no family is in it.
CREATE OR REPLACE FUNCTION hendig_in_pots(of_year int)
RETURNS TABLE (match_id uuid, pot_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1000 SET search_path = public, pg_temp AS $$
    SELECT m.id, p.id FROM billing_pot p
        JOIN matching_match m ON m.municipality_id = p.municipality_id
        JOIN families_family f ON f.id = m.family_id
        JOIN families_familymember c ON c.id = m.child_id
    WHERE p.municipality_id = hendig_town() AND p.year = of_year AND p.stopped_at IS NULL
        AND hendig_purpose() = 'learn' AND (hendig_is('finance') OR hendig_is('policy'))
        AND (p.neighbourhood = '' OR lower(btrim(p.neighbourhood)) = lower(btrim(f.neighbourhood)))
        AND date_part('year', age(m.starts_on, c.born_on)) BETWEEN p.youngest AND p.oldest
$$;
