"""The rows of a municipality for measuring, made by the database itself.

This is measuring data and nothing else: real actions would need hours for what stands here in minutes, and
nobody reads these rows but the clock. So they are written by the owner, past the latches, in the shapes and
amounts that a municipality has after some years. The same seed and day give the same rows.
"""

from collections.abc import Iterable
from typing import LiteralString

from hendig.kernel.names import found_by, halves
from hendig.kernel.sounds import sound
from hendig.operations.bench.records import INVOLVED, RECORDS

# One expression each, so that PostgreSQL writes them out where they are used instead of calling them.
FUNCTIONS: LiteralString = """
CREATE FUNCTION pg_temp.chance(n bigint, salt bigint, sides bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(n, salt + %(seed)s * 1000) & 9223372036854775807) %% sides
$$;
-- An identifier like ours: ordered by time, one second after the other from January 2024 on.
CREATE FUNCTION pg_temp.key(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(1704067200000 + n * 1000), 12, '0') || '7' || substr(md5(kind || n::text), 1, 3)
        || '8' || substr(md5(kind || n::text), 4, 15))::uuid
$$;
"""

TOWN: LiteralString = """
CREATE TEMPORARY TABLE town AS SELECT
    %(families)s::bigint AS families, %(today)s::date AS today,
    (%(today)s::date + time '08:00') AT TIME ZONE 'Europe/Amsterdam' AS at,
    greatest(1, round(%(families)s * 12 / 3500.0))::bigint AS coaches,
    -- In the smallest town too as many as are asked in turn, and as sit at a table.
    greatest(12, round(%(families)s / 120.0))::bigint AS professionals,
    greatest(1, round(%(families)s / 450.0))::bigint AS partners,
    '01890000-0000-7000-8000-000000000001'::uuid AS id
"""

NAMES: LiteralString = """
CREATE TEMPORARY TABLE names AS SELECT
    string_to_array('Sanne,Mark,Noor,Lieke,Bas,Eva,Tim,Lotte,Daan,Sem,Fleur,Jesse,Roos,Koen,Iris,Luuk,Femke,'
        'Ruben,Maud,Thijs,Anouk,Bram,Fenna,Sjoerd,Yara,Hanna,Joris,Nina,Gijs,Esra,Mehmet,Fatima,Youssef,'
        'Zeynep,Ahmed,Samira,Jayden,Priya,Mila,Floor,Teun,Puck,Wout,Janneke,Marieke,Pieter,Wouter,Ilse,Anke,'
        'Saskia,Jeroen,Arjan,Linda,Monique,Petra,Ellen,Sofie,Julia,Tess,Stijn', ',') AS first,
    string_to_array('de Vries,Jansen,de Jong,Bakker,Janssen,Visser,Smit,Meijer,de Boer,Mulder,'
        'de Groot,Bos,Vos,Peters,Hendriks,van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Smits,de Graaf,'
        'van der Meer,Kok,Jacobs,'
        'Vermeulen,van den Heuvel,van der Veen,van den Broek,de Bruijn,Schouten,van Beek,Willems,van Vliet,'
        'Hoekstra,Maas,Verhoeven,Koster,van Dam,Prins,Blom,Huisman,Peeters,de Jonge,Kuipers,van Veen,Postma,'
        'Kuiper,Veenstra,Kramer,van den Brink,Scholten,van Wijk,Yilmaz,El Amrani,Kaya,Nguyen,Ali,Postma,'
        'Timmermans', ',') AS last
"""

# The names above as they are found, from the one place that knows how: (name, word, sound, head, tail).
SPELLED: LiteralString = """
CREATE TEMPORARY TABLE spelled AS SELECT * FROM jsonb_to_recordset(%(spelled)s)
    AS one(name text, word text, sound text, head text, tail text)
"""
EVERY_NAME: LiteralString = "SELECT DISTINCT unnest(first || last || ARRAY['Quispel']) FROM names"


