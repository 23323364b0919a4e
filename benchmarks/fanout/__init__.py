"""How many deliveries a second one core makes, how late they are, and what a connection costs; beside others."""
