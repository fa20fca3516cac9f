import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { CodeServer } from "./code-server";

// Programs to use, and the folder that the pictures go to. `buildlint` is on the path, too.
const { BUILDLINT = "", CHROMIUM, IMAGES = "", PYTHON = "" } = process.env;

/** A template as one writes it who knows Docker: the one of the picture. */
const SHOP = `\
# Web server of the shop
FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64

ENV APP_HOME=/srv/shop
RUN apt-get update && \\
    # serves the pages
    apt-get install -y nginx && \\
    rm -rf /var/lib/apt/lists/*

WORKDIR /srv/shop
COPY https://example.com/shop.tar.gz?v=3 /srv/shop
EXPOSE 80
RESTART
CMD ["/usr/sbin/nginx", "-g", "daemon off;"]
`;
const MISTAKE = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nENV APP_HOME=/srv/shop\n";

/** Nothing but an editor and its panel, for pictures. */
const BARE = {
  "breadcrumbs.enabled": false,
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "workbench.activityBar.location": "hidden",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.layoutControl.enabled": false,
  "workbench.statusBar.visible": false,
};

const code = new CodeServer();
let browser: Browser;
let page: Page;

before(async () => {
  await code.start();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  await code.stop();
});

beforeEach(async () => {
  code.configure();
  page = await browser.newPage({ viewport: { width: 1120, height: 600 }, deviceScaleFactor: 1 });
});

afterEach(async function () {
  const test = this.currentTest;
  if (test?.isFailed()) await page.screenshot({ path: `dist/failed/${test.title}.png` });
  await page.close();
});

/** Open a file in a window on a folder with these files. */
async function open(name: string, files: Record<string, string>): Promise<string> {
  const folder = code.folder(files);
  await page.goto(code.address(folder, [["openFile", path.join(folder, name)]]));
  await page.locator(".monaco-editor .view-line").first().waitFor();
  return folder;
}

async function run(command: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.keyboard.type(command);
  // The list is filtered a while after the typing, and Enter takes what has the focus.
  await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: command }).waitFor();
  await page.keyboard.press("Enter");
}

const squiggles = (): Locator => page.locator(".squiggly-error");
const toasts = (): Locator => page.locator(".notification-toast");

function colour(text: Locator): Promise<string> {
  return text.first().evaluate((element: any) => element.computedStyleMap().get("color").toString());
}

