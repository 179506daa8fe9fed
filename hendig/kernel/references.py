"""How a payment of ours is called at the bank."""

from __future__ import annotations

import re

# As long as a bank lets an end-to-end id and a reference of its own be.
LONGEST_REFERENCE = 35
# What we give a transfer: the number of an invoice, made here or booked (E), and one more for what comes
# later of it.
OUR_REFERENCE = re.compile(r"E?\d{8}-\d{4}-\d{4,}(-\d+)?")
