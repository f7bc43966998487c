"""Proves what holds for all rows of a C header in integers: that it is safe, and what its owner needs."""

from nngen.proof.proving.cbmc import Verdict
from nngen.proof.proving.certificate import certificate, differences, options_of
from nngen.proof.proving.deciding import Decided, compared, decided
from nngen.proof.proving.header import Header
from nngen.proof.proving.questions import question
from nngen.proof.proving.report import Proof
from nngen.proof.proving.safety import Step, safe

__all__ = [
    "Decided",
    "Header",
    "Proof",
    "Step",
    "Verdict",
    "certificate",
    "compared",
    "decided",
    "differences",
    "options_of",
    "question",
    "safe",
]
