"""One ranking over all kinds of evidence: combining, explaining, calibrating, remembering. Pure functions."""
