"""Measures deliveries per second and core, their latency, and the cost of a connection, in comparison with others."""
