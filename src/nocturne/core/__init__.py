"""The domain in plain Python: no Django, no input or output, no clock of its own."""
