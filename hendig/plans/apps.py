from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "hendig.plans"
    label = "plans"
