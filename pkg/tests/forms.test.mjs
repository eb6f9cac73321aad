// Findings as form errors.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Actions, coreReducer, mapStateToControlProps } from "@jsonforms/core";
import { check, checkValue, schema } from "streamlint";
import { additionalErrors, extraErrors, secretPointers } from "streamlint/forms";

const KAFKA = {
  name: "orders",
  type: "Kafka",
  bootstrapServers: "broker-1.example.com",
  authentication: { mechanism: "PLAIN", username: "app" },
  security: {},
};

test("each error of RJSF is at its own input, even if it is empty", () => {
  const errors = extraErrors(checkValue(KAFKA));
  assert.match(errors.authentication.password.__errors[0], /PLAIN/);
  assert.match(errors.security.protocol.__errors[0], /^missing field `security.protocol`: use/);
  assert.match(errors.bootstrapServers.__errors[0], /port/);
  assert.equal(errors.__errors, undefined);
});

test("elements of lists and unusual keys are supported", () => {
  const found = checkValue({
    name: "r",
    type: "SchemaRegistry",
    provider: "CONFLUENT",
    schemaRegistryUrls: ["https://a.example.com", "nonsense"],
    schemaRegistryAuthentication: { type: "SASL_INHERIT" },
    "a/b~c": 1,
  });
  const errors = extraErrors(found);
  assert.equal(errors.schemaRegistryUrls["1"].__errors.length, 1);
  assert.equal(errors["a/b~c"].__errors.length, 1);
  const [hostile] = checkValue(JSON.parse('{"name":"a","type":"Sample","__proto__":1}'), { config: { select: ["unknown-field"] } });
  assert.equal(hostile.pointer, "/__proto__");
  assert.ok(Object.hasOwn(extraErrors([hostile]), "__proto__"));
  assert.equal({}.__errors, undefined);
});

test("JSON Forms gets the same errors as a list", () => {
  const [error] = additionalErrors(checkValue({ name: "hook", type: "Https" }));
  assert.deepEqual(error, {
    instancePath: "/url",
    message: "missing field `url`: add the https:// URL to call",
    keyword: "missing-field",
    schemaPath: "",
    params: {
      severity: "error",
      help: "add the https:// URL to call",
      url: "https://github.com/streamlint/streamlint/blob/v0.1.0/src/rules/missing_field.md",
    },
  });
});

test("JSON Forms marks only the input of a missing field", () => {
  // Its validator does not support the schema's draft. Our findings are used instead.
  const { $schema: _, ...kafka } = schema("Kafka");
  const data = { ...KAFKA, security: { protocol: "SASL_SSL" } };
  const options = { validationMode: "NoValidation", additionalErrors: additionalErrors(checkValue(data)) };
  const core = coreReducer(undefined, Actions.init(data, kafka, { type: "VerticalLayout", elements: [] }, options));
  const errorsOf = (scope) => mapStateToControlProps({ jsonforms: { core } }, { uischema: { type: "Control", scope } }).errors;
  assert.match(errorsOf("#/properties/authentication/properties/password"), /PLAIN/);
  assert.match(errorsOf("#/properties/bootstrapServers"), /port/);
  assert.equal(errorsOf("#/properties/authentication/properties/username"), "");
  assert.equal(errorsOf("#/properties/name"), "");
  // After the form is corrected, the errors disappear.
  const fixed = { ...data, bootstrapServers: "broker-1.example.com:9092", authentication: { ...data.authentication, password: "${P}" } };
  const next = { ...options, additionalErrors: additionalErrors(checkValue(fixed)) };
  const after = coreReducer(core, Actions.updateCore(fixed, kafka, core.uischema, next));
  assert.deepEqual([after.data, after.additionalErrors], [fixed, []]);
});

test("severities and connections can be selected", () => {
  const text = '[{ "name": "a", "type": "Https" }, { "name": "b", "type": "Https" }]';
  const found = check(text);
  const shown = (options) => additionalErrors(found, options).map(({ instancePath }) => instancePath);
  assert.deepEqual(shown({ severities: ["error"] }), ["/url"]);
  assert.deepEqual(shown({ severities: ["error"], connectionIndex: 1 }), ["/url"]);
  assert.deepEqual(shown({ severities: ["error"], connectionIndex: 2 }), []);
});

test("only possible secrets are listed", () => {
  const value = {
    ...KAFKA,
    authentication: { ...KAFKA.authentication, password: "p", "a/b~": "x" },
    config: { acks: "all", "sasl.jaas.config": "y", retries: 5, other: 7 },
  };
  assert.deepEqual(secretPointers(value, "Kafka"), [
    "/authentication/password",
    "/authentication/a~1b~0",
    "/config/sasl.jaas.config",
    "/config/other",
  ]);
  assert.deepEqual(secretPointers({ type: "Https", url: "https://u:p@h/", headers: { A: "b" } }, "Https"), ["/url", "/headers/A"]);
  assert.deepEqual(secretPointers({ type: "SchemaRegistry", schemaRegistryUrls: ["https://h/a", "https://h/?k=1"] }, "SchemaRegistry"), [
    "/schemaRegistryUrls/1",
  ]);
  // Without a type, the fields of all types are public.
  assert.deepEqual(secretPointers({ bootstrapServers: "b:9092", authentication: { password: "p" } }), ["/authentication/password"]);
  const endless = { name: "a" };
  endless.self = endless;
  assert.deepEqual(secretPointers(endless), []);
});
