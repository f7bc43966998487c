"""Inputs that the fuzzer found and kept: each is still read or refused (tests/support/fuzz_reader.py)."""

from pathlib import Path

import pytest

from tests.support.fuzz_reader import KINDS, check

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


def test_the_corpus_has_every_kind() -> None:
    assert {path.read_bytes()[:1] for path in CORPUS} >= KINDS.keys()


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_nothing_but_a_refusal_is_raised(path: Path) -> None:
    check(path.read_bytes())
