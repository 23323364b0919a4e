"""Who is in a screenplay, and how they look."""
