from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "hendig.files"
    label = "files"
