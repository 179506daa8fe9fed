from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "hendig.learning"
    label = "learning"
