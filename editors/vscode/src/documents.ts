import { type DocumentSelector, languages, type TextDocument } from "vscode";

/** What the server is for by its name: templates and components, with their requests. */
export const TEMPLATES = [
  { scheme: "file", language: "buildcontent" },
  { scheme: "untitled", language: "buildcontent" },
  { scheme: "file", pattern: "**/*.request.{toml,json}" },
  { scheme: "file", pattern: "**/*.component.{yaml,yml}" },
];

/** Files of infrastructure code: few of them hold templates. */
const HOSTS: DocumentSelector = { scheme: "file", pattern: "**/*.{tf,yaml,yml,json}" };

/** What declares a template or component in Terraform, ROS and Pulumi. */
const RESOURCE = /(?:alicloud_ecs_image_|ALIYUN::ECS::Image|EcsImage)(?:pipeline|component)/i;

export function isTemplate(document: TextDocument): boolean {
  return languages.match(TEMPLATES, document) > 0;
}

/** Whether a document is one of infrastructure code that may hold a template: a cheap look. */
export function mayHoldTemplate(document: TextDocument): boolean {
  return (
    languages.match(HOSTS, document) > 0 &&
    !isTemplate(document) &&
    RESOURCE.test(document.getText())
  );
}
