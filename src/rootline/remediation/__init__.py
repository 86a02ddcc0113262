"""From a hypothesis to a plan that a person may approve. Nothing here runs anything."""
