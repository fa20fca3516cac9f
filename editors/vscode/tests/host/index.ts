import { readdirSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import { workspace } from "vscode";

/** VS Code's entry to tests: runs those of this folder, and leaves a report in the workspace. */
export async function run(): Promise<void> {
  const output = path.join(workspace.workspaceFolders![0]!.uri.fsPath, "report.json");
  const mocha = new Mocha({ timeout: 30_000, reporter: "json", reporterOptions: { output } });
  mocha.forbidOnly();
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith(".test.js")) mocha.addFile(path.join(__dirname, file));
  }
  await new Promise((resolve) => mocha.run(resolve));
}
