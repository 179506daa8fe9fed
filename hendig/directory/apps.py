from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "hendig.directory"
    label = "directory"
