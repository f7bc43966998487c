"""How each language writes the source that all modules share."""
