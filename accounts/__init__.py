"""Who is signed in, since when and from where; what was done by whom. Knows nothing of agents, workflows or sockets."""
