"""A2A as a server: real requests to a real server process, in both bindings."""
