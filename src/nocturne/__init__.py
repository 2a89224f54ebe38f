"""Nocturne: a trouble ticket system for network operations centres."""

__version__ = "0.1.0"
