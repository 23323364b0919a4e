"""An agent of Callboard that writes music, and a pipeline that makes a tune with it."""
