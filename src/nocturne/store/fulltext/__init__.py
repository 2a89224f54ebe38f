"""The full-text index: one set of tokens per ticket, written in the transaction of its cause.

`taken` says which tokens a ticket has, `writing` keeps the index as it should be, `building` makes it anew, `asking`
turns a question into what is looked for as its reader may, `walking` finds it newest first, `reading` reads texts once
more. `on_sqlite` and `on_postgresql` are the two indexes; nothing else knows which one is there.
"""
