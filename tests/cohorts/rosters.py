"""Choosing a list, and having it imported by the worker."""

import contextvars

from portal.jobs.worker import run_free_jobs


def upload(client, world, data, name="peserta.csv", cohort="here"):
    """Choose a file. The body is written here: the client's own way leaves a file open."""
    data = data.encode() if isinstance(data, str) else data
    parts = (("csrf_token", "", client.token().encode()), ("file", f'; filename="{name}"', data))
    body = b"".join(
        f'--part\r\nContent-Disposition: form-data; name="{field}"{more}\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for field, more, content in parts
    )
    return client.post(
        f"/cohorts/{getattr(world, cohort)}/imports",
        data=body + b"--part--\r\n",
        content_type="multipart/form-data; boundary=part",
    )


def apply(client, location):
    """Press Import and let the worker do it."""
    answer = client.post(f"{location}/application")
    run_jobs(client)
    return answer


def run_jobs(client):
    contextvars.Context().run(run_free_jobs, client.application)
