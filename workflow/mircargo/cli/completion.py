"""What a shell completes after a command."""

import rich_click as click
from click.shell_completion import CompletionItem


def complete_file(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Have the shell complete the names of files, for an argument that may be something else as well."""
    return [CompletionItem(incomplete, type="file")]
