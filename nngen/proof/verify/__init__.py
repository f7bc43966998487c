"""Verifies a module, perhaps edited, against the reference."""

from nngen.proof.verify.verification import Verification, verify

__all__ = ["Verification", "verify"]
