import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const ROOT = process.cwd();
const PROGRAM = path.join(ROOT, ".code-server/node_modules/.bin/code-server");

/** What every test wants: nothing in the way, and nothing that changes by itself. */
const SETTINGS = {
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** VS Code as a server, in a home of its own, with the packaged extension installed. */
export class CodeServer {
  private readonly home = mkdtempSync(path.join(tmpdir(), "buildlint-vscode-"));
  private server: ChildProcess | undefined;
  private origin = "";

  async start(): Promise<void> {
    const log = execFileSync(PROGRAM, [...this.options, "--install-extension", "dist/buildlint.vsix"], {
      env: this.environment,
      encoding: "utf8",
    });
    if (!log.includes("successfully installed")) throw new Error(log);
    const listen = ["--auth=none", "--bind-addr=127.0.0.1:0", "--disable-getting-started-override"];
    this.server = spawn(PROGRAM, [...this.options, ...listen], {
      env: this.environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: this.server.stdout! });
    this.origin = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        const address = /listening on (http:\S+?)\/?$/.exec(line)?.[1];
        if (address) resolve(address);
      });
      lines.on("close", () => reject(new Error("code-server ended before it listened")));
    });
  }

  async stop(): Promise<void> {
    if (this.server && this.server.exitCode === null) {
      this.server.kill();
      await once(this.server, "exit");
    }
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Replace all settings by those of every test and some more, which may be of the extension. */
  configure(settings: Record<string, unknown> = {}): void {
    // What program is started is a setting of the machine: the user's are not asked for it.
    const isOfMachine = ([name]: [string, unknown]) => name.startsWith("buildlint.");
    const given = Object.entries(settings);
    this.write("Machine", given.filter(isOfMachine));
    this.write("User", [...Object.entries(SETTINGS), ...given.filter((each) => !isOfMachine(each))]);
  }

  /** Make a folder with these files in it, executable all. */
  folder(files: Record<string, string>): string {
    const folder = mkdtempSync(path.join(this.home, "workspace-"));
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: 0o755 });
    }
    return folder;
  }

  /** The address of a window on a folder; each pair of the payload names a file of the server. */
  address(folder: string, payload: [name: string, file: string][] = []): string {
    const authority = new URL(this.origin).host;
    const remote = payload.map(([name, file]) => [name, `vscode-remote://${authority}${file}`]);
    const query = new URLSearchParams({ folder, payload: JSON.stringify(remote) });
    return `${this.origin}/?${query}`;
  }

  private write(kind: "Machine" | "User", settings: [string, unknown][]): void {
    const folder = path.join(this.home, "data", kind);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "settings.json"), JSON.stringify(Object.fromEntries(settings)));
  }

  private get options(): string[] {
    return [
      `--user-data-dir=${path.join(this.home, "data")}`,
      `--extensions-dir=${path.join(this.home, "extensions")}`,
      `--config=${path.join(this.home, "config.yaml")}`,
      "--disable-telemetry",
      "--disable-update-check",
    ];
  }

  private get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: this.home,
      XDG_CONFIG_HOME: this.home,
      XDG_DATA_HOME: this.home,
      EXTENSIONS_GALLERY: "{}",
      VSCODE_CLI: "1", // take this environment as it is, ask no login shell for another
    };
  }
}
