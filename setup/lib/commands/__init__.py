"""One module per command of `setup/`; each has `main(arguments) -> exit code`."""
