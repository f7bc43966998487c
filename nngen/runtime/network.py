"""What differs between networks: conditions, which are decided when a module is written, and their numbers."""

from nngen.runtime.kit import F64, U32, Texts

CLASSIFIES: bool = True
"""Whether an answer is a class."""

IDS: bool = False
"""Whether there are inputs that are ids."""

LISTED: bool = True
"""Whether the places of the examples for validation are listed."""

PREDICTS: bool = True
"""Whether there are rows of data."""

PROBABILITIES: bool = True
"""Whether outputs are the probabilities of classes."""

SEVERAL: bool = True
"""Whether there is more than one output."""

SIZES: bool = False
"""Whether the language lets callers give arrays of other sizes."""

THROWS: bool = True
"""Whether the language has exceptions; else a function that gives no error leaves it to others to refuse something."""

CLASSES: tuple[str, ...] = ("no", "yes")
"""The classes in the order of the outputs."""

OUTPUTS: int = 2
"""The number of outputs."""

THRESHOLD: F64 = 0.5
"""The only output of a network above which the second class is the answer."""

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
