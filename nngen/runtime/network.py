"""What differs between networks: conditions, which are decided when a module is written, and their numbers."""

from nngen.runtime.kit import F64, U32

IDS: bool = False
"""Whether there are inputs that are ids."""

LISTED: bool = True
"""Whether the places of the examples for validation are listed."""

SHARE: F64 = 0.5
"""The share of the examples that is kept for validation."""

STOP_SEED: U32 = U32(0)
TRAINING_SEED: U32 = U32(0)
