"""A client in Python: follows a workflow, applies messages to its snapshot."""
