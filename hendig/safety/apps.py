from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "hendig.safety"
    label = "safety"
