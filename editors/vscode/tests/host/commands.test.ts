import assert from "node:assert/strict";
import { commands, Position, Selection, window, workspace } from "vscode";
import { diagnosed, FROM, open, write } from "./documents";

describe("compile", () => {
  it("shows the parameters of the API call in a new tab", async () => {
    write("shop.request.toml", 'RegionId = "cn-hangzhou"\nName = "shop"\n');
    const template = await open("shop.buildcontent", `# the shop\n${FROM}RUN true\n`);
    await diagnosed(template.uri);
    await commands.executeCommand("buildlint.compileTemplate");
    const { document } = window.activeTextEditor!;
    assert.ok(document.isUntitled);
    assert.equal(document.languageId, "json");
    assert.deepEqual(JSON.parse(document.getText()), {
      RegionId: "cn-hangzhou",
      Name: "shop",
      BaseImageType: "IMAGE_FAMILY",
      BaseImage: "acs:ubuntu_22_04_x64",
      BuildContent: `${FROM}RUN true`,
    });
  });
});

describe("typing", () => {
  async function typed(text: string, keys: string[]): Promise<string> {
    const document = await workspace.openTextDocument({ language: "buildcontent", content: text });
    await window.showTextDocument(document);
    const end = document.positionAt(document.getText().length);
    window.activeTextEditor!.selection = new Selection(end, end);
    for (const key of keys) await commands.executeCommand("type", { text: key });
    return document.getText();
  }

  for (const command of ["RUN make", "ENV A=1", "# why\nRUN make"]) {
    it(`indents the first line behind a backslash, and no further: ${command}`, async () => {
      assert.equal(
        await typed(`${FROM}${command} \\`, ["\n", "b \\", "\n", "# c", "\n", "d \\", "\n", "e"]),
        `${FROM}${command} \\\n    b \\\n    # c\n    d \\\n    e`,
      );
    });
  }

  for (const start of ["ENV A=", "RUN echo "]) {
    it(`closes a quote: ${start}`, async () => {
      assert.equal(await typed(`${FROM}${start}`, ['"']), `${FROM}${start}""`);
    });
  }

  it("comments a line", async () => {
    const document = await open("comment.buildcontent", `${FROM}RUN true\n`);
    const line = new Position(1, 0);
    window.activeTextEditor!.selection = new Selection(line, line);
    await commands.executeCommand("editor.action.commentLine");
    assert.equal(document.getText(), `${FROM}# RUN true\n`);
  });
});
