"""Administration in the browser: people, the audit, the rights inspector, the health of the house.

`places.py` is the table of its pages, and says which right each of them needs; `urls.py` has their addresses.
"""
