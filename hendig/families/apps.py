from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "hendig.families"
    label = "families"
