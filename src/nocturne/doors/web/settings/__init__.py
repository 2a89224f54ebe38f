"""The settings: a site's own staff change its queues, types, fields, clearances and all else that is configured, in the
browser. They see what follows before it does, and can take it back."""
