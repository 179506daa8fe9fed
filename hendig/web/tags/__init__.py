"""The template tags by kind; `templatetags/hendig.py` puts them in one library."""
