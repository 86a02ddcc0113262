"""How much each kind of evidence counts, in logits.

Source: the wording weights are a conditional logit with an L2 penalty, fitted on windows of 10 to 50 real
commits of which one was later named as the cause, each project left out in turn. The others are judgement,
ordered so that a mechanism outweighs a place, a place outweighs wording, and a wrong order in time outweighs all.
"""

SUBJECT = 0.16
BODY = 0.20
PATHS = 0.10
CHANGED = 0.09
CONTEXT = 0.12
EVERYWHERE = 0.08
WORDING_MOST = 12.0

OWN = 1.5
OTHER = -1.5
SHARED = 0.4

DEPLOYED = 1.2
DEPLOYED_OLD = 0.5
RODE_ALONG = 0.7
NOT_DEPLOYED = -1.0
AFTER_ONSET = -6.0
REVERTED = -1.5

MECHANISM = 3.2
MECHANISM_SECOND = 0.3
TRACE_HIT = 1.5
NAMED = 2.0

INERT = -2.5
INERT_IN_BUILD = -0.2
COSMETIC = -1.5
ADDS_GUARD = -1.0
PATCH_STEP = -0.7
BOUNDED = -1.5
REVERT = -0.6
SIZE = -0.1

FLAG = -2.0
CONFIG = -0.5
