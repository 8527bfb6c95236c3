"""A mail server on loopback that keeps every message, so that a test can read
what really left Odoo. It delivers nothing to anybody."""

import email
import email.policy
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from lib import api

PATIENCE = 30.0


@dataclass(frozen=True)
class Received:
    """One message as it came: who sent it to whom, and what it says."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: EmailMessage = field(repr=False)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def attachments(self) -> dict[str, bytes]:
        """The attached files by name."""
        parts = self.message.iter_attachments()
        return {part.get_filename() or "": part.get_payload(decode=True) for part in parts}  # type: ignore[misc]

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return "" if part is None else str(part.get_content())


class Inbox:
    """Everything that was sent since the last `clear()`."""

    def __init__(self) -> None:
        self.messages: list[Received] = []
        self.refused: set[str] = set()
        self.port = api.free_port()
        self._controller = Controller(self, hostname=api.LOOPBACK, port=self.port)

    def start(self) -> None:
        """Listen on a free port of its own."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    def clear(self) -> None:
        """Forget every message and every refusal."""
        self.messages.clear()
        self.refused.clear()

    def refuse(self, address: str) -> None:
        """Answer mail to this address with a permanent error."""
        self.refused.add(address)

    def sent_to(self, address: str | None) -> list[Received]:
        """The messages to an address, or all of them, oldest first."""
        return [item for item in list(self.messages) if address is None or address in item.recipients]

    def wait_for(self, count: int = 1, to: str | None = None, timeout: float = PATIENCE) -> list[Received]:
        """Wait until that many messages (to that address) are there."""
        deadline = time.monotonic() + timeout
        while len(self.sent_to(to)) < count:
            if time.monotonic() > deadline:
                there = [(item.recipients, item.subject) for item in self.messages]
                raise AssertionError(f"{count} messages to {to or 'anybody'} within {timeout:.0f} s; there are {there}")
            time.sleep(0.05)
        return self.sent_to(to)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw: Any = envelope.content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.messages.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, message))
        return "250 OK"
