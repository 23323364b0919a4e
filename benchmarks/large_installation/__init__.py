"""API calls and admin pages, measured with 20,000 workflows and 600,000 events in the database."""
