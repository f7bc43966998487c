"""The commands: build, train, show and formulas, and how files are written."""
