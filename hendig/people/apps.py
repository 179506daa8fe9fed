from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hendig.people"
    label = "people"
