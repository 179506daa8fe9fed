"""What goes along in a copy of the plan and of the help."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hendig.kernel.consent import Exception12
from hendig.kernel.refusal import Words
from hendig.matching.models import Answer, Match, MatchTalk
from hendig.plans.models import Appointment, Ending, Goal, Outcome, Score, Task
from hendig.rights.models import Continuation
from hendig.rights.queries.kind import Chapter, Field, Kind

EXCEPTIONS: Mapping[str, Words] = {
    Exception12.KEEPS_WISHING: _("de jongere blijft deze hulp willen"),
    Exception12.SERIOUS_HARM: _("anders gaat het ernstig mis"),
}

HELP: tuple[Chapter, ...] = (
    (
        _("Ons plan"),
        (
            Kind(
                Goal,
                "goals",
                _("Doel"),
                "set_at",
                (
                    Field("set_at", _("Opgeschreven op")),
                    Field("words", _("In eigen woorden")),
                    Field("of", _("Van wie"), "member.first_name"),
                    Field("reached_at", _("Bereikt op")),
                ),
                about="member",
                under="request",
            ),
            Kind(
                Score,
                "scores",
                _("Hoe dichtbij een doel is, van 1 tot 10"),
                "at",
                (
                    Field("at", _("Op")),
                    Field("by", _("Wie"), "account.first_name"),
                    Field("value", _("Cijfer")),
                    Field("goal", _("Doel"), "goal.words"),
                ),
                under="goal",
                large=False,
            ),
            Kind(
                Task,
                "tasks",
                _("Wie doet wat"),
                "set_at",
                (
                    Field("set_at", _("Afgesproken op")),
                    Field("who", _("Wie")),
                    Field("what", _("Wat")),
                    Field("about", _("Over wie"), "about.first_name"),
                    Field("by", _("Voor")),
                    Field("done_at", _("Gedaan op")),
                ),
                under="request",
                large=False,
            ),
            Kind(
                Ending,
                "endings",
                _("Hoe het eindigde"),
                "at",
                (
                    Field("ended_on", _("Klaar op")),
                    Field("reason", _("Waarom het stopte")),
                    Field("looking_back", _("Hoe we terugkijken")),
                    Field("if_it_returns", _("Als het terugkomt")),
                ),
                under="request",
            ),
            Kind(
                Outcome,
                "outcomes",
                _("De twee vragen aan het eind"),
                "at",
                (
                    Field("at", _("Op")),
                    Field("useful", _("Wat had ik eraan, van 1 tot 10")),
                    Field("onward", _("Hoe nu verder")),
                ),
                about="member",
                under="ending",
            ),
        ),
    ),
    (
        _("Hulp en afspraken"),
        (
            Kind(
                MatchTalk,
                "talks",
                _("Klikt het?"),
                "opened_at",
                (
                    Field("opened_at", _("Begonnen op")),
                    Field("professional", _("Met wie"), "professional.account.name"),
                    Field("purpose", _("Waarvoor")),
                    Field("code", _("Soort hulp"), "service_code.name"),
                    Field("coach", _("Gezinscoach"), "coach.name"),
                    Field("stage", _("Waar het staat")),
                    Field("exception", _("Uitzondering van de wet"), words=EXCEPTIONS),
                    Field("by_measure", _("Hoort bij een maatregel")),
                    Field("measure_kind", _("Welke soort maatregel dat dan is")),
                ),
                about="child",
                under="request",
                without={"blind": "whether who was proposed saw the question then: about that person's view"},
            ),
            Kind(
                Answer,
                "answers",
                _("Wie zei wat"),
                "at",
                (
                    Field("at", _("Op")),
                    Field("member", _("Van het gezin"), "member.first_name"),
                    Field("worker", _("Wie hier werkt"), "account.name", unless="member"),
                    Field("yes", _("Antwoord")),
                ),
                under="talk",
                large=False,
            ),
            Kind(
                Match,
                "matches",
                _("Hulp die is afgesproken"),
                "made_at",
                (
                    Field("number", _("Nummer")),
                    Field("professional", _("Van wie"), "professional.account.name"),
                    Field("code", _("Soort hulp"), "service_code.name"),
                    Field("starts_on", _("Vanaf")),
                    Field("ends_on", _("Tot en met")),
                    Field("lapses_on", _("Hoort bij een maatregel, tot en met")),
                    Field("measure_kind", _("Welke soort maatregel dat dan is")),
                ),
                about="child",
                under="talk",
            ),
            Kind(
                Appointment,
                "appointments",
                _("Afspraken"),
                "starts_at",
                (
                    Field("starts_at", _("Wanneer")),
                    Field("minutes", _("Minuten")),
                    Field("professional", _("Met"), "match.professional.account.name"),
                    Field("place", _("Waar")),
                    Field("stage", _("Hoe het ging")),
                    Field("felt", _("Hoe het was, van 1 tot 5")),
                ),
                under="match",
                large=False,
            ),
            Kind(
                Continuation,
                "continuations",
                _("Hulp na een verhuizing"),
                "at",
                (Field("moved_on", _("Verhuisd op")), Field("until_on", _("Gaat door tot en met"))),
                under="match",
                without={
                    "to": "where somebody went to live may be secret for another who takes a copy",
                    "came_from": "where somebody lived may be secret for another who takes a copy",
                    "terms": "how the other municipality agreed it, which it gives itself",
                },
            ),
        ),
    ),
)
