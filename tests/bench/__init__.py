"""Measures Nocturne: `make bench`, or `python -m tests.bench --quick` for a first look."""
