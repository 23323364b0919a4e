"""Artifacts as files: how they are stored, linked to and downloaded. Their rows are in `workflows.models`."""
