"""Tells stories: an idea is read for its people, places, deed and mood, and told along an arc (told/*.txt)."""
