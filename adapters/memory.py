"""Memory that was freed, given back to the system."""

import ctypes
import gc
import sys


def give_back() -> None:
    """Free what only cycles still hold, and give freed pages back. Takes some 50 ms.

    A template that was read is such a cycle of 5 MB, and the C library keeps what lies between
    living pieces: 50 MB after all our kinds. Where the library cannot, its part is left out.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
