import { commands, type ExtensionContext, window, workspace } from "vscode";
import { compileTemplate } from "./compile";
import { rehearseTemplate } from "./rehearse";
import { Server } from "./server";
import { affectsServer } from "./settings";

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("buildlint", { log: true });
  const current = (server = new Server(log));
  context.subscriptions.push(
    log,
    commands.registerCommand("buildlint.compileTemplate", () => compileTemplate(current)),
    commands.registerCommand("buildlint.rehearseTemplate", rehearseTemplate),
    commands.registerCommand("buildlint.restartServer", () => current.restart()),
    commands.registerCommand("buildlint.showLog", () => log.show()),
    workspace.onDidChangeConfiguration((event) => {
      if (affectsServer(event)) void current.refresh();
    }),
    workspace.onDidOpenTextDocument((document) => current.look(document)),
    // A template may be typed into a file without one.
    workspace.onDidChangeTextDocument(({ document }) => current.look(document)),
  );
  for (const document of workspace.textDocuments) current.look(document);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
