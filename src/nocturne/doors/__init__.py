"""The ways in: each turns its own language into one desk verb, and a refusal into its own "no"."""
