//! The options of one text, which `pkg/js/options.js` has resolved. It has also checked their types, so a value of
//! another type counts as absent here.

use std::sync::LazyLock;

use js_sys::{Array, Object, Reflect};
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
        let options = Options(options);
        let filename = options.text("filename").unwrap_or_else(|| NAMELESS.to_owned());
        Ok(Self { linter: Linter::new(options.config()?), filename })
    }

    /// Lints a text, or reports that it is too long if only its length is passed.
    pub fn check(&self, text: &JsValue) -> Report {
        match text.as_string() {
            Some(text) => self.linter.check(&Source::new(&*self.filename, text)),
            None => self.linter.refuse(&self.filename, bytes(text).unwrap_or(u64::MAX)),
        }
    }
}

/// An object of options.
struct Options(JsValue);

impl Options {
    fn get(&self, name: &str) -> JsValue {
        Reflect::get(&self.0, &name.into()).unwrap_or_default()
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).as_string()
    }

    fn list(&self, name: &str) -> Vec<String> {
        let value = self.get(name);
        if value.is_array() {
            Array::from(&value).iter().filter_map(|word| word.as_string()).collect()
        } else {
            Vec::new()
        }
    }

    /// The names and levels of rules.
    fn levels(&self) -> Vec<(String, String)> {
        let rules = Object::try_from(&self.get("rules")).map(Object::entries).unwrap_or_default();
        let pairs = rules.iter().map(|pair| Array::from(&pair));
        pairs.filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1).as_string()?))).collect()
    }

    fn config(&self) -> Result<Config, String> {
        let dialect = self.text("dialect").filter(|dialect| dialect != "auto");
        let limit = bytes(&self.get("sizeLimit")).map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let mut builder = Config::builder()
            .kind(self.text("type").map(|kind| word("type", &kind, Kind::ALL, Kind::name)).transpose()?)
            .mode(self.text("mode").map(|mode| word("mode", &mode, Mode::ALL, Mode::name)).transpose()?)
            .dialect(dialect.map(|dialect| word("dialect", &dialect, Dialect::ALL, Dialect::name)).transpose()?)
            .select(rules("select", &self.list("select"))?)
            .ignore(rules("ignore", &self.list("ignore"))?)
            .placeholders(self.list("placeholders").into_iter().map(|text| pattern(text, false)))
            .connection_names(self.text("connectionNames").map(|text| pattern(text, true)))
            .workspace_names(self.text("workspaceNames").map(|text| pattern(text, true)))
            .require_private_networking(self.private_networking()?)
            .allowed_hosts(hosts("allowedHosts", self.list("allowedHosts"))?)
            .reachable_hosts(hosts("reachableHosts", self.list("reachableHosts"))?)
            .known_samples(self.list("knownSamples"))
            .known_built_in_roles(self.list("knownBuiltInRoles"))
            .workspace(self.text("workspace"))
            .skip_unrecognized(self.get("skipUnrecognized").is_truthy())
            .size_limit(limit)
            .group_id(self.text("groupId"))
            .tenant_name(self.text("tenantName"))
            .envelope(self.text("envelope"))
            .pretty(self.text("pretty"));
        for (name, level) in &self.levels() {
            builder = builder.level(rule("rules", name)?, self::level(level)?);
        }
        builder.build().map_err(|error| error.to_string())
    }

    /// `true`, `false`, or a list of types.
    fn private_networking(&self) -> Result<Kinds, String> {
        const NAME: &str = "requirePrivateNetworking";
        if self.get(NAME).as_bool() == Some(true) {
            return Ok(Kinds::NETWORKED);
        }
        let all = Kinds::NETWORKED.iter().collect::<Vec<_>>();
        self.list(NAME).iter().map(|name| word(NAME, name, &all, Kind::name)).collect()
    }
}

/// A number of bytes.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a whole number of at least 0")]
fn bytes(value: &JsValue) -> Option<u64> {
    value.as_f64().map(|number| number as u64)
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