def spelled(names: Iterable[str]) -> list[dict[str, str]]:
    """The rows of `spelled` for these names."""
    found = []
    for name in names:
        for word in found_by("", name):
            head, tail = halves(word)
            found.append({"name": name, "word": word, "sound": sound(word), "head": head, "tail": tail})
    return found


# Open questions: sixty for each coach, with the first families, coach by coach in turn.
FAMILIES: LiteralString = """
CREATE TEMPORARY TABLE f AS
SELECT n, pg_temp.key('family', n) AS id, pg_temp.key('parent', n) AS parent, pg_temp.key('other', n)
    AS other,
    pg_temp.key('account', n) AS account, pg_temp.key('shared1', n) AS shared,
    CASE WHEN n %% 875 = 7 THEN 'Quispel' ELSE names.last[1 + least(pg_temp.chance(n, 1, 60),
        pg_temp.chance(n, 2, 60), pg_temp.chance(n, 3, 200))] END AS last_name,
    names.first[1 + pg_temp.chance(n, 4, 60)] AS first_name,
    1 + pg_temp.chance(n, 5, 3) AS children,
    at - make_interval(days => (pg_temp.chance(n, 6, 1000) + 30)::int) AS since
FROM town, names, generate_series(1, families) AS n;
CREATE UNIQUE INDEX ON f (n);
ANALYZE f;
CREATE TEMPORARY TABLE r AS
WITH every AS (
    SELECT f.*, o.turn, (o.turn = 0 AND f.n <= coaches * 60) AS open, coaches, professionals, town.at AS now,
        row_number() OVER (ORDER BY o.turn = 0 AND f.n <= coaches * 60, f.n, o.turn DESC) AS k
    FROM town, f, LATERAL generate_series(0, pg_temp.chance(f.n, 7, 2)) AS o(turn)
)
SELECT k, pg_temp.key('request', k) AS id, n, id AS family, parent, account, last_name, first_name, open,
    children,
    pg_temp.key('coach', 1 + n %% coaches) AS coach, 1 + n %% professionals AS professional,
    CASE WHEN NOT open THEN 'done' WHEN c < 25 THEN 'talk' WHEN c < 40 THEN 'tent' WHEN c < 50 THEN 'match'
        ELSE 'help' END AS stage,
    c, now - make_interval(secs => (CASE WHEN open THEN 86400 * (3 + pg_temp.chance(k, 9, 200))
        ELSE 86400 * (200 + pg_temp.chance(k, 9, 700)) END + pg_temp.chance(k, 10, 80000))::int) AS asked_at,
    now - make_interval(secs => (CASE WHEN open THEN 3600 * pg_temp.chance(k, 11, 300)
        ELSE 86400 * (35 + pg_temp.chance(k, 11, 160)) END + pg_temp.chance(k, 12, 3600))::int) AS since
FROM (SELECT every.*, pg_temp.chance(k, 8, 100) AS c FROM every) AS every;
UPDATE r SET asked_at = since - interval '2 days' WHERE asked_at > since;
CREATE UNIQUE INDEX ON r (k);
ANALYZE r;
"""

SETTINGS: LiteralString = """
INSERT INTO people_municipality (id, municipality_id, name, slug, cbs_code, kvk, oin, iban, bic, phone,
    is_example, parents_see_from_12, post, counsellor, counsellor_phone, counsellor_email)
SELECT id, id, 'Meetstad', 'meetstad', '9998', '', '', '', '', '', true, false, '', '', '', '' FROM town;
INSERT INTO people_servicecode
    (id, municipality_id, code, name, sentence, ijw_category, ijw_code, unit, cbs_care_form, iv3_field)
SELECT pg_temp.key('code', c), id, 'H' || c, 'Hulp ' || c, '', '', '', '01', '', '' FROM town,
    generate_series(1, 7) AS c;
INSERT INTO people_expertise (id, municipality_id, slug, name, sentence)
SELECT pg_temp.key('expertise', e), id, 'kunde-' || e, 'Kunde ' || e, '' FROM town, generate_series(1, 12)
    AS e;
INSERT INTO people_partner
    (id, municipality_id, name, kvk, agb, vat, iban, email, street, postcode, town)
SELECT pg_temp.key('partner', p), id, 'Praktijk ' || p, (40000000 + p)::text, '', '', '',
    'kantoor@' || p || '.example',
    '', '', '' FROM town, generate_series(1, partners) AS p
"""

