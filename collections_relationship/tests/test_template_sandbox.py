"""Writing without code: a manager without template rights writes with the picker, and reaches no other data."""
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from .test_template_preview import PreviewCommon

SECRET = "Secret-of-another-model-4711"
#: Each tries to make the message say, run or fetch something it must not.
ATTEMPTS = (
    '<t t-out="env[\'ir.config_parameter\'].sudo().get_param(\'collection.secret\')"/>',
    '<p t-out="object.partner_id.vat">x</p>',
    "<p t-field=\"user.company_id.vat\">x</p>",
    "<t t-call=\"web.login\"/>",
    "<t t-set=\"x\" t-value=\"env.cr.execute('SELECT 1')\"/>",
    "<t t-foreach=\"env['res.users'].search([])\" t-as=\"u\" t-out=\"u.login\"/>",
    "${object.partner_id.vat}",
    "{% for u in env['res.users'] %}{% endfor %}",
    "#{env.user.login}",
    "%(vat)s {0.vat}",
    "<img src=\"/web/image/res.users/2/password\" onerror=\"steal()\"/>",
    "<script>fetch('/web/dataset/call_kw')</script>",
    "<p onclick=\"steal()\" onmouseover=\"steal()\">x</p>",
    "<a href=\"javascript:steal()\">x</a>",
    "<a href=\"/web/session/logout\">x</a>",
    "<style>@import url('http://evil.example/x.css'); p { background: url(http://evil.example/) }</style>",
    "<p style=\"background-image:url('http://evil.example/')\">x</p>",
    "<iframe src=\"/odoo\"></iframe><object data=\"/odoo\"></object><embed src=\"/odoo\"/>",
    "<form action=\"/web/dataset/call_kw\"><input name=\"x\"/></form>",
    "<!--[if mso]><script>steal()</script><![endif]-->",
    "<svg onload=\"steal()\"><script>steal()</script></svg>",
    "<base href=\"http://evil.example/\"/><meta http-equiv=\"refresh\" content=\"0;url=http://evil.example\"/>",
)
#: What must be nowhere, in the form stored or in the mail.
MARKS = (
    "<script", "<style", "<iframe", "<object", "<embed", "<form", "<input", "<svg", "<base", "<meta", "<t ", "t-out",
    "t-field", "t-call", "t-foreach", "t-set", "onclick", "onerror", "onload", "onmouseover", "javascript:",
    "evil.example", "/web/session", "/web/image/res.users", "/web/dataset", "<!--",
)  # fmt: skip
#: Each is refused when it is saved: braces hold the name of a placeholder and nothing else.
EXPRESSIONS = (
    "{{object.partner_id.vat}}",
    "{{ env['ir.config_parameter'].sudo().get_param('collection.secret') }}",
    "{{object.name ||| x}}",
    "{{user.login}}",
    "{{ctx}}",
    "{{__class__}}",
    "{{items.__class__}}",
)


@tagged("post_install", "-at_install")
class TestSandbox(PreviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("collection.secret", SECRET)
        cls.customer.vat = SECRET
        cls.own = cls.template.with_user(cls.manager)

    def _body(self, attempt):
        return f"<p>{{{{greeting}}}}</p>{attempt}<div>{{{{items}}}}</div><p>The end.</p>"

    def test_the_manager_has_no_right_on_templates_of_odoo(self):
        self.assertFalse(self.manager.has_group("mail.group_mail_template_editor"))

    def test_he_edits_every_text_of_a_message(self):
        self.own.write(
            {
                "subject": "A word from {{company}}",
                "preview": "A short one",
                "body_html": self._body("<p>My own words.</p>"),
                "sms_body": "My own words {{pay_link}}",
                "letter_html": self._body("<p>On paper.</p>"),
                "call_html": "<p>On the phone.</p>",
            }
        )
        self.assertIn("My own words.", self._look()["html"])
        self.assertIn("On paper.", self._look(channel="letter")["html"])
        self.assertIn("My own words", self._look(channel="sms")["text"])

    def test_nothing_he_stores_runs_or_fetches(self):
        for attempt in ATTEMPTS:
            with self.subTest(attempt=attempt):
                self.own.body_html = self._body(attempt)
                stored = str(self.own.body_html)
                self.assertIn("The end.", stored)
                self.assertFalse([mark for mark in MARKS if mark in stored])

    def test_no_message_says_what_another_model_keeps(self):
        step = self._step(self.case, self.item)
        for attempt in ATTEMPTS:
            with self.subTest(attempt=attempt):
                self.own.write({"body_html": self._body(attempt), "letter_html": self._body(attempt)})
                seen = self._look(values={"body_html": self._body(attempt), "call_html": attempt})
                mail = step._render(self.case.date_opened)[step.id].body_html
                for said in (seen["html"], str(mail), self._look(channel="letter")["html"]):
                    self.assertIn("The end.", said)
                    self.assertNotIn(SECRET, said)
                    self.assertNotIn(self.manager.login, said.replace(self.manager.email, ""))
                    self.assertFalse([mark for mark in ("steal()", "evil.example", "t-out", "<iframe") if mark in said])

    def test_braces_hold_names_of_placeholders_only(self):
        for expression in EXPRESSIONS:
            for field in ("subject", "preview", "body_html", "sms_body", "letter_html", "portal_html", "call_html"):
                with self.subTest(expression=expression, field=field), self.assertRaises(ValidationError):
                    self.own[field] = self._body(expression) if field.endswith("html") else expression

    def test_a_text_message_says_code_as_it_stands(self):
        for attempt in ("${object.vat}", "#{env.user.login}", "<t t-out='env.user.login'/>"):
            self.own.sms_body = attempt
            self.assertEqual(self._look(channel="sms")["text"], attempt)

    def test_what_a_customer_is_called_is_no_code_either(self):
        self.customer.name = "{{items}} <script>steal()</script> [? ${1+1}"
        seen = self._look(values={"body_html": "<p>{{customer}}</p><div>{{items}}</div>"})
        self.assertIn("{{items}} &lt;script&gt;steal()&lt;/script&gt; [? ${1+1}", seen["html"])

    def test_a_table_in_the_middle_of_a_sentence_gets_its_own_line(self):
        self.own.body_html = "<p>Please see <b>this {{items}} list</b> soon.</p>"
        self.assertEqual(
            self.own.body_html, "<p>Please see <b>this </b></p><div>{{items}}</div><p><b> list</b> soon.</p>"
        )

    def test_colours_and_links_a_manager_chose_stay(self):
        words = '<p style="text-align: center;">See <a href="https://example.com/a">our page</a>.</p>'
        self.own.body_html = self._body(words)
        self.assertIn(words, self._look()["html"])


@tagged("post_install", "-at_install")
class TestWriting(PreviewCommon, HttpCase):
    def test_a_message_is_written_in_the_browser(self):
        french = self.template.with_context(lang="fr_FR")
        before = french.subject, french.body_html
        self.start_tour(
            f"/odoo/collection-messages/{self.template.id}",
            "collections_relationship_write_message",
            login=self.manager.login,
        )
        self.env.invalidate_all()
        stored = str(self.template.body_html)
        self.assertRegex(stored, "it is still open\\. It comes to(?: |&nbsp;|\N{NO-BREAK SPACE})\\{\\{amount_due\\}\\}")
        self.assertIn("<div>{{other_items}}</div>", stored)
        self.assertNotIn("o_collection", stored)
        self.assertIn("{{customer}}", self.template.subject)
        self.assertEqual((french.subject, french.body_html), before)
        self.assertIn("1,200.00", self._look()["html"])
