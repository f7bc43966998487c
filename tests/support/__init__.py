"""What several test modules share: networks, specs, modules, strategies, rounding."""
