{
    "name": "Collections with Care",
    "version": "19.0.1.0.0",
    "summary": "Follow up late invoices, get paid, keep the customer",
    "category": "Accounting/Accounting",
    "author": "Collections Relationship maintainers",
    "license": "LGPL-3",
    "depends": ["account_payment", "sms"],
    "data": [],
    "installable": True,
}
