"""The exit codes of commands, as `docs/cli.md` lists them; argparse gives 2, a score under its threshold 5."""

DONE, FAULT, MISSING, INCONCLUSIVE, REFUSED, INTERRUPTED = 0, 1, 3, 4, 6, 130
