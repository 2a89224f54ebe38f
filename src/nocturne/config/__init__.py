"""The top floor: options, settings, addresses, and the processes that everything runs in."""
