"""The door for mail: the gateway spools what comes, and the worker turns it into tickets and updates."""
