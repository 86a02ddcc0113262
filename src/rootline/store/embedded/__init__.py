"""PostgreSQL under ROOTLINE_HOME: started by the first process that needs it, stopped by the last.

A process holds a shared lock on `users.lock` for as long as it lives, and the kernel drops that lock
however the process ends. Whoever leaves politely (`release`, or the end of the interpreter) tries to
take the lock for itself alone, and stops the server when that works. There is no watchdog: after a
`kill -9` of the very last user the server idles until the next process starts, finds it running,
uses it, and stops it on leaving.

The server inherits an exclusive lock on `server.lock`, and so do its children. Only when the last
of them is gone can a new one start, whatever a stale `postmaster.pid` says, also when two containers
share the folder.

Everything lies in `<home>/postgres`: `data`, `server.log` and the three lock files. Only the socket of
a long path moves, to a private folder under the temporary folder.
"""

from rootline.store.embedded.lease import Embedded, start

__all__ = ["Embedded", "start"]
