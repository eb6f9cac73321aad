// The published schemas, reduced for RJSF.

import type { RJSFSchema, UiSchema } from "@rjsf/utils";
import { type ConnectionType, schema } from "streamlint";

import { isObject, type Path, type Value } from "./definition";

interface Shape {
  schema: RJSFSchema;
  uiSchema: UiSchema;
}

/**
 * Returns the schema of a type's form: the fields of its published schema, without `type`, which is selected outside of
 * the form. The names of settings and headers are free, so the form shows those in the value.
 */
export function shapeOf(type: ConnectionType, value: Value): Shape {
  const { properties, ...published } = schema(type) as RJSFSchema;
  const { type: _, ...members } = properties ?? {};
  const whole = { ...published, properties: members };
  return { schema: drawn(whole, value), uiSchema: widgets(whole, value) };
}

/** Fields that contain PEM text. */
const PEM = new Set(["sslCertificate", "sslKey", "brokerPublicCertificate"]);

/** The options of a list, without deprecated ones. */
const current = (words: unknown[] | undefined, old: unknown) => words?.filter((word) => !(Array.isArray(old) && old.includes(word)));

/** Returns the part of a schema that determines the inputs; the core checks the values. */
function drawn(schema: RJSFSchema, value: unknown): RJSFSchema {
  const { title, description, type, enum: all, examples, properties, required, items, additionalProperties } = schema;
  const words = current(all, schema["x-streamlint-deprecated"]);
  const [first] = [type].flat();
  const inner = isObject(additionalProperties)
    ? Object.fromEntries(namesIn(value).map((name) => [name, { ...additionalProperties, title: name }]))
    : (properties ?? {});
  const members = Object.entries(inner).filter((entry): entry is [string, RJSFSchema] => isObject(entry[1]));
  return {
    ...(title && { title }),
    ...(description && { description }),
    ...(first && { type: first }),
    ...(words && { enum: words as RJSFSchema["enum"] & object }),
    ...(examples && { examples }),
    ...(required && { required: required.filter((key) => key !== "type") }),
    // A new element must be a string, otherwise it would be undefined.
    ...(isObject(items) && { items: { ...drawn(items, undefined), default: "" } }),
    ...(first === "object" && {
      properties: Object.fromEntries(members.map(([key, inner]) => [key, drawn(inner, isObject(value) ? value[key] : undefined)])),
    }),
  };
}

/** The string fields of an object with free names. */
const namesIn = (value: unknown) => (isObject(value) ? Object.keys(value).filter((name) => typeof value[name] === "string") : []);

function widgets({ properties, additionalProperties, items, enum: words, enumDescriptions, writeOnly }: RJSFSchema, value: unknown): UiSchema {
  const members = Object.entries(properties ?? {}).filter((entry): entry is [string, RJSFSchema] => isObject(entry[1]));
  if (isObject(additionalProperties)) {
    const known = members.map(([name]) => name);
    const optionsOf = (name: string) => ({ isNamed: true, secret: !known.includes(name), emptyValue: "" });
    const named = Object.fromEntries(namesIn(value).map((name) => [name, { "ui:options": optionsOf(name) }]));
    return { ...named, "ui:options": { isOpenEnded: true, known } };
  }
  const inner = members.map(([name, inner]): [string, UiSchema] => {
    const ui = widgets(inner, isObject(value) ? value[name] : undefined);
    return [name, PEM.has(name) ? { ...ui, "ui:widget": "textarea" } : ui];
  });
  return {
    ...Object.fromEntries(inner),
    ...(isObject(items) && { items: { "ui:options": { label: false, emptyValue: "" } } }),
    "ui:options": { ...(writeOnly && { secret: true }), ...(words && enumDescriptions && { descriptions: enumDescriptions }) },
  };
}

/** Returns the part of a value that its form can show: for a value of the wrong type, the input is empty. */
export function fitting(value: unknown, { type, properties, items }: RJSFSchema): unknown {
  if (type === "object") {
    if (!isObject(value)) return undefined;
    const kept = Object.entries(value).flatMap(([key, held]) => {
      const shape = properties?.[key];
      const fits = isObject(shape) ? fitting(held, shape) : undefined;
      return fits === undefined ? [] : [[key, fits] as const];
    });
    return Object.fromEntries(kept);
  }
  if (type === "array") {
    if (!Array.isArray(value) || !isObject(items)) return undefined;
    const kept = value.map((held) => fitting(held, items));
    // A form with fewer elements than the list would change their indices.
    return kept.includes(undefined) ? undefined : kept;
  }
  return typeof value === type ? value : undefined;
}

/** Returns the paths of a connection's fields that another type lacks. */
export function stranded(value: Value, type: ConnectionType): Path[] {
  return foreignPaths(value, schema(type) as RJSFSchema, []);
}

function foreignPaths(value: Value, { properties, additionalProperties }: RJSFSchema, path: Path): Path[] {
  if (isObject(additionalProperties)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    const shape = Object.hasOwn(properties ?? {}, key) ? properties?.[key] : undefined;
    if (shape === undefined) return [[...path, key]];
    return isObject(shape) && isObject(held) && shape["type"] === "object" ? foreignPaths(held, shape as RJSFSchema, [...path, key]) : [];
  });
}
