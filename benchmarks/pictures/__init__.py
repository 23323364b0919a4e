"""Measures what the drawing studio shows: places without a set, shots without anybody, how the camera moves, time per frame."""
