"""Makes twenty ideas and six screenplays into films, on a running server, and shows what they look and sound like."""
