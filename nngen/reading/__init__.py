"""The reading side: text to values with positions, mistakes to messages that help, and the checks across fields."""
