import { commands, window, workspace } from "vscode";
import type { Server } from "./server";

/** Compile the template of the active editor, and show the parameters of the API call in a new tab. */
export async function compileTemplate(server: Server): Promise<void> {
  const template = window.activeTextEditor?.document;
  if (!template || !(template.languageId === "buildcontent" || server.serves(template))) return;
  let parameters: string;
  try {
    parameters = (await server.execute("buildlint.compile", template.uri.toString())) as string;
  } catch (error) {
    const choice = await window.showErrorMessage((error as Error).message, "Show Problems");
    if (choice) await commands.executeCommand("workbench.actions.view.problems");
    return;
  }
  const document = await workspace.openTextDocument({ language: "json", content: parameters });
  await window.showTextDocument(document, { preview: false });
}
