"""A message is built the quick way exactly as Odoo would build it."""
from email import policy
from email.parser import BytesParser

from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestMime(CollectionCommon):
    def _mail(self, partner=None):
        self._create_item(8, 250.0, partner=partner)
        self._night()
        step = self._case(partner).with_env(self._root_env()).step_ids
        return step, step._create_mails(step._render_safely(self.now))

    def _both(self, step, mail):
        """Return the message built the quick way and Odoo's way, as a mail server hands them on."""
        quick, odoo = {"step_id": step.id}, {"step_id": step.id}
        self.assertEqual(step._build_messages(mail, [quick]), [quick])
        self.assertTrue(step._build_as_odoo(mail, odoo))
        self.assertEqual(quick["to"], odoo["to"])
        self.assertEqual(quick["return_path"], odoo["return_path"])
        self.assertIsNot(type(quick["message"].policy), type(odoo["message"].policy))
        return [
            BytesParser(policy=policy.default).parsebytes(envelope["message"].as_bytes()) for envelope in (quick, odoo)
        ]

    def _assert_same(self, quick, odoo):
        def headers(message):
            # Odoo writes a header for the return path even where there is none.
            kept = [name for name, value in message.items() if value and name not in ("Date", "Content-Type")]
            return [(name.lower(), str(message[name])) for name in kept]

        self.assertCountEqual(headers(quick), headers(odoo))
        self.assertEqual(quick["Date"].datetime.utcoffset(), odoo["Date"].datetime.utcoffset())
        self.assertAlmostEqual(quick["Date"].datetime.timestamp(), odoo["Date"].datetime.timestamp(), delta=60)
        self.assertEqual(quick.get_content_type(), odoo.get_content_type())
        for kind in ("plain", "html"):
            ours, theirs = quick.get_body((kind,)), odoo.get_body((kind,))
            self.assertEqual(ours.get_content_charset(), theirs.get_content_charset())
            self.assertEqual(ours.get_content().rstrip(), theirs.get_content().rstrip())
        self.assertFalse(quick.defects)

    def test_an_ordinary_message(self):
        self._assert_same(*self._both(*self._mail()))

    def test_the_address_to_unsubscribe_stays_in_one_piece_either_way(self):
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "https://accounts.a-long-made-up-name.example")
        step, mail = self._mail()
        self._assert_same(*self._both(step, mail))
        link = step._preference_links()[step.id]
        for build in (step._build_messages, lambda _mails, envelopes: step._build_as_odoo(mail, envelopes[0])):
            envelope = {"step_id": step.id}
            build(mail, [envelope])
            lines = envelope["message"].as_bytes(policy=envelope["message"].policy.clone(linesep="\r\n")).split(b"\r\n")
            self.assertIn(f"List-Unsubscribe: <{link}/unsubscribe>".encode(), lines)
            self.assertIn(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", lines)

    def test_names_beyond_ascii_and_quotes(self):
        partner = self._create_customer('Käse & Söhne, "Made-up" @ Home ' + "Œuvre " * 12, lang="en_US")
        self._assert_same(*self._both(*self._mail(partner)))

    def test_writing_without_latin_letters(self):
        step, mail = self._mail()
        mail.write({"subject": "תזכורת ידידותית " * 8, "body_html": "<p>%s</p>" % ("שלום וברכה. " * 60)})
        self._assert_same(*self._both(step, mail))

    def test_lines_a_mail_server_would_stumble_over(self):
        step, mail = self._mail()
        mail.body_html = "<p>.</p>\n.\n..\nFrom here\n<p>%s</p>\n--=_collections_relationship--\n = " % ("x" * 3000)
        self._assert_same(*self._both(step, mail))

    def test_two_messages_of_one_batch_keep_what_is_theirs(self):
        step, mail = self._mail()
        other_step, other_mail = self._mail(self._create_customer("Gemini Furniture"))
        envelopes = [{"step_id": step.id}, {"step_id": other_step.id}]
        (step | other_step)._build_messages(mail | other_mail, envelopes)
        first, second = (envelope["message"] for envelope in envelopes)
        self.assertEqual((first["Message-Id"], second["Message-Id"]), (mail.message_id, other_mail.message_id))
        self.assertIn("azureinterior@", first["To"])
        self.assertIn("geminifurniture@", second["To"])
        for one, message in ((step, first), (other_step, second)):
            self.assertIn(one.item_ids.move_id.name, message.get_body(("html",)).get_content())
            self.assertIn(one.item_ids.move_id.name, message.get_body(("plain",)).get_content())

    def test_another_module_that_builds_mails_keeps_its_say(self):
        step, mail = self._mail()
        Server = self.registry["ir.mail_server"]
        build = Server._build_email__

        def build_with_header(server, *args, **kwargs):
            message = build(server, *args, **kwargs)
            message["X-Made-Up"] = "yes"
            return message

        self.patch(Server, "_build_email__", build_with_header)
        envelope = {"step_id": step.id}
        step._build_messages(mail, [envelope])
        self.assertEqual(envelope["message"]["X-Made-Up"], "yes")

    def test_headers_of_the_mail_itself_are_kept(self):
        step, mail = self._mail()
        mail.headers = "{'X-Made-Up': 'yes'}"
        envelope = {"step_id": step.id}
        step._build_messages(mail, [envelope])
        self.assertEqual(envelope["message"]["X-Made-Up"], "yes")

    def test_without_a_sender_nothing_is_built(self):
        step, mail = self._mail()
        mail.email_from = False
        self.assertFalse(step._build_messages(mail, [{"step_id": step.id}]))
        self.assertEqual((step.state, step.cancel_code), ("cancelled", "no_sender"))
