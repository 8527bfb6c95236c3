"""Puts the mail of a step into the form in which a mail server takes it.

Odoo's own way parses and folds every header of every mail anew and turns each text into plain text
a second time. Messages of one batch share most of their headers; here those are made once.
"""
import ast
import base64
import binascii
import email.policy
import re
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import formatdate
from functools import lru_cache

from lxml import etree

from odoo import models
from odoo.tools import formataddr
from odoo.tools.mail import email_normalize_all

#: Stands for the end of a line while a mail is turned into plain text; no writing uses it.
LINE_MARK = "\ue000"
#: Stands between the parts of a message. Neither encoding of a part can bring forth `=_`.
BOUNDARY = "=_collections_relationship"
#: Odoo's own modules that take part in building a mail; they leave one of ours as it is.
BUILDERS = ("odoo.addons.base.", "odoo.addons.mail.", "odoo.addons.mass_mailing.")

_TEXT = etree.XPath("string()")
_HIDDEN = etree.XPath("//head | //div[starts-with(translate(@style, ' ', ''), 'display:none')]")


class _Headers(HeaderRegistry):
    """Parses a header once, however many messages carry it."""

    def __init__(self):
        super().__init__()
        self._type = lru_cache(maxsize=64)(super().__getitem__)
        self._parsed = lru_cache(maxsize=512)(super().__call__)

    def __getitem__(self, name):
        return self._type(name)

    def __call__(self, name, value):
        return self._parsed(name, value) if isinstance(value, (str, tuple)) else super().__call__(name, value)


@lru_cache(maxsize=512)
def _fold(policy, utf8, linesep, max_line_length, name, value):
    return super(_MessagePolicy, policy.clone(utf8=utf8, linesep=linesep, max_line_length=max_line_length)).fold_binary(
        name, value
    )


class _InOnePiece(str):
    """A header that is neither parsed nor folded."""

    def __new__(cls, name, value):
        header = super().__new__(cls, value)
        header.name = name
        return header


class _AddressPolicy(type(email.policy.SMTP)):
    """Odoo's policy, which keeps a Message-Id on one line; keeps the addresses to unsubscribe on one, too.

    Folded, a long one would be encoded like words, which no mail program reads as an address.
    """

    def fold_binary(self, name, value):
        if name.lower().startswith("list-"):
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


class _MessagePolicy(_AddressPolicy):
    """Writes a header once, however many messages carry it."""

    def fold_binary(self, name, value):
        return _fold(MESSAGE_POLICY, self.utf8, self.linesep, self.max_line_length, name, value)


ODOO_POLICY = _AddressPolicy(linesep=email.policy.SMTP.linesep)
MESSAGE_POLICY = _MessagePolicy(linesep=email.policy.SMTP.linesep, header_factory=_Headers())