WORKERS: LiteralString = """
INSERT INTO people_account
    (id, municipality_id, email, first_name, last_name, phone, language, is_active)
SELECT pg_temp.key(kind, n), id, kind || n || '@meetstad.example', names.first[1 + pg_temp.chance(n, 20, 60)],
    names.last[1 + pg_temp.chance(n, 21, 60)], '', 'nl', true
FROM town, names, LATERAL (
    SELECT 'coach' AS kind, n FROM generate_series(1, coaches) AS n
    UNION ALL SELECT 'professional', n FROM generate_series(1, professionals) AS n
) AS works;
INSERT INTO people_membership (id, municipality_id, account_id, role, partner_id, title, from_on, until_on)
SELECT pg_temp.key('member' || kind, n), id, pg_temp.key(kind, n), kind,
    CASE WHEN kind = 'professional' THEN pg_temp.key('partner', 1 + n %% partners) END,
    CASE kind WHEN 'coach' THEN 'gezinscoach' ELSE 'orthopedagoog' END, today - 900, NULL
FROM town, LATERAL (
    SELECT 'coach' AS kind, n FROM generate_series(1, coaches) AS n
    UNION ALL SELECT 'professional', n FROM generate_series(1, professionals) AS n
) AS works;
INSERT INTO people_professional
    (id, municipality_id, account_id, partner_id, title, can_do, families_max)
SELECT pg_temp.key('works', n), id, pg_temp.key('professional', n), pg_temp.key('partner', 1 + n %% partners),
    'orthopedagoog', 'Denkt mee over slapen, school en rust in huis.', 16
FROM town, generate_series(1, professionals) AS n;
INSERT INTO people_professionalexpertise (id, municipality_id, professional_id, expertise_id)
SELECT pg_temp.key('can', n * 12 + e), id, pg_temp.key('works', n), pg_temp.key('expertise',
    1 + (n + e) %% 12)
FROM town, generate_series(1, professionals) AS n, generate_series(0, 1) AS e
"""

PERSONS: LiteralString = """
INSERT INTO families_family (id, municipality_id, name, neighbourhood, since)
SELECT f.id, town.id, last_name, 'Wijk ' || f.n %% 20, since FROM f, town;
INSERT INTO people_account
    (id, municipality_id, email, first_name, last_name, phone, language, is_active)
SELECT account, town.id, 'ouder' || n || '@gezin.example', first_name, last_name, '', 'nl', true
    FROM f, town;
INSERT INTO people_membership (id, municipality_id, account_id, role, partner_id, title, from_on, until_on)
SELECT pg_temp.key('memberfamily', n), town.id, account, 'family', NULL, '', since::date, NULL FROM f, town;
INSERT INTO families_familymember
    (id, municipality_id, family_id, account_id, kind, first_name, last_name, born_on, asked_email)
SELECT parent, town.id, f.id, account, 'parent', first_name, last_name, NULL::date, '' FROM f, town
UNION ALL
SELECT other, town.id, f.id, NULL::uuid, 'parent', names.first[1 + pg_temp.chance(n, 30, 60)], last_name,
    NULL, ''
FROM f, town, names
UNION ALL
SELECT pg_temp.key('child' || c, n), town.id, f.id, NULL, 'child', names.first[1 + pg_temp.chance(n * 4 + c,
    31, 60)],
    last_name, today - (800 + pg_temp.chance(n * 4 + c, 32, 5500))::int, ''
FROM f, town, names, generate_series(1, children) AS c;
INSERT INTO families_namepart (id, municipality_id, family_id, member_id, own, word, sound, head, tail)
SELECT pg_temp.key('part', row_number() OVER (ORDER BY member, word)), town.id, family, member, true, word,
    sound, head, tail
FROM town, (
    SELECT DISTINCT m.family_id AS family, m.id AS member, s.word COLLATE "C" AS word, s.sound, s.head, s.tail
    FROM families_familymember m JOIN spelled s ON s.name IN (m.first_name, m.last_name)
) AS every;
INSERT INTO families_legalauthority
    (id, municipality_id, family_id, child_id, holder_id, source, from_on, until_on, lapses_on, checked_on)
SELECT pg_temp.key('authority' || c, n * 2 + h), town.id, f.id, pg_temp.key('child' || c, n),
    CASE h WHEN 0 THEN parent ELSE other END, 'register', since::date, NULL, NULL, since::date
FROM f, town, generate_series(1, children) AS c, generate_series(0, 1) AS h;
INSERT INTO families_tie (id, municipality_id, family_id, name, relation, distance, bond, gives)
SELECT pg_temp.key('tie', n * 4 + t), town.id, f.id, names.first[1 + pg_temp.chance(n * 4 + t, 33, 60)],
    'oma',
    1 + t %% 3, 'warm', 'past op woensdag op' FROM f, town, names, generate_series(1, 4) AS t WHERE n %% 2 = 0
"""

