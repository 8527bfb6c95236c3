"""What the commands in `setup/` share: from a bare machine to a working Odoo 19.

Only the standard library is imported here, because this code runs before
anything is installed. Other commands use `lib.api`.
"""
