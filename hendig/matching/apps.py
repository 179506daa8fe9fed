from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "hendig.matching"
    label = "matching"
