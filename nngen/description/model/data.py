"""The models of ``data:``, the examples that a network learns from."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from nngen.description.model.encodings import TextEncoding
from nngen.description.model.fields import Model, Number, Row, Seed, Short, Size, Text, Weight, form, is_list, listed
from nngen.description.model.names import numbered
from nngen.description.model.number_style import MAX_MISSING_TEXTS, NumberStyle, style_of
from nngen.description.model.scale import AnswerRange, Calibrated, Level, Scale, TargetScale

MAX_EXAMPLES = 10_000
"""Examples in a spec; more belong in a file."""


class Example(Model):
    """One example."""

    x: Row
    """The inputs."""
    y: Annotated[
        Annotated[tuple[Number | None, ...], Tag("names")] | Annotated[str, Field(strict=True), Tag("other")],
        Discriminator(form),
    ]
    """The targets, or the name of a class; `null` is a missing target, for a loss with `missing: ignore`."""
    weight: Weight | None = None
    """The weight of the example, for a loss with `example_weights`; the default is 1."""


class Split(Model):
    """The split into training and test examples."""

    test: Annotated[Number, Field(gt=0, lt=1)]
    """The share of the examples that is held out for testing, such as 0.25."""
    seed: Seed = 0
    """The seed that selects the test examples."""
    calibration: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """The share of the examples that is kept for `interval`, by the same rule; training and its stop rule do not see
    them."""
    groups: Text | None = None
    """A column of the file, such as a patient: all rows with one value of it are held out, or none of them."""
    time: Text | None = None
    """A column of dates or numbers: the last examples by it are held out, those of one time together."""
    stratify: bool = False
    """Whether each class holds out its own share, at least one example and never the last one."""

    @property
    def column(self) -> str | None:
        """The column that decides, if one does."""
        return self.groups or self.time


Classes = Annotated[
    Annotated[tuple[Text, ...], Field(min_length=2), Tag("names")]
    | Annotated[dict[Text, Text], Field(min_length=2), Tag("other")],
    Discriminator(form),
]
"""The classes of the data: a list of values, or a mapping from each value to its display name."""


class _Examples(Model):
    classes: Classes | None = None
    """The classes as the data write them, in the order of the outputs. With one output, the first class is 0 (-1 for a
    loss with targets -1 and 1) and the second 1. A mapping gives each class a display name: `{0: died, 1: survived}`.
    The default is the names of the output units."""
    split: Split | None = None
    """Which examples are held out for testing."""
    scale: Scale | None = None
    """The scaling of numeric inputs; the generated module has it as its function `scale`, but for `robust`."""
    scale_targets: TargetScale | None = None
    """The scaling of numeric targets in training; predictions are in the units of the data."""
    answer_range: (
        Annotated[
            Annotated[Number, Field(ge=0), Tag("names")] | Annotated[AnswerRange, Tag("other")],
            Discriminator(lambda value: "other" if isinstance(value, Mapping | AnswerRange) else "names"),
        ]
        | None
    ) = None
    """The range of numeric answers: `{low: 0, high: 100}`, or that of the training targets and a share of it more, such
    as 0.1, at each end, but not across 0."""
    interval: (
        Annotated[
            Annotated[Level, Tag("names")] | Annotated[Calibrated, Tag("other")],
            Discriminator(lambda value: "other" if isinstance(value, Mapping | Calibrated) else "names"),
        ]
        | None
    ) = None
    """The share of new rows whose interval, or set of classes, holds the true answer, such as 0.9: split conformal
    prediction (Vovk et al. 2005; Lei et al., JASA 2018) on the rows of `split: {calibration: ...}`."""

    @property
    def level(self) -> float | None:
        """The share of new rows whose interval holds the true answer; None without intervals."""
        return self.interval.level if isinstance(self.interval, Calibrated) else self.interval

    @property
    def score(self) -> Row | None:
        """The score of each output that the spec states; None if it is measured, or there are no intervals."""
        return self.interval.score if isinstance(self.interval, Calibrated) else None

    @property
    def class_values(self) -> tuple[str, ...]:
        """The classes as the data write them; empty if the spec does not name them."""
        return tuple(self.classes or ())

    @property
    def class_names(self) -> tuple[str, ...]:
        """The display names of the classes."""
        return tuple(self.classes.values()) if isinstance(self.classes, Mapping) else self.class_values


class Rows(_Examples):
    """Examples in the spec."""

    rows: Annotated[tuple[Example, ...], Field(min_length=1, max_length=MAX_EXAMPLES)]
    """The examples."""


class Numbered(Model):
    """Numbered columns: `{name: y, size: 64}` is `y1` to `y64`."""

    name: Annotated[Text, Field(min_length=1)]
    """What their names begin with."""
    size: Size
    """How many there are."""

    @classmethod
    def among(cls, name: str, names: Iterable[str]) -> "Numbered | None":
        """The columns that an array of this name becomes, if some names are theirs; None for fewer than two."""
        known = frozenset(names)
        size = next(n for n in count() if f"{name}{n + 1}" not in known)
        return cls(name=name, size=size) if size > 1 else None

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return numbered(self.name, self.size)

    def __str__(self) -> str:
        return f"{{name: {self.name}, size: {self.size}}}"


INPUTS = "inputs"
"""What stands for the columns of a target that is the inputs."""


def _target(value: object) -> str:
    return INPUTS if value == INPUTS else form(value)


def _columns(value: object) -> object:
    """A list of columns for a single one."""
    return value if value == INPUTS or is_list(value) or isinstance(value, Mapping) else listed(value)


class Label(Model):
    """The column of a table that says which rows are anomalies, for `nngen evaluate`; tables need not have it."""

    column: Annotated[Text, Field(min_length=1)]
    """The column."""
    normal: Text
    """What it says in rows that are no anomalies."""


class Table(_Examples):
    """Examples in a file with a column for each input and target."""

    file: Annotated[Text, Field(min_length=1)]
    """The path of the file, relative to the spec's folder. The file must be in that folder, in the working directory or
    in the folder of `--data-root`, or below one of them."""
    inputs: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns of the inputs; the default is the names of the inputs."""
    target: Annotated[
        Annotated[Literal["inputs"], Tag(INPUTS)]
        | Annotated[Numbered, Tag("other")]
        | Annotated[tuple[Text, ...], Field(min_length=1), Tag("names")],
        Discriminator(_target),
        Short(_columns, {"type": "string"}),
    ]
    """The column of the target, with numbers or class names; or a column of numbers for each output: names, or a group,
    such as `{name: y, size: 64}` for an array `y` of `.npz`. With `inputs`, the encoded inputs are the target, and the
    answer is an anomaly score; a column of this name is `[inputs]`."""
    anomaly_percentile: Annotated[Number, Field(gt=0, le=100)] | None = None
    """With `target: inputs`, the share of the training rows, in percent, that are no anomalies; the default is 99."""
    label: Label | None = None
    """With `target: inputs`, which rows of tables are anomalies."""
    target_number: NumberStyle | None = None
    """How the file writes the numbers of the target, as `number` of an input; the default is plain."""
    target_missing_texts: Annotated[
        tuple[Text, ...], Field(max_length=MAX_MISSING_TEXTS), Short(listed, {"type": "string"})
    ] = ()
    """Texts that mean a missing target, besides those that always do, for a target of numbers."""
    negatives: Annotated[int, Field(strict=True, ge=1, le=20)] | None = None
    """The rows are pairs of a user and an item that occur, such as clicks: of two inputs with ids, each pair has the
    target 1, and this many others of its user, which do not occur, are drawn with the target 0, by `nngen train` again
    in each epoch. `target` is then no column, but what answers are called."""
    weight: Annotated[Text, Field(min_length=1)] | None = None
    """The column of the example weights, for a loss with `example_weights`."""
    encoding: TextEncoding | None = None
    """The encoding of a file of text, such as `cp949`; the default is UTF-8, or what the mark at its begin says."""
    missing_target: Literal["error", "leave_out"] = "error"
    """What is done with rows without a target: `leave_out` reads the others only; `error` refuses them."""
    unknown_class: Literal["error", "leave_out"] = "error"
    """What is done with rows of other classes: `leave_out` reads the others only; `error` refuses them."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns of the target."""
        if isinstance(self.target, str):
            return ()
        return self.target.names if isinstance(self.target, Numbered) else self.target

    @property
    def target_columns(self) -> tuple[str, ...]:
        """The columns that are read for the target."""
        return () if self.negatives else self.targets

    @property
    def of_inputs(self) -> bool:
        """Whether the inputs are the target."""
        return isinstance(self.target, str)

    @property
    def percentile(self) -> float:
        """The share of the training rows, in percent, that are no anomalies."""
        return 99.0 if self.anomaly_percentile is None else self.anomaly_percentile

    @property
    def target_style(self) -> NumberStyle | None:
        """How texts of the target write numbers; None if they are plain, and only the usual texts mean a gap."""
        return style_of(self.target_number, self.target_missing_texts)


class Values(_Examples):
    """No examples, only the classes and scaling constants that a module needs for raw rows."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})


def _data(value: object) -> str:
    if isinstance(value, Rows | Table | Values):
        return {Rows: "rows", Table: "file", Values: "values"}[type(value)]
    keys = value.keys() if isinstance(value, Mapping) else set()
    if "rows" in keys:
        return "rows"
    said = keys & {"classes", "scale", "scale_targets", "answer_range", "interval"}
    return "values" if said and not keys & {"file", "target"} else "file"


Data = Annotated[
    Annotated[Rows, Tag("rows")] | Annotated[Table, Tag("file")] | Annotated[Values, Tag("values")],
    Discriminator(_data),
]
