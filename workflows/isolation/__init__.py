"""Isolated attempts: the agent runs in a child process, which can be killed with all that it has started.

The runner's thread (`process`) starts a guard (`guard`), and the guard starts the child (`child`). Thread and child talk
over a socket pair (`messages`). The guard ends everything when its stdin does: because the attempt is killed, or
because the runner's process died. The child has no database.
"""
