from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.plans import views

PLAN = Permission.PLAN_HELP
HOURS = Permission.CONFIRM_HOURS
FELT = Permission.SAY_HOW_IT_WAS

urlpatterns = [
    route("plan/<uuid:family_id>/", views.plan, name="plan", needs=Permission.OPEN_FAMILY),
    route("plan/<uuid:family_id>/doel/", views.new_goal, name="new_goal", needs=PLAN),
    route("plan/<uuid:family_id>/taak/", views.new_task, name="new_task", needs=PLAN),
    route(
        "plan/<uuid:family_id>/afspraak/<uuid:match_id>/",
        views.plan_appointment,
        name="plan_appointment",
        needs=PLAN,
    ),
    route(
        "plan/<uuid:family_id>/agenda/<uuid:appointment_id>/afspraak.ics",
        views.appointment_calendar,
        name="appointment_calendar",
        needs=Permission.OPEN_FAMILY,
    ),
    route(
        "plan/<uuid:family_id>/afronden/<uuid:request_id>/",
        views.end_request,
        name="end_request",
        needs=Permission.END_HELP,
    ),
    route("plan/doelen/<uuid:goal_id>/cijfer/", views.score_goal, name="score_goal", needs=FELT),
    route("plan/doelen/<uuid:goal_id>/bereikt/", views.reach_goal, name="reach_goal", needs=PLAN),
    route("plan/taken/<uuid:task_id>/over-wie/", views.task_about, name="task_about", needs=PLAN),
    route("plan/taken/<uuid:task_id>/klaar/", views.finish_task, name="finish_task", needs=PLAN),
    route("plan/taken/<uuid:task_id>/weer-open/", views.reopen_task, name="reopen_task", needs=PLAN),
    route(
        "plan/afspraken/<uuid:appointment_id>/geweest/",
        views.keep_appointment,
        name="keep_appointment",
        needs=HOURS,
    ),
    route(
        "plan/afspraken/<uuid:appointment_id>/niet-doorgegaan/",
        views.miss_appointment,
        name="miss_appointment",
        needs=HOURS,
    ),
    route(
        "plan/afspraken/<uuid:appointment_id>/toch-niet/",
        views.unkeep_appointment,
        name="unkeep_appointment",
        needs=HOURS,
    ),
    route(
        "plan/afspraken/<uuid:appointment_id>/afzeggen/",
        views.cancel_appointment,
        name="cancel_appointment",
        needs=PLAN,
    ),
    route(
        "plan/afspraken/<uuid:appointment_id>/hoe-was-het/",
        views.say_how_it_was,
        name="say_how_it_was",
        needs=FELT,
    ),
    route(
        "plan/vragen/<uuid:request_id>/komt-terug/",
        views.reopen_request,
        name="reopen_request",
        needs=Permission.END_HELP,
    ),
    route(
        "plan/twee-vragen/<uuid:request_id>/",
        views.two_questions,
        name="two_questions",
        needs=Permission.ANSWER_TWO_QUESTIONS,
    ),
]
