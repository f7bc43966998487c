"""Verification: a module that was built once, whatever was done to it since, against the reference and its contract.

The module is run in a process of its own, see ``worker``; this one never imports it.
"""

from nngen.verify.verification import Verification, verify

__all__ = ["Verification", "verify"]
