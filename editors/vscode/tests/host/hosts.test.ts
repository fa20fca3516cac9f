import assert from "node:assert/strict";
import { type CodeAction, commands, languages, type TextDocument, window, workspace } from "vscode";
import { diagnosed, open, replace } from "./documents";

const TERRAFORM = `\
resource "alicloud_ecs_image_pipeline" "web" {
  name          = "网站"
  build_content = <<-EOT
    FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64
    ENV GREETING="你好 🚀🍀" APP_HOME=/srv/app
  EOT
}
`;
const STACK = `\
ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Web:
    Type: ALIYUN::ECS::ImagePipeline
    Properties:
      BuildContent: "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\\nENV APP_HOME=/srv/app\\n"
`;

/** Make the quick fix for the only mistake. */
async function fix({ uri }: TextDocument, rule: string, title: string): Promise<void> {
  const [diagnostic] = await diagnosed(uri, rule);
  const actions: CodeAction[] = await commands.executeCommand(
    "vscode.executeCodeActionProvider",
    uri,
    diagnostic!.range,
    "quickfix",
  );
  const action = actions.find((each) => each.title === title);
  assert.ok(await workspace.applyEdit(action!.edit!));
  await diagnosed(uri);
}

describe("a template in Terraform", () => {
  it("has a mistake underlined at its very characters, and loses it by its quick fix", async () => {
    const document = await open("main.tf", TERRAFORM);
    const [diagnostic] = await diagnosed(document.uri, "BL332");
    assert.equal(document.getText(diagnostic!.range), "/srv/app");
    await fix(document, "BL332", "Add double quotes");
    assert.equal(document.getText(), TERRAFORM.replace("/srv/app", '"/srv/app"'));
  });
});

describe("a template in YAML", () => {
  it("has its fixes with the escapes of the string", async () => {
    const document = await open("stack [a] {b}.yaml", STACK);
    assert.equal(document.languageId, "yaml");
    await fix(document, "BL332", "Add double quotes");
    assert.equal(document.getText(), STACK.replace("/srv/app", '\\"/srv/app\\"'));
  });

  it("is found when it is typed", async () => {
    const document = await open("typed.yaml", STACK.replace("ImagePipeline", "Image"));
    await replace(document, "Image\n", "ImagePipeline\n");
    await diagnosed(document.uri, "BL332");
    await replace(document, "ImagePipeline", "Instance");
    await diagnosed(document.uri);
  });

  it("is checked anew by a restarted server", async () => {
    const document = await open("restarted.yaml", STACK);
    await diagnosed(document.uri, "BL332");
    const gone = diagnosed(document.uri);
    await commands.executeCommand("buildlint.restartServer");
    await gone;
    await diagnosed(document.uri, "BL332");
  });

  it("is compiled", async () => {
    await open("compiled.yml", STACK.replace("/srv/app", '\\"/srv/app\\"'));
    await commands.executeCommand("buildlint.compileTemplate");
    const { document } = window.activeTextEditor!;
    assert.deepEqual(JSON.parse(document.getText()), {
      BaseImageType: "IMAGE_FAMILY",
      BaseImage: "acs:ubuntu_22_04_x64",
      BuildContent: 'FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nENV APP_HOME="/srv/app"',
    });
  });

  it("leaves the formatting of the file to others", async () => {
    const document = await open("formatted.yaml", STACK);
    await diagnosed(document.uri, "BL332");
    const edits = await commands.executeCommand("vscode.executeFormatDocumentProvider", document.uri);
    assert.equal(edits, undefined);
  });
});

describe("a file without a template", () => {
  it("is left alone, whatever it holds", async () => {
    const document = await open("values.yaml", "a: [\nRESTART now\n");
    await open("later.yaml", STACK);
    await diagnosed(window.activeTextEditor!.document.uri, "BL332");
    assert.deepEqual(languages.getDiagnostics(document.uri), []);
  });
});
