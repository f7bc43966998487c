"""Random custom formulas for Hypothesis: those of the other tests, and grown ones that do not overflow."""

from typing import Any

from hypothesis import strategies as st

from tests.support.networks import OWN, OWN_LOSSES

ONE = ["tanh({})", "sin({})", "sigmoid({})", "softplus({})", "abs({})", "sqrt(1 + ({})**2)", "-({})", "0.5*({})"]
TWO = ["({}) + ({})", "({}) - ({})", "({}) / (1 + abs({}))", "maximum({}, {})", "minimum({}, {})"]
CHOICE = ["where({0} > 0.1, {0}, {1})", "tanh({}) * ({})", "log1p(({})**2) + ({})", "exp(minimum({}, 1)) - ({})"]


def _grown(leaves: list[str]) -> st.SearchStrategy[str]:
    """A formula of some leaves, two levels high: no part of it grows faster than the square of a leaf."""
    leaf = st.sampled_from(leaves)
    low = st.one_of(leaf, st.builds(str.format, st.sampled_from(ONE), leaf))
    return st.one_of(
        st.builds(str.format, st.sampled_from(ONE), low), st.builds(str.format, st.sampled_from(TWO + CHOICE), low, low)
    )


def _named(prefix: str, formulas: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    grown = st.lists(formulas, max_size=2)
    return grown.map(lambda texts: {f"{prefix}{index}": {"value": text} for index, text in enumerate(texts)})


def _some(known: Any) -> st.SearchStrategy[dict[str, Any]]:
    names = st.lists(st.sampled_from(list(known)), max_size=2, unique=True)
    return names.map(lambda chosen: {name: dict(known[name]) for name in chosen})


def drawn_activations() -> st.SearchStrategy[dict[str, Any]]:
    """The field ``activations``."""
    grown = _grown(["z", "z", "2*z", "z - 0.3"])
    return st.one_of(st.just({}), _some(OWN), _named("grown", grown), _named("grown", grown))


def drawn_losses() -> st.SearchStrategy[dict[str, Any]]:
    """The field ``losses``: of the error, the output and the target."""
    grown = _grown(["(a - y)", "(a - y)", "a", "a*y"])
    return st.one_of(st.just({}), _some(OWN_LOSSES), _named("own_loss", grown))
