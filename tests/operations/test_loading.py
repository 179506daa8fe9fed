"""What a command loads is looked through by nobody; what it leaves behind afterwards is."""

import os
import subprocess
import sys

LEFT = 50_000
# A row holds itself, so that only who looks for it finds that it can go.
LEAVES = f"""
import gc
from weakref import WeakSet
from hendig.operations.loading import load

class Row:
    def __init__(self):
        self.itself = self

load()
held = WeakSet()
for _row in range({LEFT}):
    held.add(Row())
print(len(held), gc.get_freeze_count())
"""


def test_after_loading_only_what_came_later_is_looked_through() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "hendig.settings"}
    found = subprocess.run(
        [sys.executable, "-c", LEAVES], env=env, capture_output=True, text=True, check=True
    )
    held, loaded = map(int, found.stdout.split())
    assert held < LEFT / 10
    assert loaded > LEFT
