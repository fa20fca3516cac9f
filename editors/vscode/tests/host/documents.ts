import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Diagnostic, languages, Range, type TextDocument, Uri, window, workspace } from "vscode";

export const FROM = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n";

/** Write a file into the workspace. */
export function write(name: string, text: string): Uri {
  const file = path.join(workspace.workspaceFolders![0]!.uri.fsPath, name);
  writeFileSync(file, text);
  return Uri.file(file);
}

/** Write a file into the workspace and open it in an editor. */
export async function open(name: string, text: string): Promise<TextDocument> {
  const editor = await window.showTextDocument(await workspace.openTextDocument(write(name, text)));
  return editor.document;
}

/** Type over a part of a document's text. */
export async function replace(document: TextDocument, old: string, text: string): Promise<void> {
  const start = document.getText().indexOf(old);
  if (start < 0) throw new Error(`${old} is not in ${document.uri}`);
  const range = new Range(document.positionAt(start), document.positionAt(start + old.length));
  const editor = await window.showTextDocument(document);
  await editor.edit((edit) => edit.replace(range, text));
}

/** Wait until a file has diagnostics of just these rules, and return those. */
export async function diagnosed(uri: Uri, ...rules: string[]): Promise<Diagnostic[]> {
  const found = () => {
    const all = languages.getDiagnostics(uri);
    return all.map(rule).sort().join() === rules.sort().join() ? all : undefined;
  };
  return new Promise((resolve) => {
    const look = () => {
      const all = found();
      if (!all) return;
      listener.dispose();
      resolve(all);
    };
    const listener = languages.onDidChangeDiagnostics(look);
    look();
  });
}

/** The code of the rule that a diagnostic is of. */
export function rule({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}
