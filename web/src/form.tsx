// The form of one connection, which RJSF renders from the published schema of its type.

// Not the main entry of the package, which requires a validator that evaluates code.
import Form from "@rjsf/core/lib/components/Form.js";
import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type FieldTemplateProps,
  getUiOptions,
  type IconButtonProps,
  type ObjectFieldTemplateProps,
  type RegistryWidgetsType,
  type TemplatesType,
  type WidgetProps,
} from "@rjsf/utils";
import { memo, useId, useMemo, useState } from "react";
import type { ConnectionType, Diagnostic } from "streamlint";
import { additionalErrors, extraErrors, secretPointers } from "streamlint/forms";

import { type Change, changesBetween, type Path, type Value } from "./definition";
import { fitting, shapeOf } from "./form-schema";
import { Sign } from "./sign";
import { validator } from "./validator";

interface Props {
  type: ConnectionType;
  value: Value;
  found: readonly Diagnostic[];
  connectionIndex: number;
  isDisabled: boolean;
  /** Whether the values can only be read. */
  isReadOnly: boolean;
  showsSecrets: boolean;
  onChanges: (changes: Change[]) => void;
}

/** The context of the form's components. */
interface Context {
  /** The ids of the inputs whose values may be secret. */
  secrets: Set<string>;
  showsSecrets: boolean;
  /** The errors that are warnings. */
  warnings: Set<string>;
  put: (path: Path, value: unknown) => void;
}

export const ConnectionForm = memo(function ConnectionForm(props: Props) {
  const { type, value, found, connectionIndex, isDisabled, isReadOnly, showsSecrets, onChanges } = props;
  const { schema, uiSchema } = useMemo(() => shapeOf(type, value), [type, value]);
  const shown = useMemo(() => fitting(value, schema), [value, schema]);
  const errors = useMemo(() => extraErrors(found, { connectionIndex }), [found, connectionIndex]);
  const context: Context = useMemo(
    () => ({
      secrets: new Set(secretPointers(value, type).map((pointer) => `root_${partsOf(pointer).join("_")}`)),
      showsSecrets,
      warnings: new Set(additionalErrors(found, { connectionIndex, severities: ["warning"] }).map(({ message }) => message)),
      put: (path, value) => onChanges([{ path, value }]),
    }),
    [value, type, showsSecrets, found, connectionIndex, onChanges],
  );
  return (
    <Form
      tagName="div"
      className="form"
      schema={schema}
      uiSchema={uiSchema}
      validator={validator}
      formData={shown}
      extraErrors={errors as never}
      formContext={context}
      disabled={isDisabled}
      readonly={isReadOnly}
      templates={templates}
      widgets={widgets}
      noValidate
      showErrorList={false}
      experimental_defaultFormStateBehavior={NO_DEFAULTS}
      onChange={({ formData }) => {
        const changes = changesBetween(shown, formData);
        if (changes.length > 0) onChanges(changes);
      }}
    >
      {/* No submit button. */}
      <></>
    </Form>
  );
});

// Defaults in the form would change the text.
const NO_DEFAULTS = { emptyObjectFields: "skipDefaults", constAsDefaults: "never", arrayMinItems: { populate: "never" } } as const;

/** Returns the keys of a JSON pointer. */
const partsOf = (pointer: string) => pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

