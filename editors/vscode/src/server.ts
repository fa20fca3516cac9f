import path from "node:path";
import {
  commands,
  type ConfigurationChangeEvent,
  env,
  type LogOutputChannel,
  window,
  workspace,
} from "vscode";
import {
  CloseAction,
  type Executable,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  State,
} from "vscode-languageclient/node";

const PATH = "buildlint.path";
const ARGS = "buildlint.args";

/** Whether a change of settings is one of how the server is started. */
export function affectsServer(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(PATH) || event.affectsConfiguration(ARGS);
}

/** The language server: one for all folders of the window, started anew as often as need be. */
export class Server {
  private client: Client | undefined;
  private settled: Promise<void> = Promise.resolve();

  constructor(private readonly log: LogOutputChannel) {}

  /** Start the server as the settings say, after the end of one that runs. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.end();
      this.client = new Client(executable(), this.log);
      await this.client.start();
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.end());
  }

  /** Have the server execute a command of its own; rejects with its message where it fails. */
  async execute(command: string, ...args: unknown[]): Promise<unknown> {
    await this.settled;
    if (!this.client?.isRunning()) throw new Error("The buildlint server is not running.");
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    return (this.settled = this.settled.then(step));
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // One that does not answer any more is ended all the same.
    if (client?.needsStop()) await client.stop().catch((error: Error) => this.log.error(error));
  }
}

/** A client that tells once, and in the user's terms, that its server does not start. */
class Client extends LanguageClient {
  constructor(
    private readonly server: Executable,
    log: LogOutputChannel,
  ) {
    const options: LanguageClientOptions = {
      documentSelector: [
        { scheme: "file", language: "buildcontent" },
        { scheme: "untitled", language: "buildcontent" },
        { scheme: "file", pattern: "**/*.request.{toml,json}" },
        { scheme: "file", pattern: "**/*.component.{yaml,yml}" },
      ],
      outputChannel: log,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (error, message, count) => usual.error(error, message, count),
        closed: () =>
          this.state === State.Starting
            ? { action: CloseAction.DoNotRestart, handled: true }
            : usual.closed(),
      },
    };
    super("buildlint", "buildlint", server, options);
    const usual = this.createDefaultErrorHandler();
  }

  override async start(): Promise<void> {
    try {
      await super.start();
    } catch (error) {
      this.outputChannel.error(error instanceof Error ? error.message : String(error));
      void this.explain();
    }
  }

  override error(message: string, data?: unknown, showNotification?: boolean | "force"): void {
    // A failing start has one cause, and up to four errors of the library.
    if (this.state === State.Starting || this.state === State.StartFailed) return;
    super.error(message, data, showNotification);
  }

  private async explain(): Promise<void> {
    const command = [this.server.command, ...(this.server.args ?? [])].join(" ");
    const choice = await window.showErrorMessage(
      `"${command}" does not start. Run pip install 'buildlint[server]', ` +
        `or set ${PATH} to where buildlint is.`,
      "Open Setting",
      "Show Log",
    );
    if (choice === "Open Setting") await openSetting();
    if (choice === "Show Log") this.outputChannel.show();
  }
}

async function openSetting(): Promise<void> {
  // The settings are those of the machine that the server runs on.
  const which = env.remoteName ? "openRemoteSettings" : "openSettings";
  await commands.executeCommand(`workbench.action.${which}`, { query: PATH });
}

function executable(): Executable {
  const settings = workspace.getConfiguration();
  return { command: located(settings.get(PATH, "")), args: settings.get(ARGS, []) };
}

/** A path with folders in it is relative to the workspace, a bare name is looked up. */
function located(command: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder && path.basename(command) !== command ? path.resolve(folder, command) : command;
}
