from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "hendig.keys"
    label = "keys"
