"""What the product promises. Each promise has a test that carries its mark, and no test marks anything else."""

PROMISES = {
    "claims-are-checked": "A claim is shown as fact only when code has re-read the evidence and found it so.",
    "mutations-are-refused": "A claim with another value, sign, service, window, quote, direction or order is refused.",
    "none-is-an-answer": "That no change explains an incident is an answer of its own.",
    "no-key-no-network": "An incident is investigated without a key, a server or a network.",
    "provider-may-fail": "When the model's provider fails, the built-in investigator finishes and says so.",
    "same-tape-same-answer": "The same tape gives the same evidence and the same answer.",
    "replay": "An investigation is a tape; what is not on it gets no_data.",
    "truth-is-out-of-reach": "No tool can read the labels that lie beside a case.",
    "text-cannot-act": "Text out of a tool or a model runs, approves and widens nothing.",
    "secrets-stay-out": "No secret is stored or shown to a model.",
    "personas-are-limits": "A persona is refused a tool outside of its capabilities when it calls it.",
    "nothing-is-lost": "What was stored or shown survives a killed process or database, and is not fetched again.",
    "stable-prefix": "What a model was shown in one round begins what it is shown in the next.",
    "tenants-are-apart": "No tenant can see or touch another's rows.",
    "no-unverified-hypothesis": "The database refuses a hypothesis without a verified claim.",
    "coverage-is-computed": "What was not checked is read from what is stored.",
    "small-definitions": "The fifteen tools are defined in at most 3,000 tokens, and every parameter is described.",
    "light-start": "Help imports nothing heavy.",
    "plans-run-nothing": "A plan is typed actions on known entities; nothing is run.",
    "documents-hold": "Every command in README and docs can be typed.",
}
