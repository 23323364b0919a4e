"""The candidates. Each is a program of its own that measures itself and prints one line of JSON."""
