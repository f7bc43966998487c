"""Modules of the target javascript, run by Node: many of them in one process."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.render import render

DRIVER = Path(__file__).parent / "driver.mjs"


@dataclass(frozen=True)
class Job:
    """The text of a module, and the body of a function of that module ``m`` and of what is ``given``."""

    text: str
    body: str
    given: Any = None


def node(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run Node; a missing one is a failure, not a skip."""
    program = shutil.which("node")
    assert program, "Node is missing: apt-get install nodejs"
    return subprocess.run([program, *arguments], capture_output=True, encoding="utf-8", check=False, **more)


def run(jobs: Sequence[Job], folder: Path) -> list[dict[str, Any]]:
    """The result of each job: what it ``gives``, or the error that it ``throws``."""
    asked = []
    for number, job in enumerate(jobs):
        path = folder / f"module{number}.mjs"
        path.write_text(job.text, encoding="utf-8")
        asked.append({"module": path.as_uri(), "body": job.body, "given": job.given})
    done = node(str(DRIVER), input=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def javascript(spec: Spec, unroll: str = "auto") -> str:
    """The page of a spec, written out so far."""
    chosen = Spec.model_validate(
        spec.model_dump(by_alias=True) | {"targets": [{"name": "javascript", "unroll": unroll}]}
    )
    return render(plan(chosen), chosen, "javascript")
