"""Fixtures that need more than the database: the browser and a running server."""
