"""Which articles are one text, and which records tell one act."""
