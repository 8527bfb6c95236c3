"""What happens once, at installation and at removal."""


def post_init_hook(env):
    """Compute the stages of what is already open; nothing is planned or sent."""
    env["collection.run"]._start_companies()


def uninstall_hook(env):
    """Open the log, so that its table can go, and take the trigger off the journal items."""
    env["collection.contact"]._open_log()
    env["collection.item"]._leave_lines()
