"""What faults do to work, watchers and the words that people read: see __main__.py."""
