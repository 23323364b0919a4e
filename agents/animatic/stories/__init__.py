"""An idea becomes a story: it is read for its people, places, deed and mood, and written along an arc (arcs/)."""
