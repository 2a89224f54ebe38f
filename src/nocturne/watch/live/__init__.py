"""Live pages: what happens is told within a second to every browser, screen and program that listens.

`listening` opens a stream for somebody, `hub` reads the journal once for all who listen in this process (`book` keeps
its last minutes), `news` makes of it what one reader may know, `wire` spells that as server-sent events, `stream` is
the way to one listener, and `readers` asks again and again whether they may still listen.
"""
