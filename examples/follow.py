"""python examples/follow.py http://127.0.0.1:8000 <workflow id>, with a token in CALLBOARD_TOKEN. Needs: pip install clients/python"""

import os
import sys

from callboard_client import Client

with Client(sys.argv[1], token=os.environ["CALLBOARD_TOKEN"]) as callboard:
    for snapshot in callboard.follow(sys.argv[2]):
        print(f"{snapshot['progress']:4.0%}  {snapshot['state']:10} {snapshot['stage']}  {snapshot['message']}")
