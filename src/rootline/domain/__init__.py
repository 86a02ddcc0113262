"""The nouns, in the order we learn them.

Window, signal, change, fact, evidence, claim, hypothesis, plan; incident, session, persona, tenant.
Nothing here imports anything else of ours, and nothing here does anything.
"""
