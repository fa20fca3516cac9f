// Reads a JSON array of ROS templates, makes each resource in them a construct of the CDK, whose
// validators hold it to the schema, and writes what the CDK renders: an array of templates.
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const ecs = require("@alicloud/ros-cdk-ecs");
const ros = require("@alicloud/ros-cdk-core");

// The names of the CDK begin in lower case; of an unknown one nothing is rendered.
const props = (value) => {
  if (Array.isArray(value)) return value.map(props);
  if (value === null || typeof value !== "object") return value;
  const lowered = ([name, item]) => [name[0].toLowerCase() + name.slice(1), props(item)];
  return Object.fromEntries(Object.entries(value).map(lowered));
};

const kinds = new Map(
  [ecs.RosImagePipeline, ecs.RosImageComponent].map((kind) => [kind.ROS_RESOURCE_TYPE_NAME, kind]),
);

const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "ros-"));
const app = new ros.App({ outdir });
const names = JSON.parse(fs.readFileSync(0, "utf8")).map((template, index) => {
  const stack = new ros.Stack(app, `stack-${index}`);
  for (const [name, resource] of Object.entries(template.Resources)) {
    const Kind = kinds.get(resource.Type);
    if (!Kind) throw new Error(resource.Type);
    new Kind(stack, name, props(resource.Properties), true);
  }
  return stack.stackName;
});
const assembly = app.synth();
process.stdout.write(JSON.stringify(names.map((name) => assembly.getStackByName(name).template)));
fs.rmSync(outdir, { recursive: true });