REQUESTS: LiteralString = """
INSERT INTO helprequests_helprequest (id, municipality_id, family_id, asked_by_id, child_id, coach_id,
    words, result, stage, stage_since, waiting_on, waiting_since, asked_at)
SELECT r.id, town.id, family, parent, pg_temp.key('child1', n), coach,
    'Onze dochter wil al een paar weken niet naar school. ''s Ochtends heeft ze buikpijn en we weten '
    'niet meer hoe we haar helpen. Wie denkt met ons mee?',
    CASE WHEN stage = 'talk' AND c < 8 THEN '' ELSE 'Dat ze weer met plezier naar school gaat.' END, stage,
    since,
    CASE WHEN stage IN ('done', 'help') THEN 'nobody' WHEN c %% 3 = 0 THEN 'family' WHEN stage = 'tent'
    THEN 'tent'
        WHEN c %% 3 = 1 THEN 'coach' ELSE 'professional' END, since, asked_at FROM r, town;
-- A handful of questions that no coach took up yet.
INSERT INTO helprequests_helprequest (id, municipality_id, family_id, compartment_id, asked_by_id, child_id,
    coach_id, words, result, stage, stage_since, waiting_on, waiting_since, asked_at)
SELECT pg_temp.key('fresh', n), town.id, f.id, pg_temp.key('shared0', n), parent, NULL, NULL,
    'Wie denkt met ons mee?', '', 'new', at, 'coach', at, at FROM f, town
    WHERE n > families - greatest(1, coaches / 3);
INSERT INTO helprequests_talknote (id, municipality_id, family_id, request_id, author_id, words, at)
SELECT pg_temp.key('note', k), town.id, family, r.id, coach, 'Slaapt slecht sinds de verhuizing.', asked_at
FROM r, town;
INSERT INTO helprequests_stagemove (id, municipality_id, family_id, request_id, stage, waiting_on, at)
SELECT pg_temp.key('move', k * 6 + place), town.id, family, r.id, step, 'coach',
    asked_at + (since - asked_at) * place / 5.0
FROM r, town, unnest(ARRAY['new', 'talk', 'tent', 'match', 'help', 'done']) WITH ORDINALITY AS way(step,
    place)
WHERE place <= array_position(ARRAY['new', 'talk', 'tent', 'match', 'help', 'done'], stage)
    AND NOT (step = 'tent' AND stage <> 'tent' AND c %% 2 = 0)
"""

