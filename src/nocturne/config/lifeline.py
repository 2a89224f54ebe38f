"""Ends a process when its parent is gone, however the parent went."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
GRACE = 10.0


def end_with_parent(parent: int, sign: signal.Signals = signal.SIGTERM) -> None:
    """This will have `sign` sent to this process as soon as the process with the number `parent` has ended.

    Linux does that by itself. A thread watches as well: for other systems, and for a process that overstays the
    signal by more than ten seconds.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, sign)
    threading.Thread(target=_watch, args=(parent, sign), name="lifeline", daemon=True).start()


def _watch(parent: int, sign: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os.kill(os.getpid(), sign)
    time.sleep(GRACE)
    os._exit(1)
