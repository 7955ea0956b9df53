include: "workflow/Snakefile"


# An included file does not choose what is made by default; `all` is its last rule.
workflow.default_target = [rule.name for rule in workflow.rules][-1]
