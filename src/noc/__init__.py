"""`noc`, the operators' command line: it sends what was typed, and starts in a blink.

Nothing heavy is imported before it is needed, and nothing that was typed is understood here: the server does that.
"""
