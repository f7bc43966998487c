"""Messages: English strings that remember how another language says them."""

import pickle

import pytest

from nngen.common.messages import Message, joined, message
from nngen.learning.translation import translated


def test_a_message_is_its_english_text() -> None:
    told = message("Step {number}", number=3)
    assert told == "Step 3"
    assert pickle.loads(pickle.dumps(told)) == told
    assert translated(pickle.loads(pickle.dumps(told)), "ko") == translated(told, "ko") == "3번째 걸음"
    assert translated(told, "en") == told


def test_names_are_not_translated() -> None:
    assert translated("Loss", "ko") == "Loss"
    assert translated(message("Loss"), "ko") == "손실"
    assert translated(joined(": ", ("Loss", message("Loss"))), "ko") == "Loss: 손실"


@pytest.mark.parametrize("name", ["{", "}", "{0}", "{number}", "{{x}}", "%s"])
def test_names_with_braces_stay_as_they_are(name: str) -> None:
    assert message("The answer is {answer}.", answer=name) == f"The answer is {name}."
    assert translated(message("The answer is {answer}.", answer=name), "ko") == f"답은 {name}입니다."
    assert translated(Message(name), "ko") == name


def test_messages_among_values_are_translated() -> None:
    told = message("{before}, then {step}", before=message("weighted sums"), step="tanh")
    assert told == "weighted sums, then tanh"
    assert translated(told, "ko") == "가중합, 그다음 tanh"
    assert translated(Message(""), "ko") == ""
