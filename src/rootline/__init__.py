"""Rootline: the SRE copilot that proves what it says."""
