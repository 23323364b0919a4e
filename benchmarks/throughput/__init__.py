"""What a task costs that does nothing: the coordinator beside Celery and Procrastinate."""
