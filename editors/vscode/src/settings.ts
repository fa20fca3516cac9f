import path from "node:path";
import { type ConfigurationChangeEvent, workspace } from "vscode";
import type { Executable } from "vscode-languageclient/node";

export const PATH = "buildlint.path";
const ARGS = "buildlint.args";

/** Whether a change of settings is one of how the server is started. */
export function affectsServer(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(PATH) || event.affectsConfiguration(ARGS);
}

/** The program to start, as the settings say. */
export function executable(): Executable {
  const settings = workspace.getConfiguration();
  return { command: located(settings.get(PATH, "")), args: settings.get(ARGS, []) };
}

/** A path with folders in it is relative to the workspace, a bare name is looked up. */
function located(command: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder && path.basename(command) !== command ? path.resolve(folder, command) : command;
}
