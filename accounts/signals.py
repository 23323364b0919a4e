"""Signals of the accounts app, sent after commit. No receiver may raise."""

from django.dispatch import Signal

# login_ended(login: str): nothing of this login is good any more.
login_ended = Signal()
