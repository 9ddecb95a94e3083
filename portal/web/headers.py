"""Headers on every answer."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init(app: Flask, *, is_secure: bool) -> None:
    own = dict(ALWAYS)
    if is_secure:
        own["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def add_headers(response: Response) -> Response:
        is_asset = request.endpoint == "static" and response.status_code < 400
        wanted = own if is_asset else own | {"Cache-Control": "no-store"}
        said = {name.lower() for name, _value in response.headers}
        for name, value in wanted.items():
            if name.lower() not in said:
                response.headers.add(name, value)
        return response
