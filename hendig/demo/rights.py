"""What families of Peelrand ask: a decision on paper, their own words, and which municipality is theirs."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hendig.demo import steps
from hendig.demo.steps import Case
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.families.models import Record
from hendig.kernel.periods import local_day
from hendig.kernel.residence import Facts, Place, Stay
from hendig.rights import actions
from hendig.rights.actions import information
from hendig.rights.models import Topic


def with_a_budget(town: Town, case: Case, who: str, decider: str) -> Story:
    """A pgb is asked; who decides asked something and got an answer, so that the clock runs again."""
    yield town.on(-30, "20:15")
    application = actions.apply(
        actor=town.actor(who),
        family_id=case.family_id,
        child_id=case.child,
        words="Wij willen graag een brief waarin staat welke hulp er is, en tot wanneer.",
        wants_pgb=True,
        pgb_why="Onze buurvrouw spreekt Pools en kan goed met hem lezen.",
        pgb_who="Ola leest met hem. Tomasz houdt de uren en het geld bij.",
        at=town.at,
    )
    yield town.on(-28, "09:20")
    coach = town.actor(decider)
    actions.take_up(actor=coach, application_id=application.pk, at=town.at)
    yield town.on(-24, "10:05")
    actions.ask_more(
        actor=coach,
        application_id=application.pk,
        words="Op welke dagen leest Ola met hem, en hoe lang?",
        answer_by=local_day(town.at) + timedelta(days=14),
        at=town.at,
    )
    yield town.on(-20, "19:40")
    actions.answer_question(
        actor=town.actor(who),
        application_id=application.pk,
        words="Elke dinsdag en vrijdag na school, een uur.",
        at=town.at,
    )


def on_paper(town: Town, case: Case, who: str, decider: str) -> Story:
    """A decision was asked without a word, and granted with a letter that Hendig made."""
    yield town.on(-75, "21:10")
    application = actions.apply(
        actor=town.actor(who), family_id=case.family_id, child_id=case.child, at=town.at
    )
    yield town.on(-73, "11:15")
    actions.take_up(actor=town.actor(decider), application_id=application.pk, at=town.at)
    yield town.on(-66, "14:30")
    actions.decide(
        actor=town.actor(decider),
        application_id=application.pk,
        verdict="granted",
        what="Elke week een uur begeleiding bij gemis, zolang de match loopt.",
        reasons="U en uw hulpverlener kozen samen voor deze hulp. Zij past bij wat uw zoon nodig heeft.",
        at=town.at,
    )


def own_words(town: Town, case: Case) -> Story:
    """What Noor, Sanne and Mark put beside their record, each in their own way."""

    def write(who: str, kind: str, topic: str, words: str) -> UUID:
        return actions.write_own_words(
            actor=town.actor(who), family_id=case.family_id, kind=kind, topic=topic, words=words, at=town.at
        ).pk

    yield town.on(-21, "19:30")
    wrong = write("sanne", "correction", "persons", "Mark heet Janssen met twee keer een s.")
    gone = write("mark", "addition", "plan", "Dit zeg ik liever in het gesprek.")
    yield town.on(-20, "20:05")
    actions.take_back(actor=town.actor("mark"), own_id=gone, at=town.at)
    write("mark", "answer", "question", "Bij mij thuis slaapt zij wel. Het gaat dus niet altijd mis.")
    yield town.on(-19, "09:15")
    coach = town.actor(case.coach)
    actions.answer_correction(actor=coach, own_id=wrong, corrected=True, reply="Aangepast.", at=town.at)
    yield town.on(-10, "20:30")
    write(
        "sanne",
        "statement",
        "tent",
        "Op de bladzijde staat dat Noor bang is voor school. Ik denk dat zij vooral moe is.",
    )
    doubt = write("sanne", "correction", "tent", "De mentor zei dat niet zo.")
    yield town.on(-9, "11:00")
    actions.answer_correction(
        actor=coach,
        own_id=doubt,
        corrected=False,
        reply="Zo is het aan tafel gezegd. Uw woorden blijven erbij staan.",
        at=town.at,
    )
    yield town.on(-4, "16:45")
    write("noor", "addition", "plan", "Ik wil ook graag weer naar handbal.")
    write("noor", "correction", "help", "Ik loop drie keer per week met Bobbie, niet twee keer.")


def waits_for_an_answer(town: Town, case: Case, who: str, decider: str) -> Story:
    """The municipality asked something some days ago, and the clock stands still."""
    yield town.on(-12, "20:40")
    application = actions.apply(
        actor=town.actor(who), family_id=case.family_id, child_id=case.child, at=town.at
    )
    yield town.on(-8, "13:10")
    coach = town.actor(decider)
    actions.take_up(actor=coach, application_id=application.pk, at=town.at)
    actions.ask_more(
        actor=coach,
        application_id=application.pk,
        words="Welke hulp wilt u op papier: die van nu, of andere?",
        answer_by=local_day(town.at) + timedelta(days=21),
        at=town.at,
    )


def changed_mind(town: Town, case: Case, who: str) -> Story:
    """An application was withdrawn: the help itself was enough."""
    yield town.on(-50, "20:00")
    application = actions.apply(
        actor=town.actor(who), family_id=case.family_id, child_id=case.child, at=town.at
    )
    yield town.on(-47, "19:10")
    actions.withdraw(actor=town.actor(who), application_id=application.pk, at=town.at)


def to_be_destroyed(town: Town, case: Case, who: str) -> Story:
    """A youth asks that everything goes, and waits for the answer."""
    yield town.on(-5, "22:15")
    actions.ask_destruction(actor=town.actor(who), family_id=case.family_id, child_id=case.child, at=town.at)


def asks_from_outside(town: Town, case: Case, who: str) -> Story:
    """The father of both children, who has no authority: told how it goes at school, and asks on."""
    yield town.on(-18, "10:25")
    tess, luuk = case.members["tess"], case.members["luuk"]
    steps.let_in_outside(town, case, who, "Patrick", "Smits", tess, luuk)

    def ask(child: UUID, topic: Topic, words: str) -> UUID:
        record = Record.objects.get(child=child)
        return information.ask_information(
            actor=town.actor(who), record_id=record.pk, topic=topic, words=words, at=town.at
        ).pk

    yield town.on(-16, "20:35")
    asked = ask(tess, Topic.SCHOOL, "Hoe gaat het op school? Ik hoor er weinig van.")
    yield town.on(-14, "09:35")
    information.release(
        actor=town.actor(case.coach),
        information_id=asked,
        topic=Topic.SCHOOL,
        answer="Zij gaat weer elke dag, en de mentor is tevreden.",
        at=town.at,
    )
    yield town.on(-3, "21:05")
    ask(luuk, Topic.HEALTH, "Slaapt hij weer door?")


def which_municipality(town: Town, case: Case) -> Story:
    """A child in a foster family: where it was registered before counts, and that is here."""
    yield town.on(-125, "10:40")
    coach = town.actor(case.coach)
    asked = actions.ask_residence(
        actor=coach,
        family_id=case.family_id,
        child_id=case.child,
        asked_on=local_day(town.at) - timedelta(days=2),
        asked_from="Maasdorp",
        at=town.at,
    )
    yield town.on(-124, "09:10")
    actions.answer_residence(
        actor=coach, residence_id=asked.pk, facts=Facts(Stay.FOSTER, before=Place.OURS), at=town.at
    )
