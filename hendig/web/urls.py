"""Every path of the site: the pages that compose several apps, then each app's own."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.web import demo, health, live, views

handler400 = "hendig.web.errors.bad_request"
handler404 = "hendig.web.errors.not_found"
handler500 = "hendig.web.errors.server_error"

PUBLIC = Permission.SEE_PUBLIC_PAGES

urlpatterns: list[URLPattern | URLResolver] = [
    route("", views.home, name="home", needs=PUBLIC),
    route("over-hendig/", views.about, name="about", needs=PUBLIC),
    route("gezin/", views.my_family, name="my_family", needs=Permission.OPEN_FAMILY),
    route("gezin/<uuid:family_id>/", views.family, name="family", needs=Permission.OPEN_FAMILY),
    route("gezin/<uuid:family_id>/kosten/", views.own_help, name="own_help", needs=Permission.OPEN_FAMILY),
    route(
        "gezin/<uuid:family_id>/wie-mag-wat/",
        views.who_may,
        name="who_may",
        needs=Permission.CHOOSE_WHO_SEES,
    ),
    route("gezinnen/", views.coach_board, name="coach_board", needs=Permission.COACH_FAMILIES),
    route("vandaag/", views.today, name="today", needs=Permission.SEE_PROFESSIONALS_DAY),
    route("verantwoorden/", views.log, name="log", needs=Permission.SEE_LOG),
    route("verantwoorden/accountant/", views.accountant, name="accountant", needs=Permission.AUDIT),
    route("verantwoorden/register/", views.register, name="register", needs=Permission.SEE_REGISTER),
    route("verantwoorden/zegel/", views.seal, name="seal", needs=Permission.SEE_SEAL),
    route("verantwoorden/zegel/doorgeven/", views.anchor_log, name="anchor_log", needs=Permission.ANCHOR_LOG),
    route("live/", live.live, name="live", needs=PUBLIC),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

urlpatterns += [
    path("", include(import_module(f"{config.name}.urls")))
    for config in apps.get_app_configs()
    if config.name.startswith("hendig.") and config.label != "web" and find_spec(f"{config.name}.urls")
]

if settings.DEMO:
    urlpatterns += demo.urlpatterns
