"""Checks over several fields of a spec. Each check yields the mistakes that it finds."""
