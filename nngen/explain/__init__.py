"""The living page of a network: one file for a browser, in which its own generated code runs."""
