"""gunicorn behind a proxy that buffers (nginx or Caddy), instead of `flask serve`.

    pip install "gunicorn>=27,<28"
    gunicorn --config deploy/gunicorn.conf.py wsgi:app

Never face the internet with it alone: its threads wait for slow clients.
"""

import multiprocessing
import os

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("PORTAL_PROCESSES") or 0) or multiprocessing.cpu_count()
threads = int(os.environ.get("PORTAL_THREADS") or 4)
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
control_socket_disable = True


def on_starting(server):
    """What a password's hash took goes back to the system; cycles are looked for rarely."""
    from portal.server.memory import give_back_large_blocks, look_for_cycles_rarely

    give_back_large_blocks()
    look_for_cycles_rarely()


def post_fork(server, worker):
    """Leave the parent's database connections to the parent; note that this process is alive."""
    from portal.outages import pulse
    from wsgi import app

    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose(close=False)
    pulse.begin(app)