function Field(props: FieldTemplateProps) {
  const { id, label, required, rawErrors = [], rawDescription, schema, children, displayLabel, uiSchema } = props;
  const { fieldPathId, registry } = props;
  const disabled = props.disabled || props.readonly;
  const isGroup = schema.type === "object";
  const { warnings, put } = registry.formContext as Context;
  // Findings about the connection as a whole are only in the list of findings.
  const errors = fieldPathId.path.length === 0 ? [] : rawErrors;
  const severity = errors.some((error) => !warnings.has(error)) ? "wrong" : errors.length > 0 ? "doubtful" : "";
  const { descriptions, isNamed } = getUiOptions(uiSchema) as { descriptions?: string[]; isNamed?: boolean };
  const word = schema.enum && descriptions ? descriptions[schema.enum.indexOf(props.formData)] : undefined;
  return (
    <div className={`field ${severity}`}>
      {displayLabel && !isGroup && (
        <label htmlFor={id}>
          {label}
          {required && <span className="required"> required</span>}
        </label>
      )}
      <div className="value">
        {children}
        {isNamed && (
          <button
            type="button"
            disabled={disabled}
            aria-label={`Remove ${label}`}
            onClick={() => put(fieldPathId.path, undefined)}
          >
            Remove
          </button>
        )}
      </div>
      {errors.length > 0 && (
        <ul className="errors" id={`${id}__error`}>
          {errors.map((error) => (
            <li key={error} className={warnings.has(error) ? "warning" : "error"}>
              <Sign of={warnings.has(error) ? "warning" : "error"} />
              <span>{error.replaceAll("`", "")}</span>
            </li>
          ))}
        </ul>
      )}
      {(word ?? rawDescription) && !isGroup && schema.type !== "array" && !isNamed && (
        <p className="about" id={`${id}__description`}>
          {(word ?? rawDescription ?? "").replaceAll("`", "")}
        </p>
      )}
    </div>
  );
}

function Group({ title, description, properties, fieldPathId, schema, uiSchema, formData, required, errorSchema, registry, ...props }: ObjectFieldTemplateProps) {
  const disabled = props.disabled || props.readonly;
  const [showsAll, setShowsAll] = useState(false);
  if (fieldPathId.path.length === 0) return <>{properties.map(({ content }) => content)}</>;
  const isOpen = required || isFilled(formData) || Object.keys(errorSchema ?? {}).length > 0;
  const { isOpenEnded, known = [] } = getUiOptions(uiSchema) as { isOpenEnded?: boolean; known?: string[] };
  // In a large group, only required fields and those with a value are visible. The others are rendered but hidden, so
  // that an input does not move while the user types.
  const isSpare = (name: string) =>
    !isOpenEnded &&
    properties.length > MANY &&
    !schema.required?.includes(name) &&
    !isFilled((formData as Value | undefined)?.[name]) &&
    !errorSchema?.[name] &&
    name !== properties[0]?.name;
  const spare = properties.filter(({ name }) => isSpare(name)).length;
  return (
    <details className="group" open={isOpen}>
      <summary>
        {title}
        {required && <span className="required"> required</span>}
      </summary>
      <div role="group" aria-label={title}>
        {typeof description === "string" && <p className="about">{description.replaceAll("`", "")}</p>}
        {properties.map(({ name, content }) => (
          <div key={name} className="member" hidden={!showsAll && isSpare(name)}>
            {content}
          </div>
        ))}
        {(spare > 0 || showsAll) && (
          <button type="button" className="quiet small" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? "Show less" : `Show ${spare} more that may be set`}
          </button>
        )}
        {isOpenEnded && (
          <NewMember
            title={title}
            known={known}
            disabled={disabled ?? false}
            taken={Object.keys((formData as Value) ?? {})}
            onAdd={(key) => (registry.formContext as Context).put([...fieldPathId.path, key], "")}
          />
        )}
      </div>
    </details>
  );
}

/** Groups with more fields than this hide the empty ones. */
const MANY = 4;

function isFilled(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.values(value).some(isFilled) : value !== undefined;
}