TENTS: LiteralString = """
CREATE TEMPORARY TABLE t AS
SELECT k, pg_temp.key('tent', k) AS id, town.id AS town, family, r.id AS request, coach, parent, account,
    first_name,
    stage = 'tent' AS ahead, stage IN ('help', 'done') AS helps, professional, professionals, since, asked_at,
    CASE WHEN stage = 'tent' THEN at + make_interval(days => (2 + c %% 12)::int)
    ELSE asked_at + interval '1 day' END
        AS starts_at
FROM r, town WHERE stage = 'tent' OR (stage <> 'talk' AND c %% 2 = 1);
INSERT INTO tents_tent (id, municipality_id, family_id, request_id, called_by_id, chair_id, starts_at, place,
    video_link, stage, phase, called_at, closed_at)
SELECT id, town, family, request, coach, coach, starts_at, 'Het Klokhuis', '',
    CASE WHEN ahead THEN 'planned' ELSE 'closed' END, CASE WHEN ahead THEN 'arrive' ELSE 'look_back' END,
    asked_at, CASE WHEN NOT ahead THEN starts_at + interval '90 minutes' END FROM t;
INSERT INTO tents_seat (id, municipality_id, family_id, tent_id, expertise_id, professional_id, stage,
    asked_at,
    answered_at)
SELECT DISTINCT ON (t.id, who) pg_temp.key('seat', k * 3 + s), town, family, t.id,
    pg_temp.key('expertise', 1 + (k + s) %% 12), pg_temp.key('works', who),
    CASE WHEN s < 2 THEN 'welcome' ELSE 'free' END, asked_at, asked_at
FROM t, generate_series(0, 2) AS s, LATERAL (SELECT 1 + (professional + s * 7) %% professionals AS who)
    AS chosen;
INSERT INTO tents_piece
    (id, municipality_id, family_id, tent_id, kind, text, circle, place, author_id, voice, at,
    removed_at)
SELECT pg_temp.key('piece', k * 6 + p), town, family, id, kind, 'Ze slaapt slecht en mist haar vriendinnen.',
    CASE kind WHEN 'direction' THEN 'own' ELSE '' END, CASE WHEN kind IN ('factor', 'goes_well') THEN 'child'
    ELSE '' END, coach, first_name, starts_at, NULL
FROM t, unnest(ARRAY['question', 'factor', 'factor', 'goes_well', 'direction', 'agreement']) WITH ORDINALITY
    AS said(kind, p) WHERE NOT ahead;
INSERT INTO tents_page (id, municipality_id, family_id, tent_id, question, understanding, goes_well,
    agreements,
    people, until_on, edition, stage, drafted_at, agreed_at, agreed_by_id)
SELECT pg_temp.key('page', k), town, family, id, 'Hoe gaat ze weer graag naar school?', 'Ze slaapt slecht.',
    'Ze tekent graag.', 'Oma haalt haar op.', first_name, NULL, 1, 'agreed', starts_at, starts_at, parent
FROM t WHERE NOT ahead
"""

HELP: LiteralString = """
CREATE TEMPORARY TABLE m AS
SELECT r.*, town.id AS town, pg_temp.key('match', k) AS match, pg_temp.key('talk', k) AS talk, at AS now,
    pg_temp.key('works', professional) AS works, pg_temp.key('partner', 1 + professional %% partners)
    AS partner,
    row_number() OVER (PARTITION BY professional, open ORDER BY stage = 'match', k) AS turn
FROM r, town WHERE stage IN ('match', 'help') OR (stage = 'done' AND c < 60);
CREATE INDEX ON m (professional, turn) WHERE open;
ANALYZE m;
INSERT INTO matching_matchtalk (id, municipality_id, family_id, request_id, child_id, professional_id,
    service_code_id, coach_id, purpose, stage, exception, opened_at, blind)
SELECT talk, town, family, id, pg_temp.key('child1', n), works, pg_temp.key('code', 1 + k %% 7), coach,
    'Weer met plezier naar school', CASE stage WHEN 'match' THEN 'open' ELSE 'matched' END, '', asked_at,
    false
    FROM m;
INSERT INTO matching_answer (id, municipality_id, family_id, talk_id, account_id, member_id, yes, at)
SELECT pg_temp.key('yes', k * 4 + a), town, family, talk, CASE a WHEN 2 THEN coach WHEN 3 THEN
    pg_temp.key('professional', professional) END,
    CASE a WHEN 0 THEN parent WHEN 1 THEN pg_temp.key('other', n) END, true, asked_at
FROM m, generate_series(0, 3) AS a WHERE stage <> 'match' OR a = 2;
INSERT INTO matching_match (id, municipality_id, family_id, talk_id, request_id, child_id, professional_id,
    partner_id, service_code_id, number, starts_on, ends_on, made_at)
SELECT match, town, family, talk, id, pg_temp.key('child1', n), works, partner, pg_temp.key('code',
    1 + k %% 7),
    'M' || k, asked_at::date, CASE WHEN NOT open THEN since::date END, asked_at FROM m WHERE stage <> 'match';
INSERT INTO matching_matchcounter (id, municipality_id, year, last)
SELECT pg_temp.key('counter', 1), town.id, extract(year FROM today), (SELECT count(*) FROM m) FROM town
"""

