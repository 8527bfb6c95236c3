"""Measures the printing of letters on a seeded ledger. Called in Odoo's shell, with its environment.

Nothing stays: what is printed is rolled back.
"""

from odoo import fields

from lib.bench_measure import measure


def print_letters(env, now, count=200):
    """Print the letters of `count` customers as one PDF; return (measurement, letters in it).

    Each customer gets a street, and a letter that waits; whether it may leave is asked again while printing,
    so that those nobody may write to now are left out.

    :param datetime now: naive UTC, within the hours of the policy
    """
    steps = env["collection.step"]
    template = env["collection.template"].search([("code", "=", "friendly_reminder.friendly")])
    taken = steps.search([("is_asking", "=", True), ("state", "=", "sent")]).case_id
    cases = env["collection.case"].search([("state", "=", "open"), ("amount_overdue", ">", 0)]) - taken
    cases = cases.filtered(lambda case: case.stage_id and not case.hold_code)[:count]
    customers = cases.partner_id
    customers.write({"city": "Sampleton", "zip": "10115"})
    for number, customer in enumerate(customers, 1):  # who shares an address is not written to on the same day
        customer.street = f"{number} Made-up Street"
    items = {case: case.open_item_ids.filtered(lambda item: not item.hold_code and item.days_late > 0) for case in cases}
    reach = cases._reach(cases.ids, {case.id: items[case].move_id.ids for case in cases})
    letters = steps.create(
        [
            {
                "case_id": case.id,
                "company_id": case.company_id.id,
                "stage_id": case.stage_id.id,
                "purpose": template.purpose,
                "template_id": template.id,
                "channel": "letter",
                "state": "to_do",
                "date_planned": now,
                "recipient_id": reach[case.id]["letter"].partner_id,
                "address": reach[case.id]["letter"].address,
                "item_ids": [fields.Command.set(items[case].ids)],
            }
            for case in cases
        ]
    )
    env.flush_all()
    measured = measure(env, lambda: letters.with_context(collection_no_commit=True)._print_letters(now))
    batches, _left_out = measured.result
    printed = sum(batches.mapped("letter_count"))
    env.cr.rollback()
    return measured, printed
