"""The protocol as types: messages, bodies, errors, batches, and what is exported from them."""
