"""The rules of the field in pure Python.

Nothing in here imports Odoo: every rule can be proven in milliseconds, and a rule that needs the
database does not belong here. Outside Odoo the add-on's folder goes on ``sys.path`` and this
package is the top-level ``engine``.
"""
