from django.apps import AppConfig


class CircleConfig(AppConfig):
    name = "hendig.circle"
    label = "circle"
