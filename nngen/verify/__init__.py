"""Verifies a module, perhaps edited, against the reference."""

from nngen.verify.verification import Verification, verify

__all__ = ["Verification", "verify"]
