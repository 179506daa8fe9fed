from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "hendig.billing"
    label = "billing"
