"""Names that other tools use, and their equivalents in a spec, which messages suggest."""

import re
from collections.abc import Iterable, Mapping

from nngen.common.diagnostics import MAX_VALUE, closest

NAMES: Mapping[str, Mapping[str, str]] = {
    "activation": {
        "step": "heaviside binary_step unit_step threshold hardlim",
        "bipolar_step": "sign sgn hardlims",
        "linear": "identity none Dense",
        "sigmoid": "logistic expit",
        "leaky_relu": "lrelu leaky",
        "gelu_tanh": "gelu_new gelu_approximate",
        "silu": "swish",
        "hard_swish": "hard_silu",
        "gaussian": "rbf",
        "sine": "sin",
        "scaled_tanh": "lecun_tanh",
    },
    "loss": {
        "squared_error": "mse mean_squared_error MSELoss l2 l2_loss sse",
        "absolute_error": "mae mean_absolute_error L1Loss l1",
        "huber": "HuberLoss",
        "smooth_l1": "SmoothL1Loss",
        "pinball": "quantile quantile_loss",
        "two_quantiles": "interval_score winkler",
        "gaussian_nll": "GaussianNLLLoss gaussian gaussian_likelihood",
        "hinge": "HingeLoss",
        "categorical_hinge": "multiclass_hinge MultiMarginLoss",
        "poisson": "PoissonNLLLoss",
        "kl_divergence": "kld kl KLDivLoss kullback_leibler_divergence",
        "binary_cross_entropy": "bce BCELoss BCEWithLogitsLoss bce_with_logits logistic_loss",
        "cross_entropy": "ce nll NLLLoss CrossEntropyLoss log_loss categorical_crossentropy"
        " sparse_categorical_crossentropy softmax_cross_entropy",
    },
    "optimizer": {
        "gradient_descent": "sgd gd stochastic_gradient_descent",
        "momentum": "sgd_momentum",
        "nesterov": "nag nesterov_momentum",
        "rprop": "resilient_backpropagation",
    },
    "initializer": {
        "zeros": "zero",
        "constant": "one ones",
        "uniform": "random_uniform rand",
        "normal": "random_normal gaussian randn",
        "truncated_normal": "trunc_normal",
        "glorot_uniform": "glorot xavier xavier_uniform",
        "glorot_normal": "xavier_normal",
        "he_uniform": "kaiming kaiming_uniform",
        "he_normal": "he kaiming_normal",
        "lecun_normal": "lecun",
    },
    "normalization": {
        "layer_norm": "layer_normalization",
        "rms_norm": "rms_normalization",
        "batch_norm": "batch_normalization BatchNorm1d",
    },
    "schedule": {
        "constant": "none",
        "steps": "StepLR step step_decay",
        "exponential": "ExponentialLR exponential_decay",
        "inverse_time": "inverse_time_decay",
        "cosine": "CosineAnnealingLR cosine_decay cosine_annealing",
        "warm_up": "LinearLR linear_warmup",
    },
    "penalty": {"l2": "ridge weight_decay", "l1": "lasso", "elastic_net": "l1_l2"},
    "stop": {"patience": "early_stopping"},
    "clip": {"value": "clip_value clip_grad_value", "norm": "clip_norm clip_grad_norm global_clipnorm"},
    "scale": {
        "standardize": "standard StandardScaler z_score zscore normalize",
        "interval": "minmax MinMaxScaler min_max",
        "robust": "RobustScaler robust_scale",
        "log": "log1p ln logarithm",
    },
    "target": {
        "python": "py",
        "numpy": "np",
        "javascript": "js node mjs es6",
        "c": "c99 cpp",
        "rust": "rs",
        "go": "golang",
        "java": "jvm",
        "csharp": "cs dotnet unity",
        "lua": "lua5",
        "php": "php8 composer",
    },
}
"""For each kind of choice, our names, each with those of Keras, PyTorch, scikit-learn and textbooks."""

FIELDS: Mapping[str, str] = {
    "rate": "lr learning_rate learning_rate_init eta eta0 step_size",
    "decay": "weight_decay",
    "keep": "rho",
    "epsilon": "eps",
    "strength": "lambda reg_lambda",
    "slope": "negative_slope",
    "smoothing": "label_smoothing",
    "units": "neurons nodes n_units num_units hidden_units out_features",
    "inputs": "input features in_features input_size input_dim input_shape",
    "layers": "hidden_layers hidden_layer_sizes architecture network",
    "activation": "act activation_function activation_fn nonlinearity",
    "initial": "init initializer kernel_initializer bias_initializer initialization",
    "bias": "use_bias fit_intercept",
    "trainable": "requires_grad frozen",
    "dropout": "dropout_rate drop_rate",
    "normalization": "norm batch_norm batchnorm layer_norm",
    "loss": "criterion objective cost cost_function loss_function",
    "optimizer": "optim solver",
    "schedule": "scheduler lr_scheduler lr_schedule learning_rate_schedule",
    "clip": "clipnorm clipvalue clip_norm gradient_clipping",
    "penalty": "regularizer regularization kernel_regularizer",
    "stop": "early_stopping",
    "validation": "validation_split validation_fraction validation_data validation_rows",
    "every": "validation_freq check_val_every_n_epoch",
    "batch_size": "batch minibatch minibatch_size",
    "epochs": "epoch num_epochs n_epochs max_epochs max_iter iterations",
    "seed": "random_state random_seed",
    "data": "dataset examples training_data",
    "rows": "samples",
    "file": "csv path filename",
    "scale": "scaler scaling preprocessing",
    "split": "test_split train_test_split",
    "targets": "languages backends",
}
"""The fields of a spec, each with the names of other tools."""

DENSE = "all layers are dense: remove this, and write `name`, `units` and `activation`"
"""The advice for a field that gives the kind of a layer in other tools."""

_KIND_OF_LAYER = {"type", "kind", "class", "dense", "linear", "fullyconnected", "fc"}


def _folded(name: str) -> str:
    """A name without module, capitals and underscores: `nn.LeakyReLU` becomes `leakyrelu`."""
    return re.sub("[^a-z0-9]", "", name[: 2 * MAX_VALUE].rpartition(".")[2].lower())


_OURS = {
    kind: {_folded(other): ours for ours, others in names.items() for other in others.split()}
    for kind, names in (*NAMES.items(), ("field", FIELDS))
}


def advice_on_kind(field: object) -> str:
    """The advice for a field that gives the kind of a layer; empty for other fields."""
    return DENSE if isinstance(field, str) and _folded(field) in _KIND_OF_LAYER else ""


def same(word: object, known: Iterable[str], kind: str) -> str:
    """The known word with the same meaning; empty if there is none.

    It differs only in capitals and underscores, or is the name of a kind of choice, or of a ``field``, in other tools.
    """
    if not isinstance(word, str):
        return ""
    folded, known = _folded(word), list(known)
    found = next((name for name in known if _folded(name) == folded), "")
    ours = _OURS.get(kind, {}).get(folded, "")
    return found or (ours if ours in known else "")


def meant(word: object, known: Iterable[str], kind: str) -> str:
    """The known word with the same meaning, or the most similar one; empty if there is none."""
    known = list(known)
    return same(word, known, kind) or closest(word, known)
