"""The Django project: settings, URLs, the ASGI application. `__version__` is that of Callboard as a whole."""

import sys
from pathlib import Path

__version__ = "0.1.0"

# The client in Python lies in this checkout and need not be installed: `manage.py watch` and the tests use it.
sys.path.append(str(Path(__file__).resolve().parent.parent / "clients" / "python"))
