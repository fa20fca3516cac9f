import path from "node:path";
import { Uri } from "vscode";
import {
  CodeActionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  type FeatureState,
  HoverRequest,
  type LanguageClient,
  type RegistrationData,
  type ServerCapabilities,
  type StaticFeature,
  type TextDocumentRegistrationOptions,
  TextDocumentSyncKind,
} from "vscode-languageclient/node";

/**
 * What a client does about files of infrastructure code with templates, one by one.
 *
 * That is less than for templates: how such a file is formatted and completed is the business of
 * another extension.
 */
export class Hosts implements StaticFeature {
  private readonly files = new Set<string>();
  private actions: ServerCapabilities["codeActionProvider"];
  private isInitialized = false;

  constructor(private readonly client: LanguageClient) {}

  /** Serve a file, from when the server runs on. */
  serve(file: string): void {
    if (this.files.has(file)) return;
    this.files.add(file);
    if (this.isInitialized) this.register(Uri.parse(file));
  }

  /** Called whenever the server was started. */
  initialize({ codeActionProvider }: ServerCapabilities): void {
    this.actions = codeActionProvider;
    this.isInitialized = true;
    for (const file of this.files) this.register(Uri.parse(file));
  }

  clear(): void {
    this.isInitialized = false;
  }

  fillClientCapabilities(): void {}

  getState(): FeatureState {
    return { kind: "static" };
  }

  private register(file: Uri): void {
    const pattern = path.posix.basename(file.path).replace(/[[\]{}*?]/g, "[$&]");
    const baseUri = Uri.joinPath(file, "..").toString();
    const registerOptions = {
      documentSelector: [{ scheme: file.scheme, pattern: { baseUri, pattern } }],
      syncKind: TextDocumentSyncKind.Incremental,
      codeActionKinds: typeof this.actions === "object" ? this.actions.codeActionKinds : undefined,
    };
    const features: Registering[] = [
      this.client.getFeature(DidOpenTextDocumentNotification.method),
      this.client.getFeature(DidChangeTextDocumentNotification.method),
      this.client.getFeature(DidSaveTextDocumentNotification.method),
      this.client.getFeature(DidCloseTextDocumentNotification.method),
      this.client.getFeature(CodeActionRequest.method),
      this.client.getFeature(HoverRequest.method),
    ];
    for (const feature of features) feature.register({ id: file.toString(), registerOptions });
  }
}

interface Registering {
  register(data: RegistrationData<TextDocumentRegistrationOptions>): void;
}
