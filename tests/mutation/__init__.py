"""Mutation tests: break the project in one place, and see whether a test fails (``make mutants``)."""
