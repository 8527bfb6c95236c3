"""What happens once, at installation and at removal."""


def post_init_hook(env):
    """Compute the stages of what is already open; nothing is planned or sent."""
    env["collection.run"]._start_companies()


def uninstall_hook(env):
    """Open the log, which nothing else may change, so that its table can go."""
    env["collection.contact"]._open_log()
