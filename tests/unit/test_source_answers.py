"""The source that turns outputs into answers, run as Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngen.printing import made, program
from nngen.runtime import answers, network
from nngen.runtime.kit import RefusedError
from nngen.targets import TARGETS


@given(st.lists(st.floats(allow_nan=False), min_size=2, max_size=2))
def test_the_answer_is_the_class_with_the_largest_output(outputs: list[float]) -> None:
    assert answers.decode(outputs) == network.CLASSES[int(np.argmax(outputs))]
    assert answers.predict(outputs, [1.0]) == answers.decode(outputs)
    assert answers.predict_proba(outputs, [1.0]) == outputs


def test_a_single_output_is_the_probability_of_the_second_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "SEVERAL", False)
    monkeypatch.setattr(answers, "OUTPUTS", 1)
    assert [answers.decode([share]) for share in (0.5, 0.51)] == ["no", "yes"]
    assert answers.predict_proba([0.25], [1.0]) == [0.75, 0.25]


@given(st.floats(0.0, 1.0))
def test_a_set_has_the_classes_with_a_score_up_to_the_measured_one(share: float) -> None:
    assert answers.predict_interval([1.0 - share, share], [1.0]) == [1.0 - (1.0 - share) <= 0.75, 1.0 - share <= 0.75]


@pytest.mark.parametrize("throws", [True, False])
def test_no_answer_comes_of_nan(throws: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "THROWS", throws)
    for function in (answers.predict, answers.predict_proba, answers.predict_interval):
        with pytest.raises(RefusedError, match="outputs: expected numbers, got NaN"):
            function([0.5, math.nan], [1.0])


def test_outputs_of_another_number_are_refused() -> None:
    with pytest.raises(RefusedError, match="outputs: expected a list of 2"):
        answers.decode([1.0])


def test_what_may_fail_depends_on_ids_and_on_the_language() -> None:
    for throws, ids in ((True, False), (False, True), (False, False)):
        failing = made(program("answers"), {"THROWS": throws, "IDS": ids}).failing
        assert {"predict", "encode"} <= failing
        assert (throws, ids) == ("decode" in failing, "forward" in failing)


def test_a_network_without_classes_has_no_such_functions() -> None:
    flags = {"CLASSIFIES": False, "SEVERAL": False, "PROBABILITIES": False, "PREDICTS": True, "ANOMALIES": False}
    found = made(program("answers"), {**flags, "INTERVALS": False})
    assert [one.name for one in found.functions] == ["predict", "_smooth_clip", "_check_outputs"]
    assert made(program("answers"), {**flags, "INTERVALS": True}).functions[1].gives == "Bounds"
    assert found.functions[0].gives == "Num"


def test_the_anomaly_score_is_the_mean_squared_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANOMALIES", True)
    monkeypatch.setattr(answers, "encode", lambda row: row)
    monkeypatch.setattr(answers, "forward", lambda params, x: [x[0] + 1.0, x[1] - 2.0])
    assert answers.anomaly_score([], [3.0, 4.0]) == 2.5
    assert answers.is_anomaly([], [3.0, 4.0])
    monkeypatch.setattr(answers, "LIMIT", 2.5)
    assert not answers.is_anomaly([], [3.0, 4.0])


def test_go_takes_calls_that_may_fail_out_of_expressions() -> None:
    whole = program("answers")
    functions = made(whole, {"THROWS": False, "IDS": True})
    printer = TARGETS["go"].printer
    assert printer is not None
    text = "\n".join(map(printer(whole, functions, False).definition, functions.functions))
    assert "x, err := Encode(row)\n" in text
    assert "outputs, err := Forward(params, x)\n" in text
