"""What differs between networks: conditions, which are decided when a module is written, and their numbers."""

from nngen.runtime.kit import F64, U32, Texts

IDS: bool = False
"""Whether there are inputs that are ids."""

LISTED: bool = True
"""Whether the places of the examples for validation are listed."""

SHARE: F64 = 0.5
"""The share of the examples that is kept for validation."""

STOP_SEED: U32 = U32(0)
TRAINING_SEED: U32 = U32(0)

LARGEST: F64 = 1e100
"""The largest number that a cell may have."""

SAYS_LARGEST: str = "1e+100"
"""The same number in a message."""

MISSING: Texts = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")
"""The texts that mean a missing value."""
