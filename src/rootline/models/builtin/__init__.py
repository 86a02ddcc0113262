"""The investigator that needs no model, key or network: it argues from the facts that the tools have stored."""
