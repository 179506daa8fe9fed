from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "hendig.rights"
    label = "rights"