/** Adds a field with a name that the user chooses. */
function NewMember(props: { title: string; known: string[]; taken: string[]; disabled: boolean; onAdd: (key: string) => void }) {
  const { title, known, taken, disabled, onAdd } = props;
  const [key, setKey] = useState("");
  const list = useId();
  const cannot = disabled || key.trim() === "" || taken.includes(key.trim());
  const add = () => {
    if (cannot) return;
    onAdd(key.trim());
    setKey("");
  };
  return (
    <div className="new-member">
      <input
        aria-label={`Name for ${title}`}
        placeholder="name"
        value={key}
        list={known.length > 0 ? list : undefined}
        disabled={disabled}
        onChange={(event) => setKey(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), add())}
      />
      {known.length > 0 && (
        <datalist id={list}>
          {known.filter((name) => !taken.includes(name)).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
      <button type="button" disabled={cannot} onClick={add}>
        Add
      </button>
    </div>
  );
}

function List({ title, items, canAdd, onAddClick, disabled, readonly, required, schema }: ArrayFieldTemplateProps) {
  return (
    <div role="group" aria-label={title} className="list">
      <span className="label">
        {title}
        {required && <span className="required"> required</span>}
      </span>
      {items}
      {canAdd && (
        <button type="button" disabled={disabled || readonly} onClick={onAddClick}>
          Add one
        </button>
      )}
      {schema.description && <p className="about">{schema.description.replaceAll("`", "")}</p>}
    </div>
  );
}

function Item({ children, buttonsProps, index, disabled, readonly }: ArrayFieldItemTemplateProps) {
  return (
    <div className="item">
      {children}
      <button type="button" disabled={disabled || readonly} aria-label={`Remove number ${index + 1}`} onClick={buttonsProps.onRemoveItem}>
        Remove
      </button>
    </div>
  );
}

/** Whether an input is covered by dots. */
function isDotted({ id, registry }: WidgetProps): boolean {
  const { secrets, showsSecrets } = registry.formContext as Context;
  return !showsSecrets && secrets.has(id);
}

/** The hints of an input. */
function common(props: WidgetProps) {
  const { id, disabled, readonly, rawErrors = [], label, name, schema, options, onChange, registry } = props;
  const { warnings } = registry.formContext as Context;
  return {
    id,
    disabled,
    readOnly: readonly,
    "aria-invalid": rawErrors.some((error) => !warnings.has(error)),
    "aria-describedby": `${id}__error ${id}__description`,
    ...(options.label === false && { "aria-label": label || name }),
    autoComplete: "off",
    autoCapitalize: "off",
    spellCheck: false,
    placeholder: typeof schema.examples === "object" && !readonly && options["secret"] !== true ? String(([schema.examples].flat() as unknown[])[0] ?? "") : "",
    onChange: (event: { target: { value: string } }) =>
      onChange(event.target.value === "" ? options.emptyValue : event.target.value),
  };
}

const dots = (props: WidgetProps) => (isDotted(props) ? "secret" : "");

const widgets: RegistryWidgetsType = {
  TextWidget: (props) => <input {...common(props)} type="text" className={dots(props)} value={props.value ?? ""} />,
  TextareaWidget: (props) => <textarea {...common(props)} rows={3} className={dots(props)} value={props.value ?? ""} />,
  SelectWidget: (props) => {
    const { placeholder: _, autoComplete: __, onChange: ___, readOnly, disabled, ...rest } = common(props);
    const words = (props.schema.enum ?? []) as string[];
    const at = words.indexOf(props.value);
    // A value that is not in the list stays selected.
    const isUnlisted = props.value !== undefined && at === -1;
    return (
      <select
        {...rest}
        disabled={disabled || readOnly}
        value={props.value === undefined ? "" : isUnlisted ? "other" : String(at)}
        onChange={({ target }) => props.onChange(target.value === "" ? undefined : words[Number(target.value)])}
      >
        <option value="">(not set)</option>
        {isUnlisted && <option value="other">{String(props.value)}</option>}
        {words.map((word, at) => (
          <option key={word} value={at}>
            {word === "" ? "(empty)" : word}
          </option>
        ))}
      </select>
    );
  },
};

const templates: Partial<Omit<TemplatesType, "ButtonTemplates">> & { ButtonTemplates?: Partial<Record<string, (props: IconButtonProps) => null>> } = {
  FieldTemplate: Field,
  ObjectFieldTemplate: Group,
  ArrayFieldTemplate: List,
  ArrayFieldItemTemplate: Item,
};
