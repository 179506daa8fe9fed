"""What happens to a family of the town: each thing by the real action, with a canary wherever one types."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hendig.demo.town import at_clock
from hendig.families import actions as families
from hendig.families.actions import deputies, invitations, notes, questions, sharing
from hendig.families.models import (
    FamilyMember,
    Invitation,
    WhyKept,
)
from hendig.families.queries import opening
from hendig.families.queries.looked import who_looked
from hendig.files.adapters.door import let_in
from hendig.files.rules import PHOTO_OR_LETTER
from hendig.helprequests.actions import handover
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.consent import Exception12
from hendig.kernel.periods import local_day
from hendig.kernel.residence import Facts, Place, Stay
from hendig.matching import actions as matching
from hendig.matching.models import Match
from hendig.opentent import actions as opentent
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Home, Scene, says
from hendig.people.adapters.paper import pdf
from hendig.plans import actions as plans
from hendig.rights import actions as rights
from hendig.safety import actions as safety
from hendig.safety.models import Asker, Category, Found, Law, Misplaced, Outcome, Step
from hendig.safety.queries.pieces import offered

FIVE = (
    (Step.SIGNALS, Found.DONE),
    (Step.CONSULT, Found.BOTH),
    (Step.TALK, Found.NOT_SAFE),
    (Step.WEIGH, Found.ACUTE),
    (Step.DECIDE, Found.REPORT_AND_HELP),
)


def circle(scene: Scene, home: Home, child: str, who: str) -> None:
    """Who is around the family: the school, the practice and the club of the child stand here."""
    for what in ("school", "practice of the GP", "sports club"):
        families.add_tie(
            actor=scene.who(who),
            family_id=home.family,
            record_id=scene.records[child],
            name=scene.word(what, who, room=Room(child)),
            relation=scene.word(f"what the {what} is", who, room=Room(child)),
            distance=2,
            gives=scene.word(f"what the {what} gives", who, room=Room(child)),
            at=scene.at,
        )


def helped(scene: Scene, home: Home, child: str, who: str, yes: tuple[str, ...], days: int = -62) -> Match:
    """A professional of whom everybody said yes."""
    scene.day(days)
    talk = opened_talk(scene, home, child, who)
    outcome = None
    # Whoever is kept out of the record cannot say yes: the exception of the law is for that.
    for one in (who, *(name for name in yes if name != "father"), home.coach):
        outcome = matching.answer(actor=scene.who(one), talk_id=talk, yes=True, at=scene.at)
    if "father" in yes:
        outcome = matching.record_exception(
            actor=scene.who(home.coach),
            talk_id=talk,
            exception=Exception12.KEEPS_WISHING,
            at=scene.at,
        )
    assert outcome is not None
    assert outcome.match is not None, outcome
    scene.things[f"match of {home.name}"] = outcome.match.pk
    return outcome.match


def opened_talk(scene: Scene, home: Home, child: str, who: str) -> UUID:
    return matching.open_talk(
        actor=scene.who(home.coach),
        request_id=home.request,
        child_id=home.members[child],
        professional_id=scene.town.professionals[who],
        service_code_id=scene.town.codes["H2"],
        purpose=scene.word("what a match is for", home.coach, room=Room(child)),
        at=scene.at,
    ).pk


def talk_of_now(scene: Scene, home: Home, child: str, who: str) -> None:
    """A talk that waits for an answer."""
    scene.day(-1)
    before = set(scene.birds.all)
    scene.things["talk of now"] = opened_talk(scene, home, child, who)
    scene.typed["talk of now"] = set(scene.birds.all) - before


def planned(scene: Scene, home: Home, made: Match, child: str) -> None:
    """Goals, promises and appointments: one of last month that is on an invoice, one to come."""
    who = scene.who(made.professional.account.first_name.lower())
    goal = plans.set_goal(
        actor=scene.who(home.coach),
        request_id=home.request,
        words=scene.word("goal", home.coach, room=Room(child)),
        at=scene.at,
    )
    plans.score_goal(actor=scene.who(home.asker), goal_id=goal.pk, value=4, at=scene.at)
    plans.set_goal(
        actor=scene.who(home.coach),
        request_id=home.request,
        words=scene.word("goal of a parent", home.coach, room=Room(child), another=True),
        member_id=home.members[home.asker],
        at=scene.at,
    )
    plans.set_task(
        actor=scene.who(home.coach),
        request_id=home.request,
        what=scene.word("promise, with how many kilometres it is away", home.coach, room=Room(child)),
        who=scene.word("who promised", home.coach, room=Room(child)),
        at=scene.at,
    )
    month = (scene.town.today.replace(day=1) - timedelta(days=1)).replace(day=10)
    for on, kept in ((month, True), (scene.town.today + timedelta(days=2), False)):
        # What was is tapped afterwards; what is to come was planned by then.
        # Help that is over takes along what was still to come.
        over = kept or home.name == "alone"
        places = ("where it was",) if over else ("place in the calendar", "time to travel")
        scene.town.timeline.at = at_clock(min(on, scene.town.today - timedelta(days=5)), "16:00")
        one = plans.plan_appointment(
            actor=who,
            match_id=made.pk,
            starts_at=at_clock(on, "11:00"),
            place=" ".join(scene.word(what, "", room=Room(child)) for what in places),
            at=scene.at,
        )
        if kept:
            plans.keep_appointment(actor=who, appointment_id=one.pk, at=scene.at)


def apart_for(scene: Scene, youth: str, named: tuple[str, ...]) -> None:
    """What a youth tells apart, and whom it named to read that."""
    scene.day(-20)
    for one in named:
        sharing.name_for_own_part(
            actor=scene.who(youth),
            record_id=scene.records[youth],
            account_id=scene.account(one),
            at=scene.at,
        )
    for who in (youth, *named):
        scene.things[f"note of {who}"] = notes.write_note(
            actor=scene.who(who),
            record_id=scene.records[youth],
            words=scene.word("piece that a youth tells apart", who, room=Room(youth, "child")),
            reason=WhyKept(
                words=scene.word("why a piece apart is kept", who, room=Room(youth, "child"))
                if who != youth
                else ""
            ),
            at=scene.at,
        ).pk


def worried(scene: Scene, home: Home, child: str, *, held: bool) -> None:
    """A worry about safety: its five steps, who told of it, a colleague, a request by law, a hold."""
    scene.day(-15)
    coach, room = scene.who(home.coach), Room(child, "safety")
    concern = safety.begin_concern(
        actor=coach,
        record_id=scene.records[child],
        about=scene.word("worry about safety", home.coach, room=room),
        at=scene.at,
    )
    for step, found in FIVE:
        safety.take_step(
            actor=coach,
            concern_id=concern.pk,
            step=step,
            found=found,
            words=scene.word(f"step {step.value} of the reporting code", home.coach, room=room),
            done_on=local_day(scene.at),
            at=scene.at,
        )
    safety.name_for_safety(actor=coach, concern_id=concern.pk, account_id=scene.account("roos"), at=scene.at)
    kept = Room(child, "informant")
    safety.keep_told(
        actor=coach,
        concern_id=concern.pk,
        name=scene.word("who told of a worry", home.coach, room=kept),
        role=scene.word("who that is to the family", home.coach, room=kept),
        words=scene.word("told of a worry from outside", home.coach, room=kept),
        told_on=local_day(scene.at),
        at=scene.at,
    )
    # Written by mistake: nobody reads it any more, also who was named.
    mistaken = safety.keep_told(
        actor=coach,
        concern_id=concern.pk,
        name=scene.word("who told of another child", ""),
        role=scene.word("who that is to another family", ""),
        words=scene.word("told of another child", ""),
        told_on=local_day(scene.at),
        at=scene.at,
    )
    safety.take_told_back(actor=coach, told_id=mistaken.pk, why=Misplaced.OTHER_CHILD, at=scene.at)
    if held:
        safety.hold(
            actor=coach, concern_id=concern.pk, until_on=scene.town.today + timedelta(days=30), at=scene.at
        )
    pieces = [one.key for one in offered(coach, scene.records[child], at=scene.at)]
    scene.things["legal"] = safety.ask_by_law(
        actor=coach,
        concern_id=concern.pk,
        asker=Asker.VEILIG_THUIS,
        who=scene.word("who asks by law", home.coach, room=room),
        law=Law.REPORT_RIGHT,
        asked_on=local_day(scene.at),
        weighing=scene.word("how a request by law was weighed", home.coach, room=room),
        pieces=pieces[:2],
        at=scene.at,
    ).pk
    safety.answer_by_law(actor=scene.who("roos"), legal_id=scene.things["legal"], agreed=True, at=scene.at)
    scene.things["concern"] = concern.pk


def in_emergency(scene: Scene, home: Home, child: str, who: str, *, ago: int) -> None:
    """A professional who does not know the family opened the record of the child, so many minutes ago."""
    scene.minutes(ago)
    member = FamilyMember.objects.select_related("family").get(pk=home.members[child])
    assert member.born_on is not None
    scene.things[f"emergency of {child}"] = safety.open_in_emergency(
        actor=scene.who(who),
        first_name=member.first_name,
        last_name=member.family.name,
        born_on=member.born_on,
        beside="",
        category=Category.VIOLENCE,
        reason=scene.word("why a record was opened in an emergency", who, room=Room(child, "safety")),
        at=scene.at,
    ).pk


def judged(scene: Scene, child: str) -> None:
    scene.minutes(30)
    safety.judge_emergency(
        actor=scene.who("karin"),
        emergency_id=scene.things[f"emergency of {child}"],
        outcome=Outcome.WRONG,
        note=scene.word("how the officer judged it", "karin", room=Room(child, "safety")),
        at=scene.at,
    )


def on_board(scene: Scene, home: Home, who: str) -> None:
    """A question in the Open Tent, without names: one answer that both said yes to, and one that waits."""
    scene.day(-12)
    post = opentent.post_question(
        actor=scene.who(who),
        request_id=home.request,
        title=scene.word("title on the board", who, of="board"),
        text=scene.word("text on the board", who, of="board"),
        neighbourhood=scene.word("neighbourhood on the board", who, of="board"),
        at=scene.at,
    )
    answers = {
        name: opentent.respond(
            actor=scene.who(name),
            post_id=post.pk,
            words=scene.word("answer to the board", name, of=f"answer of {name}"),
            at=scene.at,
        ).pk
        for name in ("before", "after")
    }
    opentent.accept_response(actor=scene.who(who), response_id=answers["after"], at=scene.at)
    opentent.confirm_response(actor=scene.who("after"), response_id=answers["after"], at=scene.at)
    opentent.post_offer(
        actor=scene.who("before"),
        kind="offer",
        title=scene.word("title of an offer", "before", of="board"),
        text=scene.word("text of an offer", "before", of="board"),
        neighbourhood=scene.word("neighbourhood of an offer", "before", of="board"),
        when=scene.word("when an offer is", "before", of="board"),
        at=scene.at,
    )


def own_words(scene: Scene, home: Home, who: str, child: str) -> None:
    """What somebody puts beside the record, one with a letter that tells more, and what the coach answers."""
    scene.day(-10)
    room = Room(child)
    said = {"title": "Brief", "lines": [scene.word("letter that was brought", who, room=room)]}
    letter = pdf(
        "safety/paper.typ", {"lang": "nl", "title": "Brief", "lead": "", "foot": ".", "parts": [said]}
    )
    brought, on_it = let_in(letter, PHOTO_OR_LETTER), scene.word("what is on a letter", who, room=room)
    made = [
        rights.write_own_words(
            actor=scene.who(who),
            family_id=home.family,
            record_id=scene.records[child],
            kind=kind,
            topic="plan",
            words=scene.word(f"own words: {kind}", who, room=room),
            at=scene.at,
            file=brought if kind == "statement" else None,
            file_words=on_it if kind == "statement" else "",
        ).pk
        for kind in ("addition", "answer", "statement", "correction")
    ]
    rights.answer_correction(
        actor=scene.who(home.coach),
        own_id=made[-1],
        corrected=False,
        reply=scene.word("answer to a correction", home.coach, room=room),
        at=scene.at,
    )


def hands_over(scene: Scene, leaving: str, coming: str) -> None:
    """A coach stops next week, and every family of that coach reads who comes."""
    scene.day(-2)
    cases = HelpRequest.objects.filter(coach_id=scene.account(leaving)).exclude(stage=Stage.DONE)
    handover.hand_over_questions(
        actor=scene.who(leaving),
        coach_id=scene.account(leaving),
        successors=dict.fromkeys(cases.values_list("pk", flat=True), scene.account(coming)),
        from_on=local_day(scene.at) + timedelta(days=7),
        at=scene.at,
    )


def on_paper(scene: Scene, home: Home, who: str, child: str) -> None:
    """A decision on paper: asked with a budget, something asked back, extended, decided with a letter."""
    scene.day(-9)
    room = Room(child)
    made = rights.apply(
        actor=scene.who(who),
        family_id=home.family,
        child_id=home.members[child],
        words=scene.word("words of an application", who, room=room),
        wants_pgb=True,
        pgb_why=scene.word("why a budget", who, room=room),
        pgb_who=scene.word("who would help for a budget", who, room=room),
        at=scene.at,
    )
    decider = scene.who("bram")
    rights.take_up(actor=decider, application_id=made.pk, at=scene.at)
    rights.ask_more(
        actor=decider,
        application_id=made.pk,
        words=scene.word("question about an application", "bram", room=room),
        answer_by=local_day(scene.at) + timedelta(days=14),
        at=scene.at,
    )
    rights.answer_question(
        actor=scene.who(who),
        application_id=made.pk,
        words=scene.word("answer about an application", who, room=room),
        at=scene.at,
    )
    rights.extend(
        actor=decider,
        application_id=made.pk,
        weeks=2,
        reason=scene.word("why a decision takes longer", "bram", room=room),
        at=scene.at,
    )
    rights.decide(
        actor=decider,
        application_id=made.pk,
        verdict="granted",
        what=scene.word("what was decided, in a letter", "bram", room=room),
        reasons=scene.word("why it was decided so, in a letter", "bram", room=room),
        pgb=True,
        at=scene.at,
    )
    scene.things["application"] = made.pk


def residence(scene: Scene, home: Home, child: str) -> None:
    """Another municipality asked whose the child is: where it stays tells where the mother hides."""
    scene.day(-8)
    coach = scene.who(home.coach)
    asked = rights.ask_residence(
        actor=coach,
        family_id=home.family,
        child_id=home.members[child],
        asked_on=local_day(scene.at),
        asked_from=scene.word("municipality that asked", home.coach, room=Room(child)),
        at=scene.at,
    )
    rights.answer_residence(
        actor=coach,
        residence_id=asked.pk,
        facts=Facts(Stay.SHELTER, before=Place.OTHER),
        other=scene.word("municipality where it is", home.coach, room=Room(child)),
        at=scene.at,
    )


def asked_about_a_look(scene: Scene, home: Home, who: str) -> None:
    """Who looked is asked about a look, and the privacy officer answers."""
    scene.day(-5)
    with opening(scene.who(home.coach), "plan.seen", home.family, at=scene.at):
        pass
    scene.day(-4)
    with opening(scene.who(who), "family.log_seen", home.family, at=scene.at) as look:
        line = who_looked(look).lines[0].entry_id
        asked = questions.ask_about_line(
            actor=scene.who(who),
            look=look,
            entry_id=line,
            words=scene.word("question about a look", who, of="question of mother2"),
            at=scene.at,
        )
    questions.answer_question(
        actor=scene.who("karin"),
        question_id=asked.pk,
        answer=scene.word("what the officer answered", "karin", of="question of mother2"),
        at=scene.at,
    )


def invited(scene: Scene, who: str, child: str, name: str) -> invitations.Invited:
    """An adult whom the family trusts is invited, and nothing is open by that."""
    made = invitations.invite_confidant(
        actor=scene.who(who),
        record_id=scene.records[child],
        first_name=scene.word("first name", who, of=name),
        email=f"{scene.word('mail address', who, of=name).lower()}@example.nl",
        at=scene.at,
    )
    scene.town.accounts[name] = Invitation.objects.get(pk=made.invitation_id).account_id
    return made


def trusted(scene: Scene, home: Home, who: str, child: str) -> None:
    """An adult whom the family trusts was invited, and typed the code that was told."""
    made = invited(scene, who, child, "trusted")
    invitations.accept(
        actor=scene.who("trusted"), invitation_id=made.invitation_id, typed=made.code, at=scene.at
    )
    home.members["trusted"] = FamilyMember.objects.get(account_id=scene.account("trusted")).pk


def by_another(scene: Scene, home: Home, child: str, *, deputy: str, learns: str, yes: str) -> None:
    """A colleague stands in for the coach, and somebody learns beside that one because the family agreed."""
    scene.day(-2)
    coach, today = scene.who(home.coach), scene.town.today
    deputies.name_deputy(
        actor=coach,
        account_id=scene.account(deputy),
        from_on=today,
        until_on=today + timedelta(days=7),
        families=[home.family],
        at=scene.at,
    )
    home.deputy = deputy
    deputies.ask_for_trainee(
        actor=coach, account_id=scene.account(learns), families=[home.family], at=scene.at
    )
    says(scene, yes, child, learns, yes=True)


def ended(scene: Scene, home: Home, who: str, child: str) -> None:
    """The help is over: what it brought, and what to do when it comes back."""
    scene.day(-7)
    room = Room(child)
    plans.end_request(
        actor=scene.who(home.coach),
        request_id=home.request,
        reason="01",
        looking_back=scene.word("looking back", home.coach, room=room),
        if_it_returns=scene.word("what to do when it returns", home.coach, room=room),
        at=scene.at,
    )
    plans.answer_outcome(actor=scene.who(who), request_id=home.request, useful=4, onward="04", at=scene.at)


def destruction(scene: Scene, home: Home, who: str, child: str) -> None:
    """Somebody asks that everything goes, and hears what stays and why."""
    scene.day(-6)
    asked = rights.ask_destruction(
        actor=scene.who(who), family_id=home.family, child_id=home.members[child], at=scene.at
    )
    rights.answer_destruction(
        actor=scene.who(home.coach),
        destruction_id=asked.pk,
        stage="refused",
        keep=["other"],
        reply=scene.word("answer to a wish for destruction", home.coach, room=Room(child)),
        at=scene.at,
    )
