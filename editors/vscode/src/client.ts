import { commands, env, type LogOutputChannel, window } from "vscode";
import {
  CloseAction,
  type Executable,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  State,
} from "vscode-languageclient/node";
import { TEMPLATES } from "./documents";
import { Hosts } from "./hosts";
import { PATH } from "./settings";

/** A client that tells once, and in the user's terms, that its server does not start. */
export class Client extends LanguageClient {
  readonly hosts = new Hosts(this);

  constructor(
    private readonly server: Executable,
    log: LogOutputChannel,
  ) {
    const options: LanguageClientOptions = {
      documentSelector: TEMPLATES,
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
    this.registerFeature(this.hosts);
  }

  override async start(): Promise<void> {
    try {
      await super.start();
    } catch (error) {
      this.outputChannel.error(error instanceof Error ? error.message : String(error));
      void this.explain();
    }
  }

  execute(command: string, args: unknown[]): Promise<unknown> {
    return this.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
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
