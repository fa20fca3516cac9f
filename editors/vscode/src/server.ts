import { commands, type LogOutputChannel, type TextDocument, type Uri } from "vscode";
import type { Client } from "./client";
import { isTemplate, mayHoldTemplate } from "./documents";
import { executable } from "./settings";

/**
 * The language server: one for all folders of the window. It is started when the first document is
 * open that it is for, and anew as often as need be.
 */
export class Server {
  private client: Client | undefined;
  private settled: Promise<void> = Promise.resolve();
  private isWanted = false;
  /** The files of infrastructure code in which there was a template, by their addresses. */
  private readonly hosts = new Map<string, Uri>();

  constructor(private readonly log: LogOutputChannel) {}

  /** Look at a document: it may be one for the server. */
  look(document: TextDocument): void {
    if (isTemplate(document)) this.want();
    else if (!this.serves(document) && mayHoldTemplate(document)) this.serve(document.uri);
  }

  /** Whether a document is a file of infrastructure code that the server is told about. */
  serves(document: TextDocument): boolean {
    return this.hosts.has(document.uri.toString());
  }

  /** Start the server as the settings say, after the end of one that runs. */
  restart(): Promise<void> {
    this.isWanted = true;
    return this.enqueue(async () => {
      await this.end();
      // Most of the extension: a window without templates does without it.
      const { Client } = await import("./client.js");
      this.client = new Client(executable(), this.log);
      for (const host of this.hosts.keys()) this.client.hosts.serve(host);
      await this.client.start();
    });
  }

  /** Do so if it was started before. */
  async refresh(): Promise<void> {
    if (this.isWanted) await this.restart();
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.end());
  }

  /** Have the server execute a command of its own; rejects with its message where it fails. */
  async execute(command: string, ...args: unknown[]): Promise<unknown> {
    await this.settled;
    if (!this.client?.isRunning()) throw new Error("The buildlint server is not running.");
    return this.client.execute(command, args);
  }

  private want(): void {
    if (!this.isWanted) void this.restart();
  }

  private serve(file: Uri): void {
    this.hosts.set(file.toString(), file);
    // The command that compiles is enabled for these.
    const paths = [...this.hosts.values()].map(({ fsPath }) => fsPath);
    void commands.executeCommand("setContext", "buildlint.hosts", paths);
    this.client?.hosts.serve(file.toString());
    this.want();
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
