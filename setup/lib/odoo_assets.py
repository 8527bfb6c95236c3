"""In Odoo's shell: put the pages' scripts and style sheets together once, before copies are made of the database.

Else the first to open a page of each copy waits for them, and two who ask at the same moment may get in each other's way.
"""

SCRIPTS = (
    "web.assets_web",
    "web.assets_emoji",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "bus.websocket_worker_assets",
)
STYLES = ("web.assets_web", "web.assets_web_print", "web.assets_frontend", "web.report_assets_common")

pages = env["ir.qweb"]  # noqa: F821 (Odoo's shell gives `env`)
for bundle in SCRIPTS:
    pages._get_asset_bundle(bundle, css=False, js=True).js()
for bundle in STYLES:
    pages._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()  # noqa: F821
