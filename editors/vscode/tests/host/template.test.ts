import assert from "node:assert/strict";
import { type CodeAction, commands, type Diagnostic, extensions, type TextDocument, workspace } from "vscode";
import { diagnosed, FROM, open, replace, write } from "./documents";

const MISTAKE = `${FROM}ENV GREETING="你好 🚀🍀" APP_HOME=/srv/app\n`;

async function quickFixes({ uri }: TextDocument, { range }: Diagnostic): Promise<CodeAction[]> {
  return commands.executeCommand("vscode.executeCodeActionProvider", uri, range, "quickfix");
}

describe("a template", () => {
  it("is told by the name of its file, as a component is, by the packaged extension", async () => {
    for (const name of ["BuildContent", "web.buildcontent", "nginx.component"]) {
      assert.equal((await open(name, FROM)).languageId, "buildcontent");
    }
    const { extensionPath, isActive } = extensions.getExtension("buildlint.buildlint")!;
    assert.ok(isActive);
    assert.match(extensionPath, /\/extensions\/buildlint\.buildlint-[^/]+$/);
  });

  it("has a mistake underlined at its very characters, behind Chinese text and emoji", async () => {
    const document = await open("mistake.buildcontent", MISTAKE);
    const [diagnostic] = await diagnosed(document.uri, "BL332");
    assert.equal(document.getText(diagnostic!.range), "/srv/app");
    assert.equal(diagnostic!.source, "buildlint");
  });

  it("loses a mistake by its quick fix", async () => {
    const document = await open("fix.buildcontent", MISTAKE);
    const [diagnostic] = await diagnosed(document.uri, "BL332");
    const actions = await quickFixes(document, diagnostic!);
    const fix = actions.find(({ title }) => title === "Add double quotes");
    assert.ok(await workspace.applyEdit(fix!.edit!));
    await diagnosed(document.uri);
    assert.equal(document.getText(), MISTAKE.replace("/srv/app", '"/srv/app"'));
  });

  it("loses a mistake by the suppression of its rule", async () => {
    const document = await open("ignore.buildcontent", MISTAKE);
    const [diagnostic] = await diagnosed(document.uri, "BL332");
    const actions = await quickFixes(document, diagnostic!);
    const ignore = actions.find(({ edit }) => edit?.get(document.uri)[0]?.newText.includes("ignore[BL332]"));
    assert.ok(await workspace.applyEdit(ignore!.edit!));
    await diagnosed(document.uri);
  });

  it("is formatted when it is saved", async () => {
    const document = await open("format.buildcontent", FROM);
    await replace(document, FROM, `${FROM}RUN    true\nUSER\tapp`);
    assert.ok(await document.save());
    assert.equal(document.getText(), `${FROM}RUN true\nUSER app\n`);
  });

  it("has its safe fixes made when it is saved, if that is asked for", async () => {
    const settings = workspace.getConfiguration("editor", { languageId: "buildcontent" });
    const set = (value?: object) => settings.update("codeActionsOnSave", value, false, true);
    await set({ "source.fixAll.buildlint": "explicit" });
    const document = await open("fixes.buildcontent", FROM);
    await replace(document, FROM, MISTAKE);
    await diagnosed(document.uri, "BL332");
    assert.ok(await document.save());
    await set();
    assert.equal(document.getText(), MISTAKE.replace("/srv/app", '"/srv/app"'));
  });

  it("is checked before it is a file", async () => {
    const document = await workspace.openTextDocument({
      language: "buildcontent",
      content: `${FROM}EXPOSE 80\n`,
    });
    await diagnosed(document.uri, "BL301");
  });

  it("is checked anew by a restarted server", async () => {
    const document = await open("restart.buildcontent", `${FROM}EXPOSE 80\n`);
    await diagnosed(document.uri, "BL301");
    const gone = diagnosed(document.uri);
    await commands.executeCommand("buildlint.restartServer");
    await gone;
    await diagnosed(document.uri, "BL301");
  });
});

describe("the request beside a template", () => {
  const request = (family: string) =>
    `RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE_FAMILY"\nBaseImage = "${family}"\n`;
  const [same, other] = [request("acs:ubuntu_22_04_x64"), request("acs:ubuntu_24_04_x64")];

  it("has mistakes of its own", async () => {
    const uri = write("size.request.toml", `${same}SystemDiskSize = 10\n`);
    await open("size.buildcontent", FROM);
    const [diagnostic] = await diagnosed(uri, "BL409");
    const document = await workspace.openTextDocument(uri);
    assert.equal(document.getText(diagnostic!.range), "SystemDiskSize");
    await replace(document, "10", "40");
    await diagnosed(uri);
  });

  it("refreshes the template as it is edited", async () => {
    const uri = write("edited.request.toml", same);
    const template = await open("edited.buildcontent", `${FROM}EXPOSE 80\n`);
    await diagnosed(template.uri, "BL301");
    const document = await workspace.openTextDocument(uri);
    await replace(document, "22_04", "24_04");
    await diagnosed(template.uri, "BL210", "BL301");
    await replace(document, "24_04", "22_04");
    await diagnosed(template.uri, "BL301");
  });

  it("refreshes the template as it changes on disk", async () => {
    const name = "written.request.toml";
    write(name, same);
    const template = await open("written.buildcontent", `${FROM}EXPOSE 80\n`);
    await diagnosed(template.uri, "BL301");
    write(name, other);
    await diagnosed(template.uri, "BL210", "BL301");
  });
});

describe("a component in YAML", () => {
  const text = "Tasks:\n  - Name: a\n    Action: RunShellCommand\n    Properties:\n      commandContent: ";

  it("has its mistakes at their places, and their fixes", async () => {
    const document = await open("nginx.component.yaml", `${text}"yum install nginx"\n`);
    assert.notEqual(document.languageId, "buildcontent");
    const [diagnostic] = await diagnosed(document.uri, "BL510");
    assert.equal(document.getText(diagnostic!.range), "yum install");
    await replace(document, "install", "install -y");
    await diagnosed(document.uri);
  });
});
