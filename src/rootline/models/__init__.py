"""Who answers: the built-in investigator, OpenAI-compatible servers, OpenAI, Anthropic; and a scripted one."""
