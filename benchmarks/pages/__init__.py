"""How the page of a large film feels in Chromium while the film is made: `python -m benchmarks.pages`."""