# Five a day for each professional, on every day: whoever measures on a Sunday measures the same. Families are
# visited in turn; some of the last days still wait for a tap.
APPOINTMENTS: LiteralString = """
INSERT INTO plans_appointment (id, municipality_id, family_id, match_id, professional_id, partner_id,
    starts_at,
    minutes, place, stage, settled_at, felt, felt_at)
SELECT pg_temp.key('visit', (p * 200 + 110 + day) * 5 + hour), town, family, match, works, partner, moment,
    60,
    'thuis', CASE WHEN day > 0 OR (day = 0 AND hour > 1) OR (day > -4 AND hour = 4) THEN 'planned'
    ELSE 'kept' END,
    CASE WHEN NOT (day > 0 OR (day = 0 AND hour > 1) OR (day > -4 AND hour = 4)) THEN moment END,
    CASE WHEN day < -3 THEN 4 END, CASE WHEN day < -3 THEN moment END
FROM town AS here, generate_series(1, professionals) AS p, generate_series(-100, 30) AS day,
    generate_series(0, 4) AS hour,
    LATERAL (SELECT (today + day + make_time((9 + hour * 2 - hour / 4)::int, 0,
    0)) AT TIME ZONE 'Europe/Amsterdam'
        AS moment) AS clock,
    LATERAL (SELECT m.* FROM m WHERE professional = p AND open AND stage = 'help'
        AND turn > ((day + 100) * 5 + hour) %% 8 ORDER BY turn LIMIT 1) AS helped;
INSERT INTO plans_appointment (id, municipality_id, family_id, match_id, professional_id, partner_id,
    starts_at,
    minutes, place, stage, settled_at, felt, felt_at)
SELECT pg_temp.key('earlier', k * 8 + e), town, family, match, works, partner, moment, 60, 'thuis', 'kept',
    moment, 4,
    moment
FROM m, generate_series(1, 8) AS e, LATERAL (SELECT asked_at + (since - asked_at) * e / 9.0 AS moment)
    AS clock
WHERE NOT open
"""

PLANS: LiteralString = """
INSERT INTO plans_goal (id, municipality_id, family_id, request_id, member_id, words, set_at, reached_at)
SELECT pg_temp.key('goal', k * 2 + g), town.id, family, r.id, NULL, 'Drie dagen per week naar school',
    asked_at, NULL
FROM r, town, generate_series(0, 1) AS g WHERE stage IN ('help', 'done');
INSERT INTO plans_score (id, municipality_id, family_id, goal_id, account_id, value, at)
SELECT pg_temp.key('score', k * 3 + s), town.id, family, pg_temp.key('goal', k * 2), account, 4 + s,
    asked_at + make_interval(days => s::int) FROM r, town, generate_series(0, 2) AS s
    WHERE stage IN ('help', 'done');
INSERT INTO plans_task (id, municipality_id, family_id, request_id, what, who, account_id, by, done_at,
    set_at)
SELECT pg_temp.key('task', k * 2 + d), town.id, family, r.id, 'Belt met de school', 'samen',
    CASE WHEN open AND c %% 4 = 0 AND d = 0 THEN pg_temp.key('professional', professional) ELSE account END,
    today + 7, CASE WHEN NOT open THEN since END, asked_at
FROM r, town, generate_series(0, 1) AS d WHERE stage IN ('help', 'done');
INSERT INTO plans_ending
    (id, municipality_id, family_id, request_id, reason, looking_back, if_it_returns, ended_on, at)
SELECT pg_temp.key('ending', k), town.id, family, r.id, '01', 'Het ging beter dan we dachten.', 'Oma bellen.',
    since::date, since FROM r, town WHERE NOT open;
INSERT INTO plans_outcome (id, municipality_id, family_id, ending_id, member_id, useful, onward, at)
SELECT pg_temp.key('outcome', k), town.id, family, pg_temp.key('ending', k), parent, 8, '04', since
FROM r, town WHERE NOT open
"""

