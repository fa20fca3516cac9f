import { ProcessExecution, Task, TaskRevealKind, TaskScope, tasks, window, workspace } from "vscode";
import { executable } from "./settings";

/**
 * Rehearse the template of the active editor, as a task in a terminal: only this command runs what a
 * template says, and only when somebody asks for it.
 */
export async function rehearseTemplate(): Promise<void> {
  const template = window.activeTextEditor?.document;
  if (template?.languageId !== "buildcontent" || !workspace.isTrusted) return;
  if (!(await template.save())) return;
  const { command, args = [] } = executable();
  // What stands before `server` starts the program: `-m buildlint`.
  const first = args.slice(0, Math.max(0, args.indexOf("server")));
  const run = new ProcessExecution(command, [...first, "rehearse", template.uri.fsPath]);
  const scope = workspace.getWorkspaceFolder(template.uri) ?? TaskScope.Workspace;
  const task = new Task({ type: "process" }, scope, "rehearse", "buildlint", run, []);
  task.presentationOptions = { reveal: TaskRevealKind.Always, focus: true, clear: true };
  await tasks.executeTask(task);
}
