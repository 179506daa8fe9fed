"""What a web process holds does not grow with the pages that it served."""

import subprocess
import sys

UNDER_WAY, PAGES = 8, 4000
# A page holds itself, by what it was written from; so many are under way at once in the threads of a process.
SERVED = f"""
import gc
from collections import deque
from weakref import WeakSet
from hendig.operations.serve import settle_memory

class Page:
    def __init__(self):
        self.rows, self.itself = [[] for _row in range(1000)], self

# As while it loads.
gc.disable()
settle_memory()
held, under_way, most = WeakSet(), deque(maxlen={UNDER_WAY}), 0
for _page in range({PAGES}):
    under_way.append(Page())
    held.add(under_way[-1])
    most = max(most, len(held))
print(most)
"""


def test_what_pages_leave_behind_is_soon_gone() -> None:
    found = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=True)
    assert int(found.stdout) <= 20 * UNDER_WAY
