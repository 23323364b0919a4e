"""Breaks scenes into beats (what one shot has to show) and beats into shots (how it is shown)."""
