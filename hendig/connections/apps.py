from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "hendig.connections"
    label = "connections"
