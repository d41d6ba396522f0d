"""Where a check writes down what is wrong, in Slack's words and with its JSON pointer."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """`warnings` are for what Slack accepts although its documentation sets a lower limit."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def error(self, message: str, pointer: str) -> None:
        self.errors.append(f"{message} [json-pointer:{pointer}]")

    def warn(self, message: str, pointer: str) -> None:
        self.warnings.append(f"{message} [json-pointer:{pointer}]")
