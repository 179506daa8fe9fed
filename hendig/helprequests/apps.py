from django.apps import AppConfig


class HelpRequestsConfig(AppConfig):
    name = "hendig.helprequests"
    label = "helprequests"
