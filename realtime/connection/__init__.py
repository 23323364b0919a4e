"""One WebSocket connection: who is at the other end, what waits for it, how much it may ask."""
