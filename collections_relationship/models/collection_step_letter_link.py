"""The address printed on a letter: short enough to be typed, leads to the page a link in a mail leads to."""
import secrets

from odoo import api, fields, models
from odoo.tools import SQL

LETTER_PATH = "/letter"
#: Digits and capitals nobody takes for one another; O, I and L are read as the digits they look like.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OIL", "011")
#: Groups of four characters; three of them are 60 random bits.
GROUPS = 3


class CollectionStep(models.Model):
    _inherit = "collection.step"

    letter_code = fields.Char(readonly=True, groups="base.group_system", help="What the address printed on the letter ends in.")

    _letter_code_unique = models.UniqueIndex("(letter_code) WHERE letter_code IS NOT NULL", "This code is taken.")

    def _letter_links(self):
        """Return the address to print on each letter, as ``{step id: address}``; the same step always gets the same."""
        steps_sudo = self.sudo()  # the codes are for nobody to read; the address goes into the letter
        steps_sudo._ensure_letter_codes()
        base_urls = {company: company.get_base_url() for company in {step._speaker() for step in steps_sudo}}
        return {step.id: base_urls[step._speaker()] + step._letter_path() for step in steps_sudo}

    def _letter_path(self):
        """Return the path printed on the letter; its code must have been set."""
        code = self.letter_code
        return f"{LETTER_PATH}/{'-'.join(code[place : place + 4] for place in range(0, len(code), 4))}"

    def _ensure_letter_codes(self):
        """Give the letters without a code theirs, in one statement."""
        fresh = self.filtered(lambda step: not step.letter_code)
        if not fresh:
            return
        codes = ["".join(secrets.choice(ALPHABET) for _place in range(4 * GROUPS)) for _step in fresh]
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_step
                   SET letter_code = fresh.code
                  FROM unnest(%s, %s) AS fresh(id, code)
                 WHERE collection_step.id = fresh.id AND collection_step.letter_code IS NULL
             RETURNING collection_step.id
                """,
                fresh.ids,
                codes,
            )
        )
        fresh.invalidate_recordset(["letter_code"], flush=False)

    @api.model
    def _find_by_letter_code(self, code):
        """Return the path of the page a printed code leads to, nothing where no letter has it.

        The page itself says what is wrong with a link that has run out or was taken back.

        :param str code: as somebody typed it
        """
        typed = "".join(character for character in code.upper() if character.isalnum()).translate(LOOKALIKES)
        step_sudo = self.sudo().search([("letter_code", "=", typed)], limit=1) if len(typed) == 4 * GROUPS else None
        if not step_sudo:
            return ""
        step_sudo._ensure_link_keys()
        return step_sudo._payment_path() if step_sudo.is_asking or step_sudo._has_link() else step_sudo._preference_path()
