"""Run a program in a user namespace of its own: same files, another user id, no privileges.

PostgreSQL refuses to run as root, and initdb refuses a user id without a name. Inside the namespace
both see an ordinary named user, while on disk everything stays the caller's. This file is run as a
script, `python namespace.py UID PROGRAM ARGUMENTS...`, and imports nothing of ours: a namespace can only
be entered by a process with a single thread.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
"""Source: linux/sched.h."""
FORBIDDEN = 71
"""Exit status when the kernel does not allow user namespaces. Source: EX_OSERR of sysexits.h."""


def main(uid: str, *command: str) -> None:
    """Become `uid` in a new namespace and turn into the command."""
    outer = os.geteuid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        sys.exit(FORBIDDEN)
    try:
        Path("/proc/self/uid_map").write_text(f"{uid} {outer} 1\n", encoding="ascii")
    except OSError as error:  # without a map we are the overflow user, usually called nobody
        sys.stderr.write(f"no user id map: {error}\n")
    os.execv(command[0], command)  # noqa: S606 - the caller chose the program


if __name__ == "__main__":
    main(*sys.argv[1:])
