"""The servers that are measured, each a process of its own: `python -m benchmarks.fanout.servers.NAME`."""
