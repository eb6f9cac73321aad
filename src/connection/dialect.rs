//! The dialects by name, and their spellings of the fields of the Admin API.

use std::borrow::Cow;

use crate::atlas::fields::Field;
use crate::text::impl_names;

/// The dialects of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// The body of an Admin API request or response, as the Atlas CLI accepts it.
    AdminApi,
    /// Manifests of the Atlas Kubernetes Operator.
    Kubernetes,
    /// Manifests of Crossplane's provider-mongodbatlas.
    Crossplane,
    /// Templates with the resource `MongoDB::Atlas::StreamConnection`.
    CloudFormation,
    /// Resources of MongoDB's Terraform provider, in HCL or in Terraform's JSON.
    Terraform,
    /// A Terraform plan, as `terraform show -json` prints it.
    TerraformPlan,
    /// A stream processor: a pipeline that names connections.
    Processor,
    /// Requests to the Admin API, in request files (`.http`) and recordings.
    Http,
}

impl Dialect {
    /// The dialects that this build supports: without the feature `dialects`, only the first.
    pub const ALL: &'static [Self] = if cfg!(feature = "dialects") {
        &[
            Self::AdminApi,
            Self::Kubernetes,
            #[cfg(feature = "crossplane")]
            Self::Crossplane,
            Self::CloudFormation,
            Self::Terraform,
            Self::TerraformPlan,
            Self::Processor,
            Self::Http,
        ]
    } else {
        &[Self::AdminApi]
    };

    /// The name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminApi => "admin-api",
            Self::Kubernetes => "kubernetes",
            Self::Crossplane => "crossplane",
            Self::CloudFormation => "cloudformation",
            Self::Terraform => "terraform",
            Self::TerraformPlan => "terraform-plan",
            Self::Processor => "processor",
            Self::Http => "http",
        }
    }

    /// The effect of an unknown field, for the end of a help text.
    pub(crate) const fn fate_of_unknown(self) -> &'static str {
        match self {
            Self::AdminApi | Self::Http | Self::Processor => "; the Atlas CLI drops unknown fields silently",
            Self::Kubernetes | Self::Crossplane => "; Kubernetes drops unknown fields",
            Self::Terraform | Self::TerraformPlan => "; Terraform refuses unknown attributes",
            Self::CloudFormation => "; CloudFormation refuses unknown properties",
        }
    }
}

impl_names!(Dialect, "dialect");

/// The spellings of a dialect for the fields of the Admin API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelling {
    pub dialect: Dialect,
    /// The keys of a field from the definition to the field, joined by dots; `None` if the dialect lacks the field.
    pub path: fn(Field) -> Option<Cow<'static, str>>,
    /// The values of a field, if the dialect allows fewer than the API.
    pub values: fn(Field) -> Option<&'static [&'static str]>,
}

impl Spelling {
    /// The spelling of the Admin API itself.
    pub const fn of_api(dialect: Dialect) -> Self {
        Self { dialect, path: api_path, values: |_| None }
    }

    /// The path of a field, as [`Spelling::path`].
    #[cfg(feature = "convert")]
    pub fn path_of(&self, field: Field) -> Option<Cow<'static, str>> {
        (self.path)(field)
    }

    /// Whether the dialect allows this word as the value of a field.
    pub fn accepts(&self, field: Field, word: &str) -> bool {
        (self.values)(field).is_none_or(|words| words.contains(&word))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "other dialects lack fields")]
fn api_path(field: Field) -> Option<Cow<'static, str>> {
    Some(match field.parent() {
        None => field.key().into(),
        Some(_) => field.pointer()[1..].replace('/', ".").into(),
    })
}
