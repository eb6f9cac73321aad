// A validator for RJSF, without evaluated code. Findings come from streamlint, as `extraErrors`; RJSF itself only
// asks whether a value fits an alternative of a schema.

import { type Schema, Validator } from "@cfworker/json-schema";
import type { RJSFSchema, ValidatorType } from "@rjsf/utils";

export const validator: ValidatorType<unknown, RJSFSchema> = {
  isValid: (schema, value) => new Validator(schema as Schema, "2020-12").validate(value).valid,
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: (schema, value) => ({ errors: new Validator(schema as Schema, "2020-12", false).validate(value).errors as never[] }),
};
