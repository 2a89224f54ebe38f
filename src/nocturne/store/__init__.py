"""The only package with tables."""
