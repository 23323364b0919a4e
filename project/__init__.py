"""The Django project: settings, URLs, the ASGI application. `__version__` is that of Callboard as a whole."""

__version__ = "0.1.0"
