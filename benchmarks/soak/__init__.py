"""Whether a server stays as it is for an hour: see __main__.py."""
