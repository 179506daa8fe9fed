from django.apps import AppConfig


class TentsConfig(AppConfig):
    name = "hendig.tents"
    label = "tents"
