"""Static files are collected once for each code, compressed and named by their content."""

import os
from pathlib import Path

import orjson

from hendig.operations import statics

ENV = {**os.environ, "DJANGO_SETTINGS_MODULE": "hendig.settings", "HENDIG_SECRET_KEY": "only for this test"}


def test_files_are_collected_once_and_named_by_their_content(tmp_path: Path) -> None:
    older = tmp_path / "static" / "older"
    older.mkdir(parents=True)
    place = statics.ready(tmp_path, ENV)
    names = orjson.loads((place / "staticfiles.json").read_bytes())["paths"]
    sheet = place / names["web/base.css"]
    assert sheet.name != "base.css"
    assert sheet.with_name(f"{sheet.name}.gz").exists()
    assert not older.exists()
    written = place.stat().st_mtime_ns
    assert statics.ready(tmp_path, {}) == place
    assert place.stat().st_mtime_ns == written
