"""Who watches what in this process, and how publications reach them."""
