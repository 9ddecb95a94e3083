"""An e-mail reaches a server that speaks SMTP."""

import socket
import threading

from portal.notices import mail


def serve_once(listener: socket.socket, heard: list[bytes]) -> None:
    """A mail server for one message: answers each command with the least that is right."""
    connection, _address = listener.accept()
    with connection, connection.makefile("rwb") as line:
        say = lambda text: (line.write(text + b"\r\n"), line.flush())  # noqa: E731
        say(b"220 test")
        in_data = False
        for one in line:
            heard.append(one)
            command = one.strip().upper()
            if in_data:
                if one == b".\r\n":
                    in_data = False
                    say(b"250 taken")
            elif command == b"DATA":
                in_data = True
                say(b"354 go on")
            elif command == b"QUIT":
                say(b"221 bye")
                return
            else:
                say(b"250 fine")


def test_a_mail_arrives_whole():
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve_once, args=(listener, heard))
        server.start()
        mail.send(
            f"smtp://127.0.0.1:{listener.getsockname()[1]}",
            "Sinau <sinau@example.org>",
            "ratna@example.org",
            "Kata sandi",
            "Buka https://sinau.example.org/welcome/x — berlaku sekali.",
        )
        server.join(10)
    text = b"".join(heard)
    assert b"rcpt to:<ratna@example.org>" in text.lower()
    assert b"Subject: Kata sandi\r\n" in text
    assert b"Auto-Submitted: auto-generated\r\n" in text
