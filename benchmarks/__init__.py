"""Measurements on the running product, repeatable on any machine. Each is a module: `python -m benchmarks.NAME`."""
