"""Checks over several fields of a spec; each check yields the mistakes it finds."""
