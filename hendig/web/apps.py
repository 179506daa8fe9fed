from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

from hendig.audit.notices import register


class WebConfig(AppConfig):
    name = "hendig.web"
    label = "web"

    def ready(self) -> None:
        """Reads every app's table of audit codes, once all models are there."""
        for config in apps.get_app_configs():
            module = f"{config.name}.notices"
            if config.name.startswith("hendig.") and find_spec(module):
                register(getattr(import_module(module), "CODES", {}))
