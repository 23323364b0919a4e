"""Kills runners at random moments, and looks at what becomes of the work."""
