"""The ways out, one folder each: a courier carries what the watch hands it, and says what became of it."""
