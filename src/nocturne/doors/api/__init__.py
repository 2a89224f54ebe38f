"""The API: everything a person can do, for programs. `urls.py` is where a request comes in."""
