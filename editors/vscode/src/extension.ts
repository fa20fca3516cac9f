import { commands, type ExtensionContext, window, workspace } from "vscode";
import { compileTemplate } from "./compile";
import { affectsServer, Server } from "./server";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("buildlint", { log: true });
  const current = (server = new Server(log));
  context.subscriptions.push(
    log,
    commands.registerCommand("buildlint.compileTemplate", () => compileTemplate(current)),
    commands.registerCommand("buildlint.restartServer", () => current.restart()),
    commands.registerCommand("buildlint.showLog", () => log.show()),
    workspace.onDidChangeConfiguration((event) => {
      if (affectsServer(event)) void current.restart();
    }),
  );
  await current.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
