from django.apps import AppConfig


class OpenTentConfig(AppConfig):
    name = "hendig.opentent"
    label = "opentent"
