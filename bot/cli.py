"""Which commands are there? Each is a function in the module of its group; this is their list.

Nothing here may import aiogram: it takes seconds, and most commands do without it.
"""

import typer

from bot import (
    cli_backup,
    cli_database,
    cli_desk,
    cli_doctor,
    cli_outbox,
    cli_record,
    cli_rules,
    cli_run,
)

cli = typer.Typer(
    help="Minsheng (民声): the petition desk in a messenger.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
cli.command()(cli_run.run)
cli.command()(cli_run.demo)
cli.command()(cli_desk.new_key)
cli.command()(cli_desk.bind_code)
cli.command()(cli_desk.verify_receipt)
cli.command()(cli_backup.backup)
cli.command()(cli_database.migrate)
cli.command()(cli_doctor.doctor)
cli.command()(cli_database.copy_database)
cli.command()(cli_record.verify)
cli.command()(cli_record.erase)
cli.command()(cli_record.rotate_keys)
cli.command()(cli_record.dossier)
cli.add_typer(cli_outbox.outbox, name="outbox")
cli.command()(cli_rules.deadline)
cli.command()(cli_rules.classify)


def main() -> None:
    """The console command `minsheng`."""
    cli()
