"""The processes: what is started, and with which parts."""

import gc

# A start makes some 300,000 objects that stay: with the usual 700 a fifth of its time would go into
# looking for garbage among them, and a process that serves would look as often among its own.
gc.set_threshold(50_000)