def _text_part(text, subtype):
    """Return a part of a message, in the encoding that is shorter for its writing."""
    data = (text if text.endswith("\n") else f"{text}\n").encode()
    encoding, payload = "quoted-printable", binascii.b2a_qp(data, istext=True)
    if len(payload) > len(data) * 4 / 3:
        encoding, payload = "base64", base64.encodebytes(data)
    part = EmailMessage(policy=MESSAGE_POLICY)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(payload.decode("ascii"))
    return part


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _build_messages(self, mails, envelopes):
        """Build the messages before the loop: after each commit the cache is empty.

        :return: the envelopes whose message could be built
        """
        only_odoo = self._builds_as_odoo(mails, "_prepare_outgoing_list") and self._builds_as_odoo(
            self.env["ir.mail_server"], "_build_email__"
        )
        date = formatdate()
        built = []
        for mail, envelope in zip(mails, envelopes, strict=True):
            plain = only_odoo and len(mail.recipient_ids) == 1
            if not plain or mail.email_to or mail.email_cc or mail.attachment_ids:
                built_one = self._build_as_odoo(mail, envelope)
            else:
                built_one = self._build_message(mail, envelope, date)
            if built_one:
                built.append(envelope)
            else:
                self.browse(envelope["step_id"])._cancel("no_sender")
        return built

    @staticmethod
    def _builds_as_odoo(records, method):
        """Return whether no other module has a say in ``method``."""
        definitions = [vars(cls)[method] for cls in type(records).__mro__ if method in vars(cls)]
        return all(definition.__module__.startswith(BUILDERS) for definition in definitions)

    def _build_message(self, mail, envelope, date):
        """Build what `_build_as_odoo` would, for one recipient and a text; return whether it has a sender.

        :param str date: when the message is built, as mails write it
        """
        if not mail.email_from:
            return False
        recipient = mail.recipient_ids
        addresses = email_normalize_all(recipient.email)
        to = tuple(formataddr((recipient.name or "", address or "False")) for address in addresses or [recipient.email])
        return_path = mail.record_alias_domain_id.bounce_email or self.env.company.bounce_email
        html = mail._personalize_outgoing_body(mail._prepare_outgoing_body(), recipient)
        message = EmailMessage(policy=MESSAGE_POLICY)
        for name, value in (
            ("Message-Id", mail.message_id),
            ("references", mail.references),
            ("Subject", mail.subject),
            ("From", mail.email_from),
            ("Reply-To", mail.reply_to or mail.email_from),
            ("To", to),
            ("Date", date),
            ("Return-Path", return_path),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"'),
        ):
            if value:
                message[name] = value
        for name, value in ast.literal_eval(mail.headers or "{}").items():
            message[name] = _InOnePiece(name, value) if name.startswith("List-") else value
        message.set_payload([_text_part(self._plain_text(html), "plain"), _text_part(html, "html")])
        envelope.update(to=addresses, return_path=return_path, message=message)
        return True

    def _build_as_odoo(self, mail, envelope):
        """Build a message the way Odoo's mail queue does; return whether it has a sender."""
        [values] = mail._prepare_outgoing_list()
        if not values["email_from"]:
            return False
        envelope["to"] = values["email_to_normalized"]
        envelope["return_path"] = values["headers"].get("Return-Path")
        envelope["message"] = self.env["ir.mail_server"]._build_email__(
            email_from=values["email_from"],
            email_to=values["email_to"],
            subject=values["subject"],
            body=values["body"],
            body_alternative=self._plain_text(values["body"]),
            reply_to=values["reply_to"],
            attachments=values["attachments"],
            message_id=values["message_id"],
            references=values["references"],
            object_id=values["object_id"],
            subtype="html",
            subtype_alternative="plain",
            headers=values["headers"],
        )
        envelope["message"].policy = ODOO_POLICY
        return True

    @staticmethod
    def _plain_text(html):
        """Return a mail as text, for programs that show no HTML: one line per row of a table.

        Odoo's own conversion writes one line per cell, and the hidden words at the beginning.
        """
        root = etree.fromstring(str(html), parser=etree.HTMLParser())
        for unseen in _HIDDEN(root):
            parent, before = unseen.getparent(), unseen.getprevious()
            if before is None:
                parent.text = (parent.text or "") + (unseen.tail or "")
            else:
                before.tail = (before.tail or "") + (unseen.tail or "")
            parent.remove(unseen)
        for link in root.iter("a"):
            target = link.get("href") or ""
            if target.startswith("http") and target != _TEXT(link):
                link.tail = f": {target}{link.tail or ''}"
        for row in root.iter("tr"):
            cells = [" ".join(_TEXT(cell).split()) for cell in row.iterchildren("td", "th")]
            tail = row.tail
            row.clear()
            row.text, row.tail = LINE_MARK + " | ".join(filter(None, cells)), tail
        for element in root.iter("p", "div", "table", "br"):
            mark = LINE_MARK if element.tag in ("br", "div") else LINE_MARK * 2
            if element.tag != "br":
                element.text = mark + (element.text or "")
            element.tail = mark + (element.tail or "")
        text = " ".join(_TEXT(root).split())
        return re.sub(r"\n{3,}", "\n\n", re.sub(f" ?{LINE_MARK} ?", "\n", text)).strip()
