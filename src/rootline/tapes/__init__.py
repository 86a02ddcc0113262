"""One folder format for a recorded incident: import, record, replay, diff. `docs/tapes.md` describes it."""