describe("the packaged extension in VS Code", () => {
  it("passes its tests in the extension host", async () => {
    const folder = code.folder({});
    const ended = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));
    await page.exposeFunction("codeAutomationLog", () => {});
    await page.goto(
      code.address(folder, [
        ["extensionDevelopmentPath", path.resolve("tests/host")],
        ["extensionTestsPath", path.resolve("dist/tests/host/index.js")],
      ]),
    );
    await ended;
    const report = JSON.parse(readFileSync(path.join(folder, "report.json"), "utf8"));
    for (const { fullTitle } of report.passes) console.log(`      ✔ ${fullTitle}`);
    for (const { fullTitle, err } of report.failures) console.log(`      ✗ ${fullTitle}\n${err.stack}`);
    assert.ok(report.stats.passes > 0);
    assert.equal(report.stats.passes, report.stats.tests);
  });

  it("underlines mistakes and lists them as problems", async () => {
    code.configure(BARE);
    await open("shop.buildcontent", { "shop.buildcontent": SHOP });
    await squiggles().nth(2).waitFor();
    await run("Problems: Focus on Problems View");
    const problems = page.locator(".markers-panel .monaco-list-row");
    for (const rule of ["BL301", "BL332", "BL352"]) await problems.filter({ hasText: rule }).waitFor();
    await run("View: Close Primary Side Bar");
    await run("Focus Active Editor Group");
    await page.screenshot({ path: path.join(IMAGES, "vscode.png") });
    assert.equal(await squiggles().count(), 3);
  });

  it("fixes the mistake under the cursor", async () => {
    await open("web.buildcontent", { "web.buildcontent": MISTAKE });
    await squiggles().waitFor();
    await run("Go to Next Problem (Error, Warning, Info)");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    await page.getByRole("option", { name: "Add double quotes" }).waitFor();
    await page.keyboard.press("Enter");
    await squiggles().waitFor({ state: "hidden" });
    await page.locator(".view-line", { hasText: 'ENV APP_HOME="/srv/shop"' }).waitFor();
  });

  it("underlines a mistake in a request though no template is open", async () => {
    await open("web.request.toml", {
      "web.buildcontent": "RUN true\n",
      "web.request.toml": "SystemDiskSize = 10\n",
    });
    await squiggles().first().waitFor();
  });

  it("completes a key of a request behind the quote that begins it", async () => {
    await open("web.request.json", { "web.buildcontent": "RUN true\n", "web.request.json": "{\n\n}\n" });
    await squiggles().first().waitFor();
    await page.locator(".monaco-editor .view-line").nth(1).click();
    await page.keyboard.type('"Reg');
    await page.locator(".suggest-widget").getByRole("option", { name: "RegionId, Property", exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("cn-hangzhou");
    await page.locator(".view-line", { hasText: '"RegionId": "cn-hangzhou"' }).waitFor();
  });

  it("says why a template cannot be compiled", async () => {
    await open("web.buildcontent", { "web.buildcontent": MISTAKE });
    await squiggles().waitFor();
    await run("buildlint: Compile Template");
    await toasts().waitFor();
    assert.match(await toasts().innerText(), /error BL332/);
    await toasts().getByRole("button", { name: "Show Problems" }).click();
    await page.locator(".markers-panel .monaco-list-row", { hasText: "BL332" }).waitFor();
  });
});

describe("a server that does not start", () => {
  it("is told of once, with a way to the setting, and starts when that is right", async () => {
    code.configure({ "buildlint.path": "no-such-program" });
    await open("web.buildcontent", { "web.buildcontent": MISTAKE });
    await toasts().waitFor();
    assert.match(await toasts().innerText(), /"no-such-program server" does not start/);
    await toasts().getByRole("button", { name: "Open Setting" }).click();
    const setting = page.locator(".settings-editor .setting-item-contents", { hasText: "The program to start" });
    await setting.getByRole("textbox").fill(BUILDLINT);
    await page.getByRole("tab", { name: "web.buildcontent" }).click();
    await squiggles().waitFor();
    assert.equal(await toasts().count(), 0);
  });

  it("says in the log what it lacks", async () => {
    const withoutExtra =
      "import sys; sys.modules['pygls'] = None; from buildlint.cli import main; main()";
    code.configure({ "buildlint.path": PYTHON, "buildlint.args": ["-c", withoutExtra, "server"] });
    await open("web.buildcontent", { "web.buildcontent": MISTAKE });
    await toasts().waitFor();
    assert.match(await toasts().innerText(), /pip install 'buildlint\[server]'/);
    await toasts().getByRole("button", { name: "Show Log" }).click();
    await page.locator(".output-view").getByText("the language server needs an extra").waitFor();
    assert.equal(await toasts().count(), 0);
  });
});

describe("a workspace that names the program", () => {
  const files = {
    "web.buildcontent": MISTAKE,
    ".vscode/settings.json": '{"buildlint.path": "./own", "buildlint.args": ["server", "--isolated"]}',
    own: '#!/bin/sh\ntouch "$(dirname "$0")/started"\nexec buildlint "$@"\n',
  };

  it("is obeyed where it is trusted", async () => {
    const folder = await open("web.buildcontent", files);
    await squiggles().waitFor();
    assert.ok(existsSync(path.join(folder, "started")));
  });

  it("is not obeyed where it is not trusted", async () => {
    code.configure({
      "security.workspace.trust.enabled": true,
      "security.workspace.trust.startupPrompt": "never",
    });
    const folder = await open("web.buildcontent", files);
    await page.getByRole("button", { name: /Restricted Mode/ }).first().waitFor();
    await squiggles().waitFor();
    assert.ok(!existsSync(path.join(folder, "started")));
  });
});

