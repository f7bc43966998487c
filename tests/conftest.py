"""Fixtures of all tests."""

import gc
from pathlib import Path

import pytest

gc.disable()  # until all tests are collected: what imports make stays, and need not be visited again and again


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="rewrite the recorded texts instead of comparing them")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether recorded texts are to be rewritten."""
    return bool(request.config.getoption("--rewrite"))


@pytest.fixture
def quick_compiler(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler of C that does not optimize, which takes most of its time, where only the answers count."""
    compiler: Path = tmp_path_factory.mktemp("compiler") / "cc"
    compiler.write_text('#!/bin/sh\nexec cc "$@" -O0\n')
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
