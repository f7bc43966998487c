"""Modules of JavaScript read parameters in the format of safetensors, and refuse what is none."""

import base64
from pathlib import Path

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.reading import safetensors
from tests.oracle.node import Job, javascript, run
from tests.support.modules import named, spec
from tests.support.tensors import backwards, hostile

pytestmark = pytest.mark.oracle

READ = "return m.pack(m.load(Buffer.from(given, 'base64')));"
FORMS = {
    "bytes": "const b = Buffer.from(given, 'base64'); return m.pack(m.load(new Uint8Array(b)));",
    "a buffer": (
        "const b = Buffer.from(given, 'base64');"
        "return m.pack(m.load(b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength)));"
    ),
}


@pytest.mark.parametrize("name", ["xor_mlp", "digits"])
def test_files_of_commands(name: str, tmp_path: Path) -> None:
    net = spec(named(name))
    planned, text = plan(net), javascript(net)
    values = np.random.default_rng(1).normal(size=planned.size)
    good = safetensors.written(planned, values, "float64")
    narrow = safetensors.written(planned, values, "float32")
    files = [(good, READ), (backwards(good), READ), (narrow, READ), *((good, body) for body in FORMS.values())]
    jobs = [Job(text, body, base64.b64encode(content).decode()) for content, body in files]
    jobs.append(Job(text, "return m.pack(m.load(Buffer.from(m.save(m.unpack(given)))));", values.tolist()))
    found = [job["gives"] for job in run(jobs, tmp_path)]
    assert found.pop(2) == values.astype(np.float32).tolist()
    assert all(given == values.tolist() for given in found)


def test_hostile_files(tmp_path: Path) -> None:
    net = spec(named("xor_mlp"))
    text = javascript(net)
    files = [*hostile(plan(net))]
    found = run([Job(text, READ, base64.b64encode(content).decode()) for _, content in files], tmp_path)
    for (word, _), given in zip(files, found, strict=True):
        assert given.get("throws", "").startswith(("RangeError", "SyntaxError")), (word, given)
