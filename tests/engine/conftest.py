"""Property tests try the same examples in each run, so that a verdict can be repeated."""
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
