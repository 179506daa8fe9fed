"""The pages about the people of one family."""

from hendig.families import views
from hendig.families.views import (
    ages,
    apart,
    citizen_numbers,
    deaths,
    homes,
    persons,
    told,
    work_notes,
)
from hendig.people.rules import Permission
from hendig.people.urls import route

NUMBER, HOME = Permission.KEEP_CITIZEN_NUMBER, Permission.KEEP_HOME
KEEP, COACH = Permission.KEEP_OWN_CIRCLE, Permission.COACH_FAMILIES
GP, APART, JUDGE = Permission.WRITE_AS_GP, Permission.WRITE_APART, Permission.JUDGE_CAPACITY
CHOOSE, ANSWER = Permission.CHOOSE_WHO_SEES, Permission.ANSWER_LOG_QUESTIONS

urlpatterns = [
    route(
        "gezin/<uuid:family_id>/wie-keek/",
        views.who_looked,
        name="who_looked",
        needs=Permission.SEE_WHO_LOOKED,
    ),
    route(
        "gezin/<uuid:family_id>/wie-keek/<uuid:entry_id>/vraag/",
        views.ask_about_line,
        name="ask_about_line",
        needs=Permission.ASK_ABOUT_LOG,
    ),
    route("verantwoorden/vragen/", views.log_questions, name="log_questions", needs=ANSWER),
    route("verantwoorden/vragen/<uuid:question_id>/", views.log_question, name="log_question", needs=ANSWER),
    route("gezin/<uuid:family_id>/van-jou/", apart.apart, name="apart", needs=APART),
    route("gezin/persoon/<uuid:member_id>/apart/", apart.part_of_parent, name="part_of_parent", needs=APART),
    route("gezin/<uuid:family_id>/apart-verteld/", told.write_told, name="write_told", needs=APART),
    route("gezin/dossier/<uuid:record_id>/leest-mee/", told.let_read, name="let_read", needs=APART),
    route(
        "gezin/van-jou/<uuid:note_id>/over-wie/", apart.own_piece_about, name="own_piece_about", needs=APART
    ),
    route("gezin/van-jou/<uuid:note_id>/weg/", apart.take_note_back, name="take_note_back", needs=APART),
    route("gezin/van-jou/<uuid:note_id>/terug/", apart.put_note_back, name="put_note_back", needs=APART),
    route("gezin/dossier/<uuid:record_id>/van-jou/", apart.name_reader, name="name_reader", needs=APART),
    route("mijn-blikken/", views.my_looks, name="my_looks", needs=Permission.SEE_OWN_LOOKS),
    route(
        "gezin/<uuid:family_id>/langer/", views.stay_longer, name="stay_longer", needs=Permission.STAY_LONGER
    ),
    route("in-opleiding/", views.trainees, name="trainees", needs=Permission.LEARN_BESIDE),
    route(
        "in-opleiding/<uuid:account_id>/klaar/",
        views.end_trainee,
        name="end_trainee",
        needs=Permission.LEARN_BESIDE,
    ),
    route("vervanging/", views.deputies, name="deputies", needs=Permission.NAME_DEPUTY),
    route(
        "vervanging/<uuid:account_id>/klaar/",
        views.end_deputy,
        name="end_deputy",
        needs=Permission.NAME_DEPUTY,
    ),
    route("gezin/<uuid:family_id>/huisarts-uitnodigen/", views.invite_gp, name="invite_gp", needs=CHOOSE),
    route("gezin/dossier/<uuid:record_id>/huisarts/", views.gp, name="gp", needs=Permission.OPEN_FAMILY),
    route("gezin/huisarts/<uuid:note_id>/delen/", views.share_gp_note, name="share_gp_note", needs=GP),
    route("gezin/huisarts/<uuid:note_id>/niet-delen/", views.keep_gp_note, name="keep_gp_note", needs=GP),
    route(
        "gezin/<uuid:family_id>/aantekeningen/",
        work_notes.work_notes,
        name="work_notes",
        needs=Permission.KEEP_OWN_NOTES,
    ),
    route(
        "gezin/aantekening/<uuid:note_id>/weg/",
        work_notes.throw_away,
        name="throw_away",
        needs=Permission.KEEP_OWN_NOTES,
    ),
    route("gezin/<uuid:family_id>/wat-verandert/", ages.ages, name="ages", needs=Permission.OPEN_FAMILY),
    route("huisarts/vragen/", views.ask_as_gp, name="ask_as_gp", needs=Permission.ASK_AS_GP),
    route("gezin/huisarts-vraag/<uuid:ask_id>/", views.answer_gp_ask, name="answer_gp_ask", needs=CHOOSE),
    route(
        "gezin/dossier/<uuid:record_id>/huisarts-deelt/",
        views.say_gp_shares,
        name="say_gp_shares",
        needs=CHOOSE,
    ),
    route(
        "gezin/uitnodiging/<uuid:invitation_id>/adres/", views.invite_anew, name="invite_anew", needs=CHOOSE
    ),
    route(
        "gezin/uitnodiging/<uuid:invitation_id>/terug/",
        views.take_invitation_back,
        name="take_invitation_back",
        needs=CHOOSE,
    ),
    route(
        "uitnodiging/<uuid:invitation_id>/",
        views.invitation,
        name="invitation",
        needs=Permission.BE_SIGNED_IN,
    ),
    route("gezin/dossier/<uuid:record_id>/meekijken/", views.say_along, name="say_along", needs=CHOOSE),
    route(
        "gezin/dossier/<uuid:record_id>/over-het-kind/",
        views.read_child_alone,
        name="read_child_alone",
        needs=CHOOSE,
    ),
    route("gezin/dossier/<uuid:record_id>/soort-stuk/", views.read_sort, name="read_sort", needs=CHOOSE),
    route("gezin/dossier/<uuid:record_id>/buiten/", views.shut_out, name="shut_out", needs=CHOOSE),
    route("gezin/dossier/<uuid:record_id>/weer-mee/", views.let_in_again, name="let_in_again", needs=CHOOSE),
    route("gezin/dossier/<uuid:record_id>/afscheid/", views.take_leave, name="take_leave", needs=CHOOSE),
    route(
        "gezin/persoon/<uuid:member_id>/ingang/", views.way_in, name="way_in", needs=Permission.INVITE_YOUTH
    ),
    route(
        "gezin/persoon/<uuid:member_id>/ingang/terug/",
        views.take_way_in_back,
        name="take_way_in_back",
        needs=COACH,
    ),
    route(
        "gezin/dossier/<uuid:record_id>/burgerservicenummer/",
        citizen_numbers.citizen_number,
        name="citizen_number",
        needs=NUMBER,
    ),
    route(
        "gezin/dossier/<uuid:record_id>/burgerservicenummer/toon/",
        citizen_numbers.show_citizen_number,
        name="show_citizen_number",
        needs=NUMBER,
    ),
    route(
        "gezin/dossier/<uuid:record_id>/burgerservicenummer/weg/",
        citizen_numbers.remove_citizen_number,
        name="remove_citizen_number",
        needs=NUMBER,
    ),
    route("gezin/<uuid:family_id>/wonen/", homes.homes, name="homes", needs=Permission.OPEN_FAMILY),
    route("gezin/persoon/<uuid:member_id>/wonen/", homes.new_home, name="new_home", needs=HOME),
    route(
        "gezin/persoon/<uuid:member_id>/wie-weet/", homes.who_knows_home, name="who_knows_home", needs=HOME
    ),
    route("gezin/wonen/<uuid:home_id>/", homes.correct_home, name="correct_home", needs=HOME),
    route("gezin/wonen/<uuid:home_id>/tot/", homes.end_home, name="end_home", needs=HOME),
    route("gezin/persoon/<uuid:member_id>/dubbel/", views.same_person, name="same_person", needs=COACH),
    route("gezin/dubbel/<uuid:link_id>/toch-niet/", views.part_persons, name="part_persons", needs=COACH),
    route(
        "gezin/persoon/<uuid:member_id>/zelf-beslissen/",
        views.who_decides_now,
        name="capacity",
        needs=Permission.OPEN_FAMILY,
    ),
    route(
        "gezin/persoon/<uuid:member_id>/zelf-beslissen/oordeel/",
        views.judge_first,
        name="judge_first",
        needs=JUDGE,
    ),
    route(
        "gezin/zelf-beslissen/<uuid:incapacity_id>/oordeel/",
        views.judge_second,
        name="judge_second",
        needs=JUDGE,
    ),
    route(
        "gezin/zelf-beslissen/<uuid:incapacity_id>/bezwaar/",
        views.object_to,
        name="object_to",
        needs=Permission.OBJECT_TO_JUDGEMENT,
    ),
    route(
        "gezin/zelf-beslissen/<uuid:incapacity_id>/klaar/",
        views.end_judgement,
        name="end_judgement",
        needs=JUDGE,
    ),
    route("gezin/<uuid:family_id>/wie-hoort-erbij/", persons.persons, name="persons", needs=COACH),
    route(
        "gezin/<uuid:family_id>/wie-hoort-erbij/volwassene/",
        persons.add_adult,
        name="add_adult",
        needs=COACH,
    ),
    route("gezin/persoon/<uuid:member_id>/kant/", persons.say_side, name="say_side", needs=COACH),
    route("gezin/staat-er-al/", persons.doubles, name="doubles", needs=COACH),
    route("gezin/<uuid:family_id>/wie-hoort-erbij/kind/", persons.add_child, name="add_child", needs=COACH),
    route("gezin/persoon/<uuid:member_id>/gezag/", persons.set_authority, name="set_authority", needs=COACH),
    route(
        "gezin/persoon/<uuid:member_id>/vindt-goed/",
        persons.note_child_agrees,
        name="note_child_agrees",
        needs=COACH,
    ),
    route(
        "gezin/persoon/<uuid:member_id>/gezinsvoogd/",
        persons.add_supervisor,
        name="add_supervisor",
        needs=COACH,
    ),
    route(
        "gezin/dossier/<uuid:record_id>/gezinsvoogd/klaar/",
        persons.end_supervision,
        name="end_supervision",
        needs=COACH,
    ),
    route(
        "gezin/persoon/<uuid:member_id>/jeugdreclassering/",
        persons.add_probation,
        name="add_probation",
        needs=COACH,
    ),
    route(
        "gezin/dossier/<uuid:record_id>/jeugdreclassering/klaar/",
        persons.end_probation,
        name="end_probation",
        needs=COACH,
    ),
    route(
        "gezin/gezag/<uuid:authority_id>/nagekeken/",
        persons.check_authority,
        name="check_authority",
        needs=COACH,
    ),
    route(
        "gezin/gezag/<uuid:authority_id>/eindigt/", persons.end_authority, name="end_authority", needs=COACH
    ),
    route("gezin/persoon/<uuid:member_id>/overleden/", deaths.note_death, name="note_death", needs=COACH),
    route(
        "gezin/overlijden/<uuid:death_id>/vergissing/",
        deaths.say_mistaken,
        name="mistaken_death",
        needs=COACH,
    ),
    route(
        "verantwoorden/overlijden/<uuid:death_id>/terug/",
        deaths.take_back,
        name="take_back_death",
        needs=Permission.END_RECORDS,
    ),
]
