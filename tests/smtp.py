"""A real mail server on loopback: what the portal sends goes over a socket and is read here."""

import asyncio
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import NamedTuple, cast

from aiosmtpd.smtp import SMTP, Envelope, Session


class Received(NamedTuple):
    """A message that arrived, and the addresses its sender gave to the server."""

    sender: str
    to: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain text, decoded, with \\n between the lines."""
        part = self.message.get_body(("plain",))
        assert part is not None, "a message without plain text"
        return cast("str", part.get_content()).replace("\r\n", "\n")


class MailServer:
    """Takes every message while it is open: ``with MailServer() as server: ... server.received``.

    ``refusal`` is what it answers to a message instead of taking it, such as
    ``"451 Come back later"``. What a sender was told is done has been noted by then, so nothing
    need be waited for.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.refusal = ""
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append(Received(envelope.mail_from or "", envelope.rcpt_tos, message))
        return "250 Taken"

    def __enter__(self) -> "MailServer":
        self._thread.start()
        assert self._ready.wait(30), "the mail server did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def _run(self) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        listening = loop.run_until_complete(
            loop.create_server(lambda: SMTP(self, hostname="test", loop=loop), "127.0.0.1", 0)
        )
        self.port = listening.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            loop.run_forever()
        finally:
            listening.close()
            talking = asyncio.all_tasks(loop)
            for task in talking:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*talking, return_exceptions=True))
            loop.run_until_complete(listening.wait_closed())
            loop.close()
