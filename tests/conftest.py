"""Fixtures of all tests, and what a run costs in work, which differs less between machines than its seconds."""

import gc
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
"""The events of Python when it starts a process."""

started: Counter[str] = Counter()
"""How often each of them occurred in this process."""

spent: Counter[str] = Counter()
"""The processor seconds and the processes of all workers."""

sys.addaudithook(lambda event, _: started.update([event]) if event in STARTS else None)

gc.disable()  # until all tests are collected: what imports make stays, and need not be visited again and again


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)  # tests make and drop trees and texts all the time: few of them are circles
    gc.enable()


def _work() -> dict[str, float]:
    """The processor seconds of this process and of those that have ended below it, and how many it started."""
    times = os.times()
    seconds = times.user + times.system + times.children_user + times.children_system
    return {"processor seconds": seconds, "processes": sum(started.values())}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the work of this process to the one that shows it."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["work"] = _work()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the work of a worker, which has ended."""
    spent.update(getattr(node, "workeroutput", {}).get("work", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show the work of all tests."""
    spent.update(_work() if not spent else {})
    terminalreporter.write_line(", ".join(f"{count:,.0f} {name}" for name, count in spent.items()))


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
