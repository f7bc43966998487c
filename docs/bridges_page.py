"""The tables of ``docs/bridges.md``, with the differences of ``docs/bridges.json``, which ``make bridges`` writes."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("bridges.json")


@dataclass(frozen=True)
class Rows:
    """Parts of a source that are read alike, each a row of its table."""

    names: str
    """Their names, with spaces between them."""
    read: str
    becomes: str
    refused: str = ""


ONNX = (
    Rows("Gemm", "`alpha`, `beta` and `transB` are multiplied out", "a dense layer", "`transA`; weights that vary"),
    Rows(
        "MatMul",
        "by a constant matrix; an `Add` after it is the bias; a row by a column of each example",
        "a dense layer, `dot`",
        "any other second input",
    ),
    Rows(
        "LinearRegressor LinearClassifier",
        "the rows of `coefficients`; a row and its negative are one unit",
        "a dense layer, with sigmoid or softmax",
        "`PROBIT`, `SOFTMAX_ZERO`",
    ),
    Rows("Relu", "an operator on single numbers", "`relu`"),
    Rows("LeakyRelu", "its slope", "`leaky_relu`"),
    Rows("PRelu", "its slope", "`leaky_relu`", "different slopes"),
    Rows("Elu", "its `alpha`", "`elu`"),
    Rows("Celu", "its `alpha`", "`celu`"),
    Rows("Selu", "its constants", "`selu`, or a custom activation for other constants"),
    Rows("Sigmoid", "an operator on single numbers", "`sigmoid`, part of `silu` and others"),
    Rows("HardSigmoid", "its `alpha` and `beta`", "`hard_sigmoid`, or a custom activation"),
    Rows("Tanh", "an operator on single numbers", "`tanh`, part of `scaled_tanh`, `mish` and others"),
    Rows("Softplus", "an operator on single numbers", "`softplus`"),
    Rows("Softsign", "an operator on single numbers", "`softsign`"),
    Rows("Gelu", "`approximate`", "`gelu`, `gelu_tanh`"),
    Rows("Mish", "an operator on single numbers", "`mish`"),
    Rows("HardSwish", "an operator on single numbers", "`hard_swish`"),
    Rows("Swish", "its `alpha`", "`silu`, or a custom activation"),
    Rows("Shrink", "its `bias` and `lambd`", "`soft_shrink`, `hard_shrink`, or a custom activation"),
    Rows("ThresholdedRelu", "its `alpha`", "a custom activation"),
    Rows("Clip", "constant limits", "`relu6`, `hard_tanh`, part of `hard_swish` and others", "limits that vary"),
    Rows("Sin", "an operator on single numbers", "`sine`, or part of a custom activation"),
    Rows(
        "Abs Neg Reciprocal Exp Log Sqrt Pow Erf Cos Floor Mod Sign Min",
        "an operator on single numbers",
        "part of an activation",
        "a formula of more than 200 characters",
    ),
    Rows(
        "Max",
        "an operator on single numbers; of two vectors: number by number",
        "part of an activation; `maximum`",
        "a formula of more than 200 characters; vectors of different widths",
    ),
    Rows(
        "Where Less LessOrEqual Greater GreaterOrEqual Equal And Or Not",
        "an operator on single numbers",
        "part of an activation",
        "conditions as numbers",
    ),
    Rows("Softmax", "`axis` as its version defines it; also in parts", "`softmax`", "over the batch"),
    Rows("LogSoftmax", "as `Softmax`", "`softmax`: the comparison takes the logarithm", "elsewhere than at the output"),
    Rows(
        "Add Sub",
        "of constants and inputs: the scale under `data`; of constants and weighted sums: in their biases; of two "
        "vectors: summed up",
        "no layer, several sources of a layer, or a layer of constant weights",
        "a constant of another shape than an example",
    ),
    Rows(
        "Mul Div",
        "by constants: the scale under `data`, in the weights before, or in the weights after it; of two "
        "vectors: number by number",
        "no layer, except at the output; `product`, `ratio`",
        "by 0; vectors of different widths",
    ),
    Rows("Einsum", "`nk,nk->n`, as `Mul` and `ReduceSum` of two vectors", "`dot`", "any other equation"),
    Rows("Sum", "as `Add`", "as `Add`"),
    Rows(
        "ReduceMean ReduceSum ReduceMax",
        "over the numbers of an example; `ReduceSum` of the products of two vectors",
        "part of softmax or a normalization; `dot`",
        "else",
    ),
    Rows(
        "BatchNormalization",
        "in inference mode; `momentum` is turned round; `correction` is 1 for PyTorch, otherwise 0",
        "`batch_norm` before or after the activation, and a `batch_size`",
        "training mode",
    ),
    Rows("LayerNormalization", "also in parts", "`layer_norm`", "over the batch"),
    Rows("RMSNormalization", "also in parts", "`rms_norm`", "over the batch"),
    Rows("Dropout", "its rate, an attribute or an input", "`dropout`, or nothing for a rate of 0", "training mode"),
    Rows("Concat", "of vectors", "several sources of a layer", "with constants; of examples"),
    Rows("Split Slice ArrayFeatureExtractor", "constant places in a vector", "part of a source", "of examples"),
    Rows(
        "Gather",
        "constant places in a vector; rows of a constant matrix by whole numbers of an input",
        "part of a source; `ids` and `embedding`",
        "of examples; rows by computed numbers; more ids than rows",
    ),
    Rows("LabelEncoder", "of a column: rows from 0; of classes: as `ZipMap`", "`ids` by name; `classes`", "else"),
    Rows(
        "Identity Cast Flatten Reshape Squeeze Unsqueeze Transpose Shape",
        "the numbers of an example stay together, in their order",
        "nothing",
        "rounding to whole numbers; joined or split examples",
    ),
    Rows(
        "Constant ConstantOfShape Expand",
        "computed in float64",
        "constants",
        "more than 60,000,000 numbers of all together",
    ),
    Rows("Scaler", "as `Sub` and `Mul`", "the scale of the data", "a factor of 0"),
    Rows("FeatureVectorizer", "as `Concat`", "several columns"),
    Rows("Imputer", "for missing numbers (NaN)", "`missing` of a column", "another value to replace"),
    Rows(
        "IsNaN",
        "of a column, also before `Where`",
        "`missing` and `indicator` of a column",
        "of numbers of the network",
    ),
    Rows(
        "OneHotEncoder", "of a column of texts or whole numbers", "`categories`, `unknown`", "several columns at once"
    ),
    Rows("Normalizer", "of probabilities that sum to 1", "nothing", "anything else"),
    Rows(
        "ZipMap ArgMax",
        "the classes, in the order of the scores; 1 - p beside p, and -s beside s, are one output",
        "`classes` under `data`, names of the units",
        "labels as numbers of the network",
    ),
    Rows("Binarizer", "the classes are independent", "outputs without `classes`"),
)

KERAS = (
    Rows(
        "InputLayer",
        "its shape must be known; several are one vector, in the order of the model",
        "the number of inputs, or `ids`",
        "sparse inputs; whole numbers that are no ids",
    ),
    Rows(
        "Dense",
        "the kernel is transposed; `trainable=False` stays",
        "a dense layer",
        "inputs that are no vectors; quantized or adapted weights; another `dtype` than `float32` and `float64`",
    ),
    Rows(
        "Activation",
        "by its name, as in `Dense`; `leaky_relu` has the slope 0.2, in Keras 2 `hard_sigmoid`, too",
        "the activation; `exponential`, `tanh_shrink` and `squareplus` are custom ones",
        "`glu`, `sparsemax`, `sparse_plus`, `sparse_sigmoid`, `threshold`, functions of your own",
    ),
    Rows("ReLU", "`max_value`, `negative_slope`, `threshold`", "`relu`, `relu6`, `leaky_relu`, or a custom activation"),
    Rows("LeakyReLU", "its slope, 0.3 by default", "`leaky_relu`"),
    Rows("ELU", "its `alpha`", "`elu`"),
    Rows("Softmax", "over the features", "`softmax`", "another axis"),
    Rows("PReLU", "slopes that are all equal", "`leaky_relu`", "different slopes"),
    Rows(
        "BatchNormalization",
        "`momentum` is turned round, `correction` is 0; `trainable=False` is a shift and scale",
        "`batch_norm`",
        "`renorm`; another axis",
    ),
    Rows(
        "LayerNormalization",
        "without `scale` and `center`, not trained; with one of them, a comment says so",
        "`layer_norm`",
        "`rms_scaling`; another axis",
    ),
    Rows("RMSNormalization", "its gain", "`rms_norm`", "another axis"),
    Rows(
        "Normalization",
        "constants of the description, or measured by `adapt`",
        "the scale under `data`, or multiplied into weights",
        "`invert`",
    ),
    Rows("Rescaling", "`scale` and `offset`", "the scale under `data`, or multiplied into weights"),
    Rows("Dropout", "its rate", "`dropout`", "`noise_shape`"),
    Rows("Concatenate", "of vectors", "several sources of a layer", "other axes"),
    Rows(
        "StringLookup IntegerLookup",
        "its vocabulary, also one that it has adapted to data",
        "`ids` by name; a row for unknown ids is `unknown: row`",
        "masks; several rows for unknown ids; other output modes; `invert`",
    ),
    Rows(
        "Embedding",
        "of an input of one id",
        "`embedding`, and `ids` of the input: their number",
        "`mask_zero`; several ids at once; computed ids",
    ),
    Rows("Multiply", "of vectors, also as `*`", "`product`", "different shapes"),
    Rows(
        "CategoryEncoding",
        "of an input of one id, `one_hot`",
        "`embedding` with rows of zeros and a one, not trained",
        "counts; several ids at once",
    ),
    Rows(
        "Discretization",
        "of one number, `one_hot`, with its boundaries",
        "a layer of steps and one of their differences, not trained",
        "numbers of bins; boundaries by `adapt`",
    ),
    Rows("Maximum", "of vectors, also `keras.ops.maximum`", "`maximum`", "different shapes; numbers"),
    Rows("Minimum", "of vectors, also `keras.ops.minimum`", "`maximum` of the negated vectors", "different shapes"),
    Rows("Subtract Average", "of vectors", "as `Add`, with factors in weights", "different shapes"),
    Rows(
        "GaussianNoise GaussianDropout AlphaDropout ActivityRegularization",
        "they only change the training",
        "nothing, with a note",
    ),
    Rows(
        "Dot",
        "along the last axes of two vectors; also `keras.ops.sum` of a product",
        "`dot`",
        "`normalize`; other axes; any other sum",
    ),
    Rows("Add", "of vectors", "several sources of a layer, a layer of constant weights, or `add`", "different shapes"),
    Rows(
        "Flatten Reshape Identity", "the numbers of an example stay in their order", "nothing", "no vector at the end"
    ),
    Rows(
        "Sequential Functional",
        "also nested; one vector of outputs",
        "its layers",
        "shared layers",
    ),
)

SKLEARN = (
    Rows(
        "MLPClassifier MLPRegressor",
        "weights are transposed; solver, rate, `alpha` and `batch_size`; a Poisson loss has outputs `exp(z)`",
        "layers; `training`, of which twenty steps equal `partial_fit`",
    ),
    Rows(
        "LogisticRegression LogisticRegressionCV LinearDiscriminantAnalysis",
        "two classes are one output, for the second class; a model for each class (`liblinear`): the weighted sums",
        "`sigmoid`, `softmax` or `linear`",
    ),
    Rows(
        "SGDClassifier",
        "as its loss: `log_loss` as above, others as below",
        "`sigmoid` or `linear`",
    ),
    Rows("Perceptron", "two classes; more are as below", "`step` and the loss `perceptron`"),
    Rows(
        "LinearSVC RidgeClassifier RidgeClassifierCV PassiveAggressiveClassifier",
        "two classes: above 0 is the second; more: the largest of the weighted sums",
        "`linear`, with the loss `hinge` or `squared_hinge`",
    ),
    Rows(
        "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV MultiTaskLasso MultiTaskLassoCV "
        "MultiTaskElasticNet MultiTaskElasticNetCV Lars LarsCV LassoLars LassoLarsCV LassoLarsIC BayesianRidge "
        "ARDRegression OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV",
        "`coef_` and `intercept_`",
        "`linear` with the squared error",
    ),
    Rows(
        "LinearSVR SGDRegressor HuberRegressor QuantileRegressor TheilSenRegressor PassiveAggressiveRegressor",
        "`coef_` and `intercept_`",
        "`linear`; the loss is another one than in the source",
    ),
    Rows(
        "PoissonRegressor GammaRegressor TweedieRegressor",
        "the prediction is `exp(z)`, or z if the link is the identity",
        "a custom activation, or `linear`",
    ),
    Rows(
        "OneVsRestClassifier",
        "of linear models: a sigmoid for two classes and for labels, else the weighted sums; of networks: the sigmoids",
        "the models beside one another; scikit-learn also divides by the sum",
        "other models",
    ),
    Rows("MultiOutputRegressor", "of linear models and networks", "the models beside one another", "other models"),
    Rows(
        "VotingClassifier VotingRegressor",
        "of linear models and networks, with their weights",
        "the models, and their mean by a layer that is not trained",
        "hard voting; models without probabilities",
    ),
    Rows(
        "CalibratedClassifierCV",
        "with sigmoids, over linear models of two classes",
        "a sigmoid for each model, and their mean",
        "other methods and models; three classes or more",
    ),
    Rows("RANSACRegressor", "the model of the rows that agree", "its layers"),
    Rows("StandardScaler RobustScaler", "by value", "the scale of a column, or under `data`"),
    Rows(
        "MinMaxScaler MaxAbsScaler", "by value; `clip`", "the scale of a column, or under `data`; a custom activation"
    ),
    Rows(
        "SimpleImputer",
        "the value for each column; `add_indicator`",
        "`missing` and `indicator` of a column",
        "other missing values than NaN; after a scaler",
    ),
    Rows(
        "OneHotEncoder",
        'categories in their order; `drop`, `handle_unknown="ignore"`; NaN as a category',
        "`categories` of a column; `unknown`, `indicator`",
        "merged categories (`min_frequency`, `max_categories`)",
    ),
    Rows(
        "ColumnTransformer",
        "also nested, with `drop`, `passthrough` and `remainder`",
        "columns; those that nothing uses are left out",
        "`transformer_weights`",
    ),
    Rows(
        "OrdinalEncoder",
        "categories in their order; `unknown_value`, `encoded_missing_value`",
        "`categories` of a column, and a layer that is not trained",
        "NaN for unknown or missing categories; merged categories",
    ),
    Rows(
        "SelectKBest SelectPercentile SelectFpr SelectFwe VarianceThreshold RFE RFECV SequentialFeatureSelector",
        "the columns that it keeps",
        "part of a source; columns that nothing uses are left out",
    ),
    Rows("PCA TruncatedSVD", "`components_` and `mean_`", "a layer that is not trained"),
    Rows("PowerTransformer", "both methods, with their exponents", "layers of `log1p`, `expm1` and sums, not trained"),
    Rows("KBinsDiscretizer", "its edges; every `encode`", "a layer of steps and one of sums, not trained"),
    Rows("Pipeline", "step by step", "columns and layers"),
    Rows("FeatureUnion", "the numbers of its parts, one after another", "columns and layers", "`transformer_weights`"),
    Rows("GridSearchCV", "the best estimator, as of every search", "its layers"),
    Rows("TransformedTargetRegressor", "its scaler of the targets", "`scale_targets`", "functions of the targets"),
    Rows(
        "FunctionTransformer",
        "none, or NumPy's `abs`, `cos`, `exp`, `expm1`, `floor`, `log`, `log10`, `log1p`, `log2`, `negative`, `sign`, "
        "`sin`, `sqrt`, `square` or `tanh`",
        "a layer with a custom activation, which also has a value below the numbers of a logarithm",
        "other functions; arguments",
    ),
)

TFLITE = (
    Rows(
        "FULLY_CONNECTED",
        "with its fused activation; an input of several dimensions is made a vector",
        "a dense layer",
        "shuffled weights; sparse weights; `keep_num_dims` for more than a vector",
    ),
    Rows("RELU RELU6", "an operator, or fused into another one", "`relu`, `relu6`"),
    Rows("LOGISTIC TANH", "an operator on single numbers", "`sigmoid`, `tanh`", "fused into another operator"),
    Rows("SOFTMAX", "`beta` as a factor before it", "`softmax`"),
    Rows(
        "ADD SUB MUL DIV",
        "of constants, or of two vectors, as in ONNX",
        "the scale under `data`, in weights and biases, several sources of a layer, `product`, `ratio`",
        "vectors of different widths",
    ),
    Rows(
        "MEAN SQUARED_DIFFERENCE RSQRT SQRT",
        "over the numbers of an example; operators on single numbers",
        "`layer_norm`, `rms_norm`, or part of an activation",
        "means over the batch",
    ),
    Rows("CONCATENATION", "of vectors", "several sources of a layer", "of examples"),
    Rows("RESHAPE", "the numbers of an example stay together, in their order", "nothing", "joined or split examples"),
    Rows(
        "QUANTIZE DEQUANTIZE",
        "integers become the numbers that they stand for, with a note",
        "nothing, or constants",
        "numbers of 4 bits",
    ),
)

TORCH = (
    Rows(
        "linear matmul addmm mm",
        "by constants",
        "a dense layer, not trained if `requires_grad` is false",
        "weights that two calls share",
    ),
    Rows(
        "relu leaky_relu elu selu celu gelu silu mish softplus log_sigmoid hardsigmoid hardtanh hardswish "
        "softshrink hardshrink sigmoid tanh sin",
        "as a module of `torch.nn`, or a function",
        "the activation of this name",
    ),
    Rows("exp abs pow clamp", "functions of a weighted sum", "a custom activation, or `relu`"),
    Rows("prelu", "slopes that are all equal", "`leaky_relu`", "different slopes"),
    Rows("rrelu", "the mean of its slopes", "`leaky_relu`, with a note"),
    Rows("threshold", "its threshold and value", "a custom activation, or `relu`"),
    Rows("softmax", "over the features", "`softmax`", "over the batch"),
    Rows("log_softmax", "over the features", "`softmax`, of which it is the logarithm", "elsewhere than at the output"),
    Rows("batch_norm", "its statistics", "`batch_norm`", "statistics of the batch outside training"),
    Rows("layer_norm rms_norm", "over the features", "the normalization of this name"),
    Rows("dropout", "its rate", "`dropout`"),
    Rows(
        "add sub rsub mul div neg",
        "by constants: the scale under `data`, or multiplied into weights; of two vectors",
        "no layer, several sources of a layer, a layer of constant weights; `add`, `product`, `ratio`",
        "vectors of different sizes",
    ),
    Rows(
        "embedding",
        "of one id of an example",
        "`embedding`, not trained if `requires_grad` is false",
        "`padding_idx` of a trained one; `max_norm`, `scale_grad_by_freq`; computed ids",
    ),
    Rows("maximum max", "of two vectors", "`maximum`", "vectors of different sizes; numbers"),
    Rows("sum bmm einsum", "the dot product of two vectors for each example", "`dot`", "any other sum"),
    Rows(
        "cat slice select split split_with_sizes chunk",
        "of features; of ids",
        "several sources of a layer",
        "parts of the batch",
    ),
    Rows(
        "flatten view reshape unsqueeze squeeze clone to",
        "the numbers of an example stay in their order",
        "nothing",
    ),
)

TABLES: Mapping[str, tuple[str, Sequence[Rows], Mapping[str, str]]] = {
    "onnx": (
        "operator",
        ONNX,
        {"ONNX Runtime": "from ONNX Runtime", "a float64 reading of the file": "from the file in float64"},
    ),
    "keras": ("layer", KERAS, {"Keras": "from Keras", ".keras file": "from the file in float64"}),
    "sklearn": ("class", SKLEARN, {"scikit-learn": "from scikit-learn", ".skops file": "from the file in float64"}),
    "tflite": ("operator", TFLITE, {"LiteRT": "from LiteRT", ".tflite file": "from the file in float64"}),
    "torch": ("operator", TORCH, {"PyTorch": "from PyTorch in float64"}),
}
"""By its name, the first column of a table, its rows, and the sources that were compared with."""


def table(name: str) -> None:
    """Print a table."""
    first, rows, sources = TABLES[name]
    differences = _found()["differences"]
    head = (first, "how it is read", "what it becomes", "refused", *sources.values())
    for row in (head, ("---",) * len(head), *_rows(rows, [differences.get(source, {}) for source in sources])):
        print(f"| {' | '.join(row)} |")


def packages() -> None:
    """Print the versions that were compared."""
    print(", ".join(f"{name} {number}" for name, number in _found()["about"].items()) + ".")


def _rows(rows: Sequence[Rows], differences: Sequence[Mapping[str, float]]) -> Iterator[tuple[str, ...]]:
    for group in rows:
        for name in group.names.split():
            figures = (rounded_up(seen[name]) if name in seen else "" for seen in differences)
            yield (f"`{name}`", group.read, group.becomes, group.refused, *figures)


def rounded_up(number: float) -> str:
    """A number with one digit, which is not below it: 3e-16."""
    if number == 0.0:
        return "0"
    exponent = math.floor(math.log10(number))
    digit = math.ceil(number / 10.0**exponent - 1e-9)
    return f"{digit}e{exponent}" if digit < 10 else f"1e{exponent + 1}"


def _found() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
    return found
