"""How a film sounds: voices, places and music, as numbers. Same input, same sound.

What computes with numpy (`ambience`, `music`, `mixing`, `synthesis`) is imported only where the work is done, in a worker
process: the server's process does without.
"""
