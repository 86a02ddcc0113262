"""How much the words of a change are the words of a symptom."""