# The log stands aside until its leaves are made, which is the same for every made log.
LOG: LiteralString = """
CREATE TEMPORARY TABLE line (LIKE audit_entry);
INSERT INTO line (id, municipality_id, at, kind, code, account_id, roles, family_id, record_id,
    compartment_id, purpose, rule, part, ground, object_type, object_id, facts, touched, leaf)
SELECT pg_temp.key('line', k * 8 + e), town.id, asked_at + (since - asked_at) * e / 8.0,
    CASE WHEN e %% 2 = 0 THEN 'look' ELSE 'change' END,
    CASE WHEN e %% 2 = 0 THEN 'family.page_seen' ELSE 'request.taken_up' END, coach, 'anyone,coach', family,
    pg_temp.key('record1', n), pg_temp.key('shared1', n), 'help', 'T9', 'coach', 'youth_act',
    'helprequests.HelpRequest', r.id, '{}', jsonb_build_array(jsonb_build_array(
    'helprequests.HelpRequest', r.id, 'update')), ''
FROM r, town, generate_series(0, 7) AS e;
INSERT INTO people_notice (id, municipality_id, account_id, entry_id, code, position, url, at, read_at)
SELECT pg_temp.key('notice', k), town.id, coach, pg_temp.key('line', k * 8 + 1), 'request.confirmed', 0,
    '/gezin/' || family || '/', asked_at, CASE WHEN NOT open OR c > 5 THEN asked_at END FROM r, town;
INSERT INTO people_letter ("id", "municipality_id", "to", "key", "subject", "body", "at", "claimed_at",
    "sent_at")
SELECT pg_temp.key('letter', k), town.id, 'ouder' || n || '@gezin.example', 'asked:' || r.id,
    'Uw code voor Hendig',
    'Uw code is 123456.', asked_at, asked_at, asked_at FROM r, town;
INSERT INTO helprequests_asked (id, municipality_id, words, first_name, email, code_hash, tries_left,
    asked_at,
    expires_at, confirmed_at)
SELECT pg_temp.key('asked', k), town.id, '', first_name, 'ouder' || n || '@gezin.example', '\\x00', 5,
    asked_at,
    asked_at + interval '1 day', asked_at FROM r, town WHERE asked_at > at - interval '1 day';
INSERT INTO audit_receipt (key, sender, status, headers, body, at)
SELECT pg_temp.key('receipt', k), '\\x00', 302, '{}', '', at FROM r, town WHERE open;
INSERT INTO opentent_post (id, municipality_id, kind, title, text, neighbourhood, author_id, family_id,
    request_id,
    places, "when", posted_at, until_at, closed_at)
SELECT pg_temp.key('post', k), town.id, 'question', 'Wie fietst mee naar school?',
    'Drie ochtenden in de week.',
    'Wijk ' || n %% 20, coach, family, r.id, NULL, '', asked_at, NULL, CASE WHEN NOT open THEN since END
FROM r, town WHERE k %% 6 = 0
"""

STEPS: tuple[tuple[str, LiteralString], ...] = (
    ("families", FAMILIES),
    ("settings", SETTINGS),
    ("who works here", WORKERS),
    ("persons", PERSONS),
    ("records", RECORDS),
    ("questions", REQUESTS),
    ("who is involved", INVOLVED),
    ("tents", TENTS),
    ("talks and matches", HELP),
    ("appointments", APPOINTMENTS),
    ("plans", PLANS),
    ("log, notices and mail", LOG),
)
