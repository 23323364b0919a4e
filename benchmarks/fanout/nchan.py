"""nchan, a module of nginx: needs Debian's packages nginx and libnginx-mod-nchan."""

import os
import shutil
from pathlib import Path

from benchmarks.fanout.candidate import Endpoint, Json
from benchmarks.fanout.handshake import Handshake

MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIGURATION = """
load_module {module};
daemon off;
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    server {{
        listen 127.0.0.1:{port} backlog=2048;
        location ~ ^/sub/(.+)$ {{
            nchan_subscriber websocket;
            nchan_channel_id $1;
        }}
        location ~ ^/pub/(.+)$ {{
            nchan_publisher http;
            nchan_channel_id $1;
            nchan_message_buffer_length 2000;
            nchan_message_timeout 1m;
        }}
    }}
}}
"""


def missing() -> str:
    """Why it cannot run here; "" when it can."""
    return "" if NGINX and MODULE.is_file() else "nginx with nchan is not installed (libnginx-mod-nchan)"


def server(endpoint: Endpoint) -> list[str]:
    """nginx with one worker, in the foreground."""
    configuration = endpoint.folder / "nginx.conf"
    text = CONFIGURATION.format(module=MODULE, folder=endpoint.folder, port=endpoint.port)
    if os.geteuid() != 0:
        text = text.replace("user root;\n", "")
    configuration.write_text(text)
    return [NGINX or "nginx", "-p", str(endpoint.folder), "-e", "stderr", "-c", str(configuration)]


def handshake(endpoint: Endpoint, room: str, _number: int, _about: Json) -> Handshake:
    """The room is the channel in the path."""
    return Handshake(endpoint.port, f"/sub/{room}")
