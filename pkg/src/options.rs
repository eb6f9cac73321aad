//! The options of one text, which `pkg/js/options.js` has checked for their types and resolved.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use streamlint::{Config, Dialect, Kind, Kinds, Linter, Mode, Pattern, RULES, Report, Severity, Source, nearest};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The name of a text without one, as for standard input in the command.
const NAMELESS: &str = "<stdin>";

/// The linter without options, shared by all calls.
static DEFAULT: LazyLock<Linter> = LazyLock::new(Linter::default);

#[wasm_bindgen(raw_module = "../js/pattern.js")]
extern "C" {
    /// Whether the user's regular expression matches anywhere in a text, or the full text. JavaScript evaluates it, so
    /// the module needs no regex engine.
    fn matches(pattern: &str, whole: bool, text: &str) -> bool;
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Options {
    filename: Option<String>,
    dialect: Option<String>,
    r#type: Option<String>,
    mode: Option<String>,
    select: Vec<String>,
    ignore: Vec<String>,
    rules: BTreeMap<String, String>,
    workspace: Option<String>,
    placeholders: Vec<String>,
    connection_names: Option<String>,
    workspace_names: Option<String>,
    /// `true`, `false`, or a list of types.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    require_private_networking: JsValue,
    allowed_hosts: Vec<String>,
    reachable_hosts: Vec<String>,
    known_samples: Vec<String>,
    known_built_in_roles: Vec<String>,
    skip_unrecognized: bool,
    size_limit: Option<u64>,
    group_id: Option<String>,
    tenant_name: Option<String>,
    envelope: Option<String>,
    pretty: Option<String>,
}

/// The options of one text.
pub struct Settings {
    /// The linter with the options of the text.
    pub linter: Linter,
    /// The name of the text.
    pub filename: String,
}

impl Settings {
    /// Reads the options of one text.
    pub fn read(options: JsValue) -> Result<Self, String> {
        if options.is_undefined() {
            return Ok(Self { linter: DEFAULT.clone(), filename: NAMELESS.to_owned() });
        }
        let mut options = from_js::<Options>(options)?;
        let filename = options.filename.take().unwrap_or_else(|| NAMELESS.to_owned());
        Ok(Self { linter: Linter::new(options.into_config()?), filename })
    }

    /// Lints a text, or reports that it is too long if only its length is passed.
    pub fn check(&self, text: JsValue) -> Result<Report, String> {
        match text.as_string() {
            Some(text) => Ok(self.linter.check(&Source::new(&*self.filename, text))),
            None => Ok(self.linter.refuse(&self.filename, from_js(text)?)),
        }
    }
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())
}

impl Options {
    fn into_config(self) -> Result<Config, String> {
        let dialect = self.dialect.filter(|dialect| dialect != "auto");
        let limit = self.size_limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let mut builder = Config::builder()
            .kind(self.r#type.map(|kind| word("type", &kind, Kind::ALL, Kind::name)).transpose()?)
            .mode(self.mode.map(|mode| word("mode", &mode, Mode::ALL, Mode::name)).transpose()?)
            .dialect(dialect.map(|dialect| word("dialect", &dialect, Dialect::ALL, Dialect::name)).transpose()?)
            .select(rules("select", &self.select)?)
            .ignore(rules("ignore", &self.ignore)?)
            .placeholders(self.placeholders.into_iter().map(|text| pattern(text, false)))
            .connection_names(self.connection_names.map(|text| pattern(text, true)))
            .workspace_names(self.workspace_names.map(|text| pattern(text, true)))
            .require_private_networking(private_networking(self.require_private_networking)?)
            .allowed_hosts(hosts("allowedHosts", self.allowed_hosts)?)
            .reachable_hosts(hosts("reachableHosts", self.reachable_hosts)?)
            .known_samples(self.known_samples)
            .known_built_in_roles(self.known_built_in_roles)
            .workspace(self.workspace)
            .skip_unrecognized(self.skip_unrecognized)
            .size_limit(limit)
            .group_id(self.group_id)
            .tenant_name(self.tenant_name)
            .envelope(self.envelope)
            .pretty(self.pretty);
        for (name, level) in &self.rules {
            builder = builder.level(rule("rules", name)?, self::level(level)?);
        }
        builder.build().map_err(|error| error.to_string())
    }
}

fn rules(option: &str, names: &[String]) -> Result<Vec<&'static str>, String> {
    names.iter().map(|name| rule(option, name)).collect()
}

fn rule(option: &str, name: &str) -> Result<&'static str, String> {
    Ok(word(option, name, RULES, |rule| rule.name)?.name)
}

/// The severity of a rule; `None` for `off`.
fn level(name: &str) -> Result<Option<Severity>, String> {
    let levels = [Some(Severity::Error), Some(Severity::Warning), Some(Severity::Info), None];
    word("rules", name, &levels, |level| level.map_or("off", Severity::name))
}

fn private_networking(option: JsValue) -> Result<Kinds, String> {
    if option.is_falsy() {
        Ok(Kinds::NONE)
    } else if option.as_bool() == Some(true) {
        Ok(Kinds::NETWORKED)
    } else {
        let all = Kinds::NETWORKED.iter().collect::<Vec<_>>();
        let names = from_js::<Vec<String>>(option)?;
        names.iter().map(|name| word("requirePrivateNetworking", name, &all, Kind::name)).collect()
    }
}

fn hosts(option: &str, hosts: Vec<String>) -> Result<Vec<String>, String> {
    if Config::builder().allowed_hosts(&hosts).build().is_ok() {
        return Ok(hosts);
    }
    Err(format!("`{option}` takes names, `*.` and a domain, addresses, and networks such as 10.0.0.0/8"))
}

fn pattern(text: String, whole: bool) -> Pattern {
    let shown = text.clone();
    Pattern::new(&shown, move |value| matches(&text, whole, value))
}

/// The value with this name.
fn word<T: Copy>(option: &str, name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|value| name_of(*value) == name).ok_or_else(|| {
        let names = all.iter().copied().map(name_of).collect::<Vec<_>>();
        let advice = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of {}", names.join(", ")),
        };
        format!("`{option}` cannot be `{name}`; {advice}")
    })
}