describe("a file of infrastructure code", () => {
  const stack = `\
Resources:
  Web:
    Type: ALIYUN::ECS::Image
    Properties:
      BuildContent: |
        RESTART now
`;
  const settings = '{"buildlint.path": "./own"}';
  const own = '#!/bin/sh\ntouch "$(dirname "$0")/started"\nexec buildlint "$@"\n';

  it("starts no server until there is a template in it", async () => {
    const files = { "stack.yaml": stack, ".vscode/settings.json": settings, own };
    const folder = await open("stack.yaml", files);
    const started = () => existsSync(path.join(folder, "started"));
    await run("buildlint: Show Log"); // by the extension, which has looked then
    await page.locator(".output-view .monaco-editor.focused").waitFor();
    assert.ok(!started());
    await page.locator(".view-line", { hasText: "ALIYUN::ECS::Image" }).click();
    await page.locator(".editor-instance .monaco-editor.focused").waitFor();
    await page.keyboard.press("End");
    await page.keyboard.type("Pipeline");
    await squiggles().first().waitFor();
    assert.ok(started());
    await run("buildlint: Compile Template");
    await toasts().waitFor();
    assert.match(await toasts().innerText(), /error BL305/);
  });

  it("has a mistake underlined where no extension knows its language", async () => {
    const resource = 'resource "alicloud_ecs_image_pipeline" "web" {\n  build_content = "RESTART now"\n}\n';
    await open("main.tf", { "main.tf": resource });
    await squiggles().first().waitFor();
  });
});

describe("the report in the terminal", () => {
  const template = "fixtures/check/tour.buildcontent";
  const request = "fixtures/check/tour.request.toml";
  const terminal = (): Locator => page.locator(".xterm-rows");

  /** Check the template of the documents in a terminal without a user's settings. */
  async function check(settings: Record<string, unknown> = {}): Promise<void> {
    code.configure({
      "terminal.integrated.defaultProfile.linux": "plain",
      "terminal.integrated.env.linux": { PS1: "$ " },
      "terminal.integrated.gpuAcceleration": "off",
      "terminal.integrated.profiles.linux": { plain: { path: "bash", args: ["--norc", "--noprofile"] } },
      "terminal.integrated.shellIntegration.enabled": false,
      "workbench.panel.opensMaximized": "always",
      ...settings,
    });
    await page.setViewportSize({ width: 1160, height: 1108 });
    const content = (name: string) => readFileSync(path.join("../..", name), "utf8");
    await open(template, { [template]: content(template), [request]: content(request) });
    await run("View: Close Primary Side Bar");
    await run("Terminal: Create New Terminal");
    await terminal().getByText("$").waitFor();
    await page.keyboard.type(`buildlint check ${template}\n`);
    await terminal().getByText("Found 8 errors").waitFor();
  }

  it("has colours", async () => {
    await check(BARE);
    const { x, y, width, height } = (await page.locator(".terminal.xterm").boundingBox())!;
    await page.screenshot({
      path: path.join(IMAGES, "terminal.png"),
      clip: { x, y: y - 6, width: width - 16, height: height + 6 }, // a margin, no scroll bar
    });
    assert.notEqual(await colour(terminal().getByText("^^^^")), await colour(terminal().getByText("Found")));
  });

  it("leads to the place of a mistake", async () => {
    await check();
    const place = terminal().getByText(`${template}:7:37`);
    // By force: what gets the events is an element above the text.
    await place.hover({ force: true });
    await page.getByText("Open file in editor").waitFor();
    await place.click({ force: true, modifiers: ["Control"] });
    await page.getByRole("button", { name: "Ln 7, Col 37" }).waitFor();
  });
});
