"""Tests of what users write: specs, data, and the messages about mistakes."""
