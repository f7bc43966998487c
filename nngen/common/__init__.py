"""What all packages use: text, files, error messages, processes and messages for translators."""
