"""Tests of what users run: generated modules, and the commands."""
