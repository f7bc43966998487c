"""What the command line does: build, train, show, formulas, files."""
