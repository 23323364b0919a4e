"""What other programs get of the protocol: an AsyncAPI document and TypeScript types, both made from protocol.py."""
