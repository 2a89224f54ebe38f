"""The console: what operators and customers see in their browsers."""
