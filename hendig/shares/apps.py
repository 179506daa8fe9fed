from django.apps import AppConfig


class SharesConfig(AppConfig):
    name = "hendig.shares"
    label = "shares"
