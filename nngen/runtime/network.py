"""What differs between networks: conditions, which are decided when a module is written, and their numbers."""

from nngen.runtime.kit import F64, U32, Num, Row, Texts, Title

ANOMALIES: bool = False
"""Whether the inputs are the targets, so that a row has an anomaly score."""

ALWAYS: bool = True
"""Whether the stop rule looks at each epoch."""

CLASSIFIES: bool = True
"""Whether an answer is a class."""

CHECKS: bool = False
"""Whether arguments of every wrong kind are refused."""

BY_CLASS: bool = False
"""Whether a weighted mean counts examples by their class."""

COPIES: bool = False
"""Whether functions of the language leave the parameters of their callers as they are, and return new ones."""

COUNTS_EPOCHS: bool = True
"""Whether the stop rule counts the epochs since the best one."""

DESCENDS: bool = False
"""Whether a step of gradient descent on one example adds derivatives to the parameters themselves."""

DIVIDES: bool = False
"""Whether the language divides all derivatives in one statement."""

DROPOUT: bool = False
"""Whether a seed draws units that are left out."""

ENDS: bool = False
"""The condition of the stop rule, which ``_ends`` is written as."""

EVERY: int = 1
"""How many epochs the stop rule waits between two looks."""

EXAMPLE_WEIGHTS: bool = False
"""Whether examples have weights of their own."""

FAILS: bool = False
"""Whether an example may be refused."""

FILES: bool = True
"""Whether a training can be continued."""

INTERVALS: bool = True
"""Whether intervals of answers are known."""

IDS: bool = False
"""Whether inputs are ids."""

LATER: bool = False
"""Whether products of the derivatives of a batch are added later, those of several examples at a time."""

LAZY: bool = False
"""Whether a step changes only the rows of embeddings that examples select."""

LISTED: bool = True
"""Whether the places of the examples for validation are listed."""

MEAN: bool = True
"""Whether the loss of a batch is a mean."""

MEAN_LOSS: bool = True
"""Whether it is one in which all examples count the same."""

MEASURED_BEFORE: bool = True
"""Whether an epoch needs the measurement of the one before."""

OWN_WEIGHT: bool = False
"""Whether the loss of an example is multiplied by its own weight."""

LIMITED: bool = True
"""Whether the score of an anomaly is known."""

PREDICTS: bool = True
"""Whether there are rows of data."""

PROBABILITIES: bool = True
"""Whether outputs are the probabilities of classes."""

REMEMBERS: bool = True
"""Whether the optimizer has a state."""

SEVERAL: bool = True
"""Whether there is more than one output."""

SHOWS: bool = False
"""Whether messages of the language show the cell that is refused, and what a column lists."""

SIZES: bool = True
"""Whether the lists of a language may have other sizes than the network takes, which is then refused."""

STOP: bool = False
"""Whether there is a stop rule."""

THROWS: bool = True
"""Whether the language has exceptions; else a function that gives no error leaves it to others to refuse something."""

TRUTHS: bool = True
"""Whether a column lists both truth values."""

TOGETHER: bool = False
"""Whether the examples of a batch depend on each other."""

UNTYPED: bool = False
"""Whether arguments may be anything in the language, so that a function of the module looks at all of them."""

VALIDATION: bool = False
"""Whether examples are kept for validation."""

WEIGHED: bool = False
"""Whether the loss of an example is multiplied by a weight, its own one or its share of a batch."""

WEIGHTED_MEAN: bool = False
"""Whether the loss of a batch is a mean by weights."""

INPUTS: int = 1
PARAMETERS: int = 2

LAYOUT: Title = "x -> y"
"""The network, then the rows and columns of each matrix."""

COLUMNS: tuple[str, ...] = ("x",)
"""The columns of a row."""

CLASSES: tuple[str, ...] = ("no", "yes")
"""The classes in the order of the outputs."""

OUTPUTS: int = 2

NUMBERS: int = 1
"""The inputs that are numbers."""

ANSWERS: int = 2
"""The rows of numbers by column."""

TYPICAL: Row = [0.5]
"""A typical row of the training data."""

ENCODED: Num = 2.0
"""The number of encoded columns, as a number of the network."""

LIMIT: Num = 0.5
"""The score above which a row is an anomaly."""

THRESHOLD: F64 = 0.5
"""The only output of a network above which the second class is the answer."""

RATE: F64 = 0.5
"""The rate of gradient descent."""

SHARE: F64 = 0.5
"""The share of the examples that is kept for validation."""

SCORE: F64 = 0.75
"""The largest ``1 - p`` of a class in a set."""

SEED: U32 = U32(0)
"""The seed of initial values in the spec."""

STOP_SEED: U32 = U32(0)
TRAINING_SEED: U32 = U32(0)

VALIDATION_PLACES: list[int] = [0]
"""The places of the examples that are kept for validation."""

BLOCK_ROWS: list[list[int]] = [[0, 2, 2, 1]]
"""Where each block of parameters begins and ends, the length of its rows, and the place of the input that selects one;
``INPUTS`` if none does."""

OPTIMIZER: str = "an optimizer"
SAYS_ANOMALY: str = "Whether a row of the data is an anomaly"
SAYS_FIT: str = "What it does in each epoch."
SAYS_GIVEN: str = "in place, and return the loss"
SAYS_LOSS: str = "loss of one example"
SAYS_STEP: str = "in place"
SAYS_STEPPED: str = "Make gradient and step in one, in place, and return the loss before the step"
SAYS_SLOPES: str = "loss, and its slope with respect to each parameter"
SAYS_INTERVAL: str = "which of CLASSES may be that of a row of the data"
LARGEST: F64 = 1e100
"""The largest number that a cell may have."""

SAYS_LARGEST: str = "1e+100"
"""The same number in a message."""

CHECKS_BEFORE: bool = False
"""Whether the language checks examples before their equations read them."""

CHECKS_SIZES: bool = False
"""Whether the sizes of an example are refused where its derivatives are added."""

CLASS_WEIGHTS: list[Num] = [1.0, 2.0]
"""What an example of each class counts."""

SUBTRACT: list[Num] = [0.5]
"""What is subtracted from each number of the data."""

DIVIDE: list[Num] = [2.0]
"""What the rest is divided by."""

MISSING: Texts = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")
"""The texts that mean a missing value."""

UNTYPED_SEEDS: bool = False
"""Whether the type of a seed does not say that it is a whole number."""
