"""Books as films: reads a book, finds its chapters, people and events, and writes scenes of its own sentences. Linear in the text."""
