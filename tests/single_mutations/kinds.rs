//! The kinds of mutations, and the finding that each must have: the rule and the field. The rules are those of the
//! catalog (`src/rules/*.md`, `docs/evidence.md`); nothing here depends on the linter.

use serde_json::Value;

use crate::dialects::{self, Form, Member, Node, Written, in_pointer, snake_case, with_first};

/// A definition with one mistake.
pub struct Mutant {
    pub kind: &'static str,
    /// The field that was changed, by its API pointer.
    pub field: String,
    pub written: Written,
    /// All additional findings: `rule@pointer`, or `rule` if the text is damaged.
    pub expected: Vec<String>,
}

/// A valid definition in one dialect.
pub struct Subject<'d> {
    pub form: Form,
    pub body: &'d Value,
    pub members: Vec<Member>,
}

/// The path to a member: its index in each object.
type Path = Vec<usize>;

/// The allowed values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Domain {
    Object,
    Map,
    Text,
    Secret,
    Words(&'static [&'static str]),
    Brokers,
    Id,
    Arn,
    Url,
    Urls,
    Name,
    ClusterName,
    Role,
    Bucket,
    Uuid,
    StorageAccount,
    ServiceAccount,
    Certificate,
}

const TYPES: &[&str] = &[
    "Kafka",
    "Cluster",
    "Sample",
    "Https",
    "S3",
    "AWSLambda",
    "AWSKinesisDataStreams",
    "AzureBlobStorage",
    "GCPPubSub",
    "SchemaRegistry",
];

fn domain(pointer: &str) -> Domain {
    match pointer {
        "/type" => Domain::Words(TYPES),
        "/name" => Domain::Name,
        "/bootstrapServers" => Domain::Brokers,
        "/authentication/mechanism" => {
            Domain::Words(&["PLAIN", "SCRAM-256", "SCRAM-512", "OAUTHBEARER", "AWS_MSK_IAM"])
        }
        "/authentication/method" => Domain::Words(&["OIDC"]),
        "/security/protocol" => Domain::Words(&["SASL_PLAINTEXT", "SASL_SSL", "SSL", "PLAINTEXT"]),
        "/networking/access/type" => Domain::Words(&["PUBLIC", "VPC", "PRIVATE_LINK", "TRANSIT_GATEWAY"]),
        "/publicPrivateNetworking/access/type" => Domain::Words(&["PUBLIC", "PRIVATE_LINK"]),
        "/dbRoleToExecute/type" => Domain::Words(&["BUILT_IN", "CUSTOM"]),
        "/provider" => Domain::Words(&["CONFLUENT"]),
        "/schemaRegistryAuthentication/type" => Domain::Words(&["USER_INFO", "SASL_INHERIT"]),
        "/authentication/password"
        | "/authentication/clientSecret"
        | "/authentication/sslKeyPassword"
        | "/schemaRegistryAuthentication/password" => Domain::Secret,
        "/groupId"
        | "/clusterGroupId"
        | "/networking/access/connectionId"
        | "/networking/access/tgwRouteId"
        | "/publicPrivateNetworking/access/connectionId" => Domain::Id,
        "/aws/roleArn" | "/authentication/aws/roleArn" => Domain::Arn,
        "/url" | "/authentication/tokenEndpointUrl" => Domain::Url,
        "/schemaRegistryUrls" => Domain::Urls,
        "/clusterName" => Domain::ClusterName,
        "/dbRoleToExecute/role" => Domain::Role,
        "/aws/testBucket" => Domain::Bucket,
        "/azure/servicePrincipalId" => Domain::Uuid,
        "/azure/storageAccountName" => Domain::StorageAccount,
        "/gcp/serviceAccountId" => Domain::ServiceAccount,
        "/security/brokerPublicCertificate" => Domain::Certificate,
        "/config" | "/headers" => Domain::Map,
        ""
        | "/authentication"
        | "/authentication/aws"
        | "/security"
        | "/networking"
        | "/networking/access"
        | "/publicPrivateNetworking"
        | "/publicPrivateNetworking/access"
        | "/dbRoleToExecute"
        | "/aws"
        | "/azure"
        | "/gcp"
        | "/schemaRegistryAuthentication" => Domain::Object,
        _ => Domain::Text,
    }
}

/// The required fields of a type: the leaves of each block.
fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "Kafka" => &["/name", "/bootstrapServers", "/authentication/mechanism", "/security/protocol"],
        "Cluster" => &["/name", "/clusterName"],
        "Sample" => &["/name"],
        "Https" => &["/name", "/url"],
        "S3" | "AWSLambda" | "AWSKinesisDataStreams" => &["/name", "/aws/roleArn"],
        "AzureBlobStorage" => &["/name", "/azure/servicePrincipalId", "/azure/storageAccountName"],
        "GCPPubSub" => &["/name", "/gcp/serviceAccountId"],
        _ => &["/name", "/provider", "/schemaRegistryUrls", "/schemaRegistryAuthentication/type"],
    }
}

fn at<'m>(members: &'m [Member], path: &[usize]) -> &'m Member {
    let (first, rest) = path.split_first().unwrap();
    match &members[*first].value {
        Node::Object(inner) if !rest.is_empty() => at(inner, rest),
        _ => &members[*first],
    }
}

/// The members after a change to the siblings of the member at the path.
fn changed(members: &[Member], path: &[usize], change: impl FnOnce(&mut Vec<Member>, usize)) -> Vec<Member> {
    let mut members = members.to_vec();
    let mut siblings = &mut members;
    let (last, around) = path.split_last().unwrap();
    for at in around {
        let Node::Object(inner) = &mut siblings[*at].value else { panic!("a way through objects") };
        siblings = inner;
    }
    change(siblings, *last);
    members
}

fn paths(members: &[Member], around: &[usize], found: &mut Vec<Path>) {
    for (at, member) in members.iter().enumerate() {
        let path = [around, &[at]].concat();
        found.push(path.clone());
        if let Node::Object(inner) = &member.value {
            paths(inner, &path, found);
        }
    }
}

fn finding(rule: &str, pointer: &str) -> Vec<String> {
    vec![format!("{rule}@{pointer}")]
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn bare(text: &str) -> Node {
    Node::Bare(text.to_owned())
}

/// The word without its second character.
fn shortened(word: &str) -> String {
    word.char_indices().filter(|(at, _)| *at != 1).map(|(_, character)| character).collect()
}

/// The word with its second character doubled.
fn doubled(word: &str) -> String {
    word.char_indices().flat_map(|(at, character)| std::iter::repeat_n(character, 1 + usize::from(at == 1))).collect()
}

/// The word with two adjacent, different characters swapped.
fn transposed(word: &str) -> String {
    let mut characters = word.chars().collect::<Vec<_>>();
    if let Some(at) = (1..characters.len() - 1).find(|&at| characters[at] != characters[at + 1]) {
        characters.swap(at, at + 1);
    }
    characters.into_iter().collect()
}

pub fn mutants(subject: &Subject) -> Vec<Mutant> {
    let mut all = Maker { subject, mutants: Vec::new() };
    let mut every = Vec::new();
    paths(&subject.members, &[], &mut every);
    for path in &every {
        let member = at(&subject.members, path);
        if member.is_free {
            all.free(path, member);
        } else {
            all.key(path, member);
            all.presence(path, member);
            all.json_type(path, member);
            all.value(path, member);
            all.place(path, member);
        }
        all.syntax(path, member);
    }
    all.extra(&every);
    all.choices();
    all.mutants
}

struct Maker<'s> {
    subject: &'s Subject<'s>,
    mutants: Vec<Mutant>,
}

impl Maker<'_> {
    fn form(&self) -> Form {
        self.subject.form
    }

    fn word(&self, pointer: &str) -> &str {
        self.subject.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    fn is_there(&self, pointer: &str) -> bool {
        self.subject.body.pointer(pointer).is_some()
    }

    fn kind(&self) -> &str {
        self.word("/type")
    }

    fn is_public(&self) -> bool {
        matches!(self.word("/networking/access/type"), "" | "PUBLIC")
    }

    fn push(&mut self, kind: &'static str, field: &str, members: &[Member], expected: Vec<String>) {
        let written = dialects::text(self.form(), members);
        self.mutants.push(Mutant { kind, field: field.to_owned(), written, expected });
    }

    /// Renames a member.
    fn rename(&mut self, kind: &'static str, path: &[usize], key: &str, expected: Vec<String>) {
        let member = at(&self.subject.members, path);
        if member.key == key {
            return;
        }
        let members = changed(&self.subject.members, path, |siblings, at| {
            key.clone_into(&mut siblings[at].key);
            siblings[at].is_marked = true;
        });
        self.push(kind, &member.pointer, &members, expected);
    }

    /// Replaces the value of a member.
    fn set(&mut self, kind: &'static str, path: &[usize], value: Node, expected: Vec<String>) {
        let pointer = at(&self.subject.members, path).pointer.clone();
        let members = changed(&self.subject.members, path, |siblings, at| {
            siblings[at].value = value;
            siblings[at].is_marked = true;
        });
        self.push(kind, &pointer, &members, expected);
    }

    /// The pointer of a sibling with this key.
    fn beside(&self, path: &[usize], key: &str) -> String {
        let around = path.split_last().map_or("", |(_, around)| match around {
            [] => "",
            around => &at(&self.subject.members, around).pointer,
        });
        format!("{around}/{}", in_pointer(self.form(), key))
    }

    fn key(&mut self, path: &[usize], member: &Member) {
        let (form, key) = (self.form(), member.key.as_str());
        let near = |all: &Self, key: &str| match member.pointer.as_str() {
            // A misspelled `type` is a single error about the type.
            "/type" => finding("unknown-type", "/type"),
            _ => finding("unknown-field", &all.beside(path, key)),
        };
        for (kind, wrong) in [
            ("key: a letter is missing", shortened(key)),
            ("key: a doubled letter", doubled(key)),
            ("key: two letters exchanged", transposed(key)),
        ] {
            let expected = near(self, &wrong);
            self.rename(kind, path, &wrong, expected);
        }
        let padded = format!("{key} ");
        if form != Form::Terraform {
            let expected = near(self, &padded);
            self.rename("key: a space at its end", path, &padded, expected);
        }
        let name = member.pointer.rsplit('/').next().unwrap().to_owned();
        let other_case = match form {
            Form::CloudFormationJson | Form::CloudFormationYaml => key.to_ascii_lowercase(),
            _ => with_first(key, |first| first.to_ascii_uppercase()),
        };
        if other_case != name {
            let expected = near(self, &other_case);
            self.rename("key: in another case", path, &other_case, expected);
        }
        if form.is_api() {
            let snake = snake_case(key);
            let expected = near(self, &snake);
            self.rename("key: in Terraform's spelling", path, &snake, expected);
        } else if !self.is_own_word(member) {
            self.rename("key: in the API's spelling", path, &name, finding("api-field-name", &member.pointer));
        }
    }

    /// Whether the API has no key for this member.
    fn is_own_word(&self, member: &Member) -> bool {
        let is_reference = self.is_reference_block(member);
        is_reference || matches!(member.pointer.as_str(), "" | "/groupId" | "/tenantName" | "/publicPrivateNetworking")
    }

    /// The findings for an absent field.
    fn absent(&self, pointer: &str) -> Vec<String> {
        let form = self.form();
        if pointer == "/type" {
            return finding("unknown-type", pointer);
        }
        if form == Form::Kubernetes {
            match pointer {
                // The CRD requires the reference, which sets both (CLU-008).
                "/authentication/username" => return finding("missing-field", pointer),
                "/dbRoleToExecute" => {
                    return [
                        finding("missing-field", "/dbRoleToExecute/role"),
                        finding("missing-field", "/dbRoleToExecute/type"),
                    ]
                    .concat();
                }
                _ => {}
            }
        }
        // A plan can omit them, because they are known only after the apply.
        if matches!(pointer, "/groupId" | "/tenantName") && form != Form::Plan {
            return finding("missing-field", pointer);
        }
        let is_at = |leaf: &&&str| **leaf == pointer || leaf.starts_with(&format!("{pointer}/"));
        let leaves = required(self.kind()).iter().filter(is_at).map(|leaf| format!("missing-field@{leaf}"));
        let mut found = leaves.collect::<Vec<_>>();
        let is_choice = |mechanism: &[&str]| mechanism.contains(&self.word("/authentication/mechanism"));
        let credentials = match pointer {
            "/authentication/username" | "/authentication/password" => is_choice(&["PLAIN", "SCRAM-256", "SCRAM-512"]),
            "/authentication/method"
            | "/authentication/tokenEndpointUrl"
            | "/authentication/clientId"
            | "/authentication/clientSecret" => is_choice(&["OAUTHBEARER"]),
            "/authentication/aws/roleArn" => is_choice(&["AWS_MSK_IAM"]),
            "/schemaRegistryAuthentication/username" | "/schemaRegistryAuthentication/password" => {
                self.word("/schemaRegistryAuthentication/type") == "USER_INFO"
            }
            _ => false,
        };
        if credentials {
            found.push(format!("missing-credentials@{pointer}"));
        }
        if pointer == "/authentication/aws" && is_choice(&["AWS_MSK_IAM"]) {
            found.push("missing-credentials@/authentication/aws/roleArn".to_owned());
        }
        for block in ["/networking", "/publicPrivateNetworking"] {
            let is_private = self.word(&format!("{block}/access/type")) == "PRIVATE_LINK";
            if pointer == format!("{block}/access/connectionId") && is_private {
                found.push(format!("missing-connection-id@{pointer}"));
            }
        }
        if matches!(pointer, "/dbRoleToExecute/role" | "/dbRoleToExecute/type") {
            found.push(format!("missing-field@{pointer}"));
        }
        found
    }

    fn presence(&mut self, path: &[usize], member: &Member) {
        let pointer = member.pointer.as_str();
        let is_inner = self.is_reference(path, member);
        // A client certificate may authenticate the client instead, and the key and the certificate require each other.
        let is_other = pointer.starts_with("/authentication/ssl") || is_inner;
        let absent = if is_other { Vec::new() } else { self.absent(pointer) };
        let is_block = self.form() == Form::Kubernetes && pointer.is_empty();
        if !absent.is_empty() && !is_block {
            let members = changed(&self.subject.members, path, |siblings, at| drop(siblings.remove(at)));
            self.push("missing field", pointer, &members, absent.clone());
        }
        if self.form().is_terraform() {
            // In Terraform, null means absent.
            if !absent.is_empty() {
                self.set("null", path, bare("null"), absent);
                // An absent field has no line.
                self.mutants.last_mut().unwrap().written.lines = None;
            }
        } else if !matches!(pointer, "/dbRoleToExecute" | "/clusterGroupId") && !is_inner && !is_block {
            let rule = if pointer == "/type" { "unknown-type" } else { "wrong-type" };
            self.set("null", path, bare("null"), finding(rule, pointer));
        }
        let copy = changed(&self.subject.members, path, |siblings, at| {
            let again = Member { is_marked: true, ..siblings[at].clone() };
            siblings.insert(at + 1, again);
        });
        self.push("duplicate key", pointer, &copy, finding("duplicate-key", pointer));
        if is_inner || !matches!(member.value, Node::Text(_)) {
            return;
        }
        if let Some(expected) = self.empty(pointer) {
            self.set("empty string", path, text(""), expected);
        }
    }

    /// The findings for an empty value.
    fn empty(&self, pointer: &str) -> Option<Vec<String>> {
        let rule = match domain(pointer) {
            Domain::Secret => "empty-secret",
            _ if pointer == "/authentication/mechanism" && self.form() == Form::Kubernetes => "unsupported-by-dialect",
            _ if pointer == "/authentication/mechanism" => {
                let protocol = self.word("/security/protocol");
                let has_certificate = self.is_there("/authentication/sslCertificate");
                match protocol {
                    // Then only a client certificate can authenticate the client.
                    "SSL" if !has_certificate => {
                        return Some(finding("ssl-without-client-certificate", "/security/protocol"));
                    }
                    "SSL" => return None,
                    _ => "mechanism-protocol-mismatch",
                }
            }
            _ if matches!(pointer, "/groupId" | "/tenantName") => "missing-field",
            _ if !self.absent(pointer).is_empty() => return Some(self.absent(pointer)),
            Domain::Words(_) => "unknown-value",
            Domain::Id => "malformed-id",
            Domain::Bucket => "malformed-bucket-name",
            // An empty certificate is the same as none, which is valid.
            _ => return None,
        };
        Some(finding(rule, pointer))
    }

    /// Whether this is the name of a Kubernetes Secret, not a field of the API.
    fn is_reference(&self, path: &[usize], member: &Member) -> bool {
        let around = path.split_last().filter(|(_, around)| !around.is_empty());
        self.form() == Form::Kubernetes
            && around.is_some_and(|(_, around)| at(&self.subject.members, around).pointer == member.pointer)
            && !member.pointer.is_empty()
    }

    fn json_type(&mut self, path: &[usize], member: &Member) {
        let (form, pointer) = (self.form(), member.pointer.as_str());
        if self.is_reference(path, member) {
            return;
        }
        let rule = if pointer == "/type" { "unknown-type" } else { "wrong-type" };
        let wrong = finding(rule, pointer);
        let is_secret_reference = form == Form::Kubernetes
            && matches!(pointer, "/authentication/username" | "/security/brokerPublicCertificate");
        match &member.value {
            Node::Object(inner) => {
                self.set("text in place of an object", path, text("SASL_SSL"), wrong.clone());
                let list = Node::List(vec![Node::Object(inner.clone())]);
                if form != Form::Terraform {
                    self.set("list in place of an object", path, list, wrong.clone());
                }
                if !form.converts() && !is_secret_reference {
                    self.set("number in place of an object", path, bare("42"), wrong);
                }
            }
            Node::List(items) => {
                let first = items[0].clone();
                self.set("text in place of a list", path, first.clone(), wrong.clone());
                let member = Member::new("first", format!("{pointer}/first"), first.clone());
                self.set("object in place of a list", path, Node::Object(vec![member]), wrong);
                if !form.converts() {
                    let items = vec![first, bare("42")];
                    self.set(
                        "number in a list",
                        path,
                        Node::List(items),
                        finding("wrong-type", &format!("{pointer}/1")),
                    );
                }
            }
            _ => {
                let value = member.value.clone();
                self.set("list in place of text", path, Node::List(vec![value.clone()]), wrong.clone());
                let inner = Member::new("value", format!("{pointer}/value"), value);
                self.set("object in place of text", path, Node::Object(vec![inner]), wrong.clone());
                if !form.converts() {
                    self.set("number in place of text", path, bare("42"), wrong.clone());
                    self.set("boolean in place of text", path, bare("true"), wrong);
                }
            }
        }
    }

    #[allow(clippy::too_many_lines, reason = "a table of what can be wrong")]
    fn value(&mut self, path: &[usize], member: &Member) {
        let pointer = member.pointer.clone();
        if self.is_reference(path, member) {
            return;
        }
        let value = match &member.value {
            Node::Text(value) => value.clone(),
            Node::List(_) => return self.urls(path, &pointer),
            _ => return,
        };
        let mut wrong = Vec::new();
        let mut put = |kind, value: &str, rule: &'static str| wrong.push((kind, value.to_owned(), rule));
        let is_variable = value.contains("${") || value.contains('<');
        match domain(&pointer) {
            Domain::Words(words) => {
                let rule = if pointer == "/type" { "unknown-type" } else { "unknown-value" };
                for (kind, wrong) in [
                    ("word: in lower case", value.to_ascii_lowercase()),
                    ("word: a letter is missing", shortened(&value)),
                    ("word: a doubled letter", doubled(&value)),
                    ("word: two letters exchanged", transposed(&value)),
                    ("word: a space at its end", format!("{value} ")),
                    ("word: foreign", "BANANA".to_owned()),
                ] {
                    if !words.contains(&wrong.as_str()) {
                        put(kind, &wrong, rule);
                    }
                }
                let alias = match value.as_str() {
                    "SCRAM-256" => "SCRAM-SHA-256",
                    "SCRAM-512" => "SCRAM-SHA-512",
                    "VPC" => "VPC_PEERING",
                    "USER_INFO" => "BASIC",
                    "AWSLambda" => "AWS Lambda",
                    "AWSKinesisDataStreams" => "AWSKinesisDataStream",
                    _ => "",
                };
                if !alias.is_empty() {
                    put("word: of another tool", alias, rule);
                }
            }
            _ if is_variable && !matches!(domain(&pointer), Domain::Secret) => {}
            Domain::Brokers => self.brokers(path, &pointer, &value),
            Domain::Secret => {
                if self.form() != Form::Plan && value.starts_with("${") {
                    put("secret: in clear text", "hunter2-hunter2", "hardcoded-secret");
                }
                put("placeholder", "<password>", "leftover-placeholder");
            }
            Domain::Id => {
                put("id: in upper case", &value.to_ascii_uppercase(), "malformed-id");
                put("id: a digit is missing", &value[1..], "malformed-id");
                put("id: a letter that is no digit", &format!("g{}", &value[1..]), "malformed-id");
                put("id: dashes", &format!("{}-{}", &value[..12], &value[12..]), "malformed-id");
                put("id: of the cloud provider", "vpce-0123456789abcdef0", "malformed-id");
                put("placeholder", "TODO", "leftover-placeholder");
            }
            Domain::Arn => {
                put("arn: without its start", value.trim_start_matches("arn:"), "malformed-arn");
                put("arn: a digit of the account is missing", &value.replacen("::1", "::", 1), "malformed-arn");
                put("arn: of another service", &value.replacen(":iam:", ":s3:", 1), "malformed-arn");
                put("arn: a colon too few", &value.replacen("::", ":", 1), "malformed-arn");
                put("arn: of a user", &value.replacen(":role/", ":user/", 1), "not-a-role");
                put("arn: of the account", "arn:aws:iam::123456789012:root", "not-a-role");
                put("arn: of a session", "arn:aws:sts::123456789012:assumed-role/streams/me", "not-a-role");
                put(
                    "arn: in another partition",
                    &value.replacen("arn:aws:", "arn:aws-us-gov:", 1),
                    "unsupported-partition",
                );
                put("placeholder", "TODO", "leftover-placeholder");
            }
            Domain::Url => self.url(path, &pointer, &value),
            Domain::Name if self.kind() == "Sample" => {
                put("name: another sample", "sample_stream_moon", "unknown-sample");
                put("placeholder", "TODO", "leftover-placeholder");
            }
            Domain::Name => {
                put("name: a space", "my orders", "malformed-name");
                put("name: a letter outside ASCII", "bestellungen-für", "malformed-name");
                put("name: a slash", "orders/new", "malformed-name");
                put("name: with an id", "orders-32b6e34b3d91647abb20e7b8-new", "ambiguous-import-id");
                put("placeholder", "TODO", "leftover-placeholder");
            }
            Domain::ClusterName => {
                put("cluster: connection string", "mongodb+srv://c0.abcde.mongodb.net", "connection-string-as-name");
                put("cluster: host", "c0.abcde.mongodb.net", "connection-string-as-name");
                put("cluster: an underscore", "my_cluster", "malformed-name");
                put("cluster: a space", "my cluster", "malformed-name");
                put("placeholder", "YOUR_CLUSTER", "leftover-placeholder");
            }
            Domain::Role if self.word("/dbRoleToExecute/type") == "CUSTOM" => {
                put("role: a reserved name", "xgen-streams", "reserved-role-name");
                put("role: the name of a built-in role", "atlasAdmin", "reserved-role-name");
            }
            Domain::Role => {
                put("role: in lower case", "readwriteanydatabase", "unknown-built-in-role");
                put("role: a letter is missing", "readWriteAnyDatabse", "unknown-built-in-role");
                put("role: of one database", "readWrite", "unknown-built-in-role");
                if value != "atlasAdmin" {
                    put("role: for everything", "atlasAdmin", "overprivileged-role");
                }
            }
            Domain::Bucket => {
                put("bucket: in upper case", &value.to_ascii_uppercase(), "malformed-bucket-name");
                put("bucket: an underscore", "my_bucket", "malformed-bucket-name");
                put("bucket: a URL", "s3://my-bucket", "malformed-bucket-name");
                put("bucket: an ARN", "arn:aws:s3:::my-bucket", "malformed-bucket-name");
                put("bucket: too short", "ab", "malformed-bucket-name");
            }
            Domain::Uuid => {
                put("uuid: a digit is missing", &value[1..], "malformed-service-principal");
                put("uuid: without dashes", &value.replace('-', ""), "malformed-service-principal");
                put("uuid: a name", "my-service-principal", "malformed-service-principal");
                put("placeholder", "TODO", "leftover-placeholder");
            }
            Domain::StorageAccount => {
                put("storage account: in upper case", &value.to_ascii_uppercase(), "malformed-storage-account");
                put("storage account: a dash", "my-account", "malformed-storage-account");
                put("storage account: its address", "myaccount.blob.core.windows.net", "malformed-storage-account");
                put("storage account: too short", "ab", "malformed-storage-account");
            }
            Domain::ServiceAccount => {
                put("service account: a person's address", "someone@gmail.com", "malformed-service-account");
                put("service account: only its name", "streams", "malformed-service-account");
                put("service account: in upper case", &value.to_ascii_uppercase(), "malformed-service-account");
                put("placeholder", "TODO", "leftover-placeholder");
            }
            Domain::Certificate if self.form() != Form::Kubernetes => {
                put("certificate: a path", "/etc/ssl/ca.pem", "malformed-certificate");
                put("placeholder", "<certificate>", "leftover-placeholder");
            }
            Domain::Text if pointer == "/tenantName" => {
                put("name: a space", "my workspace", "malformed-name");
                put("placeholder", "TODO", "leftover-placeholder");
            }
            // A certificate may make this field irrelevant.
            Domain::Text if pointer.starts_with("/authentication/ssl") => {}
            Domain::Text => put("placeholder", "TODO", "leftover-placeholder"),
            Domain::Object | Domain::Map | Domain::Urls | Domain::Certificate => {}
        }
        for (kind, value, rule) in wrong {
            self.set(kind, path, text(&value), finding(rule, &pointer));
        }
    }

    fn brokers(&mut self, path: &[usize], pointer: &str, value: &str) {
        let mut put = |kind, value: &str, rule: &str| self.set(kind, path, text(value), finding(rule, pointer));
        let (host, _) = value.rsplit_once(':').unwrap();
        put("brokers: a scheme", &format!("SASL_SSL://{value}"), "bootstrap-scheme");
        put("brokers: Kafka's scheme", &format!("kafka://{value}"), "bootstrap-scheme");
        put("brokers: a web scheme", &format!("https://{value}"), "bootstrap-scheme");
        put("brokers: no port", host, "missing-port");
        put("brokers: port 0", &format!("{host}:0"), "missing-port");
        put("brokers: port 70000", &format!("{host}:70000"), "missing-port");
        put("brokers: a port of letters", &format!("{host}:kafka"), "missing-port");
        put("brokers: no port after the colon", &format!("{host}:"), "missing-port");
        let other = "other.kafka.example.com:9092";
        put("brokers: a semicolon", &format!("{value};{other}"), "malformed-bootstrap-servers");
        put("brokers: a space as separator", &format!("{value} {other}"), "malformed-bootstrap-servers");
        put("brokers: a space after the comma", &format!("{value}, {other}"), "malformed-bootstrap-servers");
        put("brokers: a space at the end", &format!("{value} "), "malformed-bootstrap-servers");
        put("brokers: a comma at the end", &format!("{value},"), "malformed-bootstrap-servers");
        put("brokers: two commas", &format!("{value},,{other}"), "malformed-bootstrap-servers");
        let (first, rest) = value.split_once(',').unwrap_or((value, ""));
        if !rest.split(',').any(|broker| broker == first) {
            put("brokers: one twice", &format!("{value},{first}"), "duplicate-broker");
        }
        put("placeholder", "<your-broker>:9092", "leftover-placeholder");
        // A host that is unreachable over the public internet may be correct in a private network.
        if self.is_public() && !value.contains("localhost") {
            let mut put = |kind, value: &str| self.set(kind, path, text(value), finding("unreachable-host", pointer));
            put("brokers: this machine", "localhost:9092");
            put("brokers: a private address", "10.20.30.40:9092");
            put("brokers: a single label", "kafka:9092");
        }
    }

    fn url(&mut self, path: &[usize], pointer: &str, value: &str) {
        for (kind, wrong, rule) in urls(value) {
            self.set(kind, path, text(&wrong), finding(rule, pointer));
        }
    }

    fn urls(&mut self, path: &[usize], pointer: &str) {
        let Node::List(items) = at(&self.subject.members, path).value.clone() else { return };
        let Some(Node::Text(first)) = items.first() else { return };
        let inner = format!("{pointer}/0");
        for (kind, wrong, rule) in urls(first) {
            self.set(kind, path, Node::List(vec![text(&wrong)]), finding(rule, &inner));
        }
        let twice = vec![text(first), text(first)];
        self.set("registry: a URL twice", path, Node::List(twice), finding("registry-url-count", pointer));
        let many = (0..11).map(|at| text(&format!("https://registry-{at}.example.com"))).collect();
        self.set("registry: eleven URLs", path, Node::List(many), finding("registry-url-count", pointer));
        self.set("registry: no URL", path, Node::List(Vec::new()), finding("registry-url-count", pointer));
    }

    /// Mutations of a setting or a header.
    fn free(&mut self, path: &[usize], member: &Member) {
        let (form, pointer) = (self.form(), member.pointer.clone());
        let wrong = finding("wrong-type", &pointer);
        self.set("list in place of text", path, Node::List(vec![text("a")]), wrong.clone());
        if !form.converts() {
            self.set("number in place of text", path, bare("42"), wrong.clone());
            self.set("boolean in place of text", path, bare("true"), wrong.clone());
        }
        if !form.is_terraform() {
            self.set("null", path, bare("null"), wrong);
        }
        let copy = changed(&self.subject.members, path, |siblings, at| {
            let again = Member { is_marked: true, ..siblings[at].clone() };
            siblings.insert(at + 1, again);
        });
        self.push("duplicate key", &pointer, &copy, finding("duplicate-key", &pointer));
        if pointer == "/config/auto.offset.reset" {
            self.set("setting: an unknown word", path, text("newest"), finding("unknown-config-value", &pointer));
            let other = "auto.offset.rest";
            self.rename(
                "setting: a letter is missing",
                path,
                other,
                finding("ignored-config-key", "/config/auto.offset.rest"),
            );
            let other = "Auto.Offset.Reset";
            self.rename(
                "setting: in another case",
                path,
                other,
                finding("ignored-config-key", "/config/Auto.Offset.Reset"),
            );
        }
    }

    /// Mutations that move a field into a different object.
    fn place(&mut self, path: &[usize], member: &Member) {
        let (form, pointer) = (self.form(), member.pointer.as_str());
        let name = pointer.rsplit('/').next().unwrap();
        let is_leaf = matches!(member.value, Node::Text(_));
        if !is_leaf || matches!(pointer, "/type" | "/name" | "/groupId" | "/tenantName") || form == Form::Kubernetes {
            return;
        }
        let is_nested = path.len() > 1;
        // At the top of a connection, these are different fields.
        if is_nested && !matches!(name, "type" | "name" | "region") {
            let mut moved = member.clone();
            moved.is_marked = true;
            let mut members = changed(&self.subject.members, path, |siblings, at| drop(siblings.remove(at)));
            members.push(moved);
            let expected = finding("misplaced-field", &format!("/{name}"));
            self.push("directly in the connection", pointer, &members, expected);
        }
        if is_nested {
            return;
        }
        let blocks = ["/authentication", "/dbRoleToExecute", "/security"];
        for block in blocks {
            let Some(to) = self.subject.members.iter().position(|it| it.pointer == block) else { continue };
            let mut members = self.subject.members.clone();
            let mut moved = members.remove(path[0]);
            moved.is_marked = true;
            let to = if to > path[0] { to - 1 } else { to };
            let Node::Object(inner) = &mut members[to].value else { continue };
            inner.push(moved);
            self.push("in the wrong block", pointer, &members, finding("misplaced-field", &format!("{block}/{name}")));
        }
    }

    /// Mutations that add unknown fields, and fields of other types.
    fn extra(&mut self, every: &[Path]) {
        let form = self.form();
        let key = match form {
            Form::Terraform | Form::Plan => "retry_count",
            Form::CloudFormationJson | Form::CloudFormationYaml => "RetryCount",
            _ => "retryCount",
        };
        let extra = |key: &str, value: &str| Member { is_marked: true, ..Member::new(key, "", text(value)) };
        let mut members = self.subject.members.clone();
        members.push(extra(key, "3"));
        self.push("extra field", "", &members, finding("unknown-field", "/retryCount"));
        let has_authorization = self.is_there("/headers/Authorization");
        for path in every {
            let member = at(&self.subject.members, path);
            let (Node::Object(_), false) = (&member.value, self.is_reference_block(member)) else { continue };
            let mut add = |kind, key: &str, value: &str, expected: Vec<String>| {
                let members = changed(&self.subject.members, path, |siblings, at| {
                    let Node::Object(inner) = &mut siblings[at].value else { return };
                    inner.push(Member { is_free: true, ..extra(key, value) });
                });
                self.push(kind, &member.pointer, &members, expected);
            };
            match member.pointer.as_str() {
                "/config" => {
                    add("setting: unknown", "debug.level", "3", finding("ignored-config-key", "/config/debug.level"));
                    let secret = "org.apache.kafka.PlainLoginModule required password='hunter2';";
                    add(
                        "setting: a secret",
                        "sasl.jaas.config",
                        secret,
                        finding("secret-in-config", "/config/sasl.jaas.config"),
                    );
                    let moved = "sasl.mechanism";
                    add(
                        "setting: of another field",
                        moved,
                        "PLAIN",
                        finding("ignored-config-key", "/config/sasl.mechanism"),
                    );
                    let field = "bootstrapServers";
                    add("setting: a field", field, "b:9092", finding("misplaced-field", "/config/bootstrapServers"));
                }
                "/headers" => {
                    add("header: a space", "X Source", "a", finding("malformed-header", "/headers/X Source"));
                    add("header: two lines", "X-Note", "a\nb", finding("malformed-header", "/headers/X-Note"));
                    if form != Form::Plan && !has_authorization {
                        let secret = finding("hardcoded-secret", "/headers/Authorization");
                        add("header: a secret", "Authorization", "Bearer 0123456789abcdef", secret);
                    }
                }
                pointer => add("extra field", key, "3", finding("unknown-field", &format!("{pointer}/retryCount"))),
            }
        }
        let mut members = self.subject.members.clone();
        if form.is_api() {
            for key in ["_id", "id", "links", "state", "region"] {
                let value = if key == "links" { Node::List(Vec::new()) } else { text("READY") };
                let member = Member { is_marked: true, ..Member::new(key, "", value) };
                members.push(member);
                self.push("field of responses", "", &members, finding("response-only-field", &format!("/{key}")));
                members.pop();
            }
        }
        if form != Form::Kubernetes {
            let (pointer, value) = match self.kind() {
                "Kafka" => ("/clusterName", "Cluster0"),
                _ => ("/bootstrapServers", "broker.example.com:9092"),
            };
            members.push(extra(&form.key(pointer).unwrap(), value));
            self.push("field of another type", pointer, &members, finding("misplaced-field", pointer));
        }
    }

    fn is_reference_block(&self, member: &Member) -> bool {
        self.form() == Form::Kubernetes
            && matches!(member.pointer.as_str(), "/authentication/username" | "/security/brokerPublicCertificate")
    }

    fn path_of(&self, pointer: &str) -> Option<Path> {
        let mut every = Vec::new();
        paths(&self.subject.members, &[], &mut every);
        every.into_iter().find(|path| at(&self.subject.members, path).pointer == pointer)
    }

    fn add_to(&mut self, kind: &'static str, block: &str, pointer: &str, value: &str, rule: &str) {
        let (Some(path), Some(key)) = (self.path_of(block), self.form().key(pointer)) else { return };
        if self.is_there(pointer) {
            return;
        }
        let members = changed(&self.subject.members, &path, |siblings, at| {
            let Node::Object(inner) = &mut siblings[at].value else { return };
            inner.push(Member { is_marked: true, ..Member::new(key, pointer, text(value)) });
        });
        self.push(kind, pointer, &members, finding(rule, pointer));
    }

    /// Mutations that combine valid fields and values in an invalid way.
    fn choices(&mut self) {
        let form = self.form();
        let mechanism = self.word("/authentication/mechanism").to_owned();
        let id = "6a7941d3c0eb9e7a17722d71";
        if matches!(mechanism.as_str(), "PLAIN" | "SCRAM-256" | "SCRAM-512") && form != Form::Kubernetes {
            let pointer = "/authentication/clientId";
            self.add_to("field of another mechanism", "/authentication", pointer, "streams", "unused-credentials");
        }
        if matches!(mechanism.as_str(), "OAUTHBEARER" | "AWS_MSK_IAM") {
            let pointer = "/authentication/username";
            self.add_to("field of another mechanism", "/authentication", pointer, "streams", "unused-credentials");
        }
        for block in ["/networking/access", "/publicPrivateNetworking/access"] {
            if self.word(&format!("{block}/type")) != "PRIVATE_LINK" {
                let pointer = format!("{block}/connectionId");
                self.add_to("id beside another network", block, &pointer, id, "unused-network-field");
            }
        }
        if matches!(self.kind(), "AWSLambda" | "AWSKinesisDataStreams") {
            // The plan may come from a newer provider.
            let rule = if form == Form::Terraform { "unsupported-by-dialect" } else { "misplaced-field" };
            let key = "/aws/testBucket";
            if form.is_terraform() {
                let path = self.path_of("/aws").unwrap();
                let members = changed(&self.subject.members, &path, |siblings, at| {
                    let Node::Object(inner) = &mut siblings[at].value else { return };
                    inner.push(Member { is_marked: true, ..Member::new("test_bucket", key, text("my-bucket")) });
                });
                self.push("bucket of another type", key, &members, finding(rule, key));
            } else {
                self.add_to("bucket of another type", "/aws", key, "my-bucket", rule);
            }
        }
        if form.is_api() {
            for (own, other) in [("/networking", "publicPrivateNetworking"), ("/publicPrivateNetworking", "networking")]
            {
                if let Some(path) = self.path_of(own) {
                    self.rename(
                        "network of other types",
                        &path,
                        other,
                        finding("misplaced-field", &format!("/{other}")),
                    );
                }
            }
        }
        let Some(path) = self.path_of("/security/protocol").filter(|_| form != Form::Kubernetes) else { return };
        let protocol = self.word("/security/protocol").to_owned();
        let pointer = "/security/protocol";
        let is_sasl = mechanism != "AWS_MSK_IAM" && !mechanism.is_empty();
        if protocol != "SASL_SSL" || self.is_there("/security/brokerPublicCertificate") || !is_sasl {
            return;
        }
        let in_clear = match (self.is_public(), mechanism.as_str()) {
            (false, _) => Some("plaintext-on-private-network"),
            (true, "PLAIN" | "OAUTHBEARER") => Some("unencrypted-credentials"),
            (true, _) => None,
        };
        if let Some(rule) = in_clear {
            self.set("protocol: not encrypted", &path, text("SASL_PLAINTEXT"), finding(rule, pointer));
        }
        let legacy = if self.is_public() { "legacy-protocol" } else { "plaintext-on-private-network" };
        self.set("protocol: of older versions", &path, text("PLAINTEXT"), finding(legacy, pointer));
        let rule = "ssl-without-client-certificate";
        self.set("protocol: for certificates", &path, text("SSL"), finding(rule, pointer));
    }

    /// Mutations that add or remove one character of the text.
    fn syntax(&mut self, path: &[usize], member: &Member) {
        let form = self.form();
        let marked = changed(&self.subject.members, path, |siblings, at| siblings[at].is_marked = true);
        let written = dialects::text(form, &marked);
        let lines = written.text.split('\n').map(str::to_owned).collect::<Vec<_>>();
        let (start, end) = written.lines.unwrap();
        let (first, last) = (lines[start - 1].clone(), lines[end - 1].clone());
        let is_leaf = start == end;
        let mut damage = |kind, line: usize, with: String| {
            let mut lines = lines.clone();
            if lines[line - 1] == with {
                return;
            }
            lines[line - 1] = with;
            let written = Written { text: lines.join("\n"), lines: Some((start.saturating_sub(1), end + 1)) };
            self.mutants.push(Mutant {
                kind,
                field: member.pointer.clone(),
                written,
                expected: vec!["syntax-error".to_owned()],
            });
        };
        let is_quoted = |line: &str| line.trim_end_matches(',').ends_with('"');
        if form.is_json() {
            if last.ends_with(',') {
                damage("lost comma", end, last[..last.len() - 1].to_owned());
                damage("semicolon in place of a comma", end, format!("{};", &last[..last.len() - 1]));
                damage("doubled comma", end, format!("{last},"));
            } else {
                damage("comma at the end", end, format!("{last},"));
            }
            damage("lost colon", start, first.replacen("\": ", "\" ", 1));
            damage("equals sign in place of a colon", start, first.replacen("\": ", "\" = ", 1));
            damage("lost quote before a key", start, first.replacen('"', "", 1));
            damage("lost quote after a key", start, first.replacen("\": ", ": ", 1));
            damage("key without quotes", start, first.replacen('"', "", 1).replacen("\": ", ": ", 1));
            if is_leaf && is_quoted(&last) {
                damage("lost quote before a value", start, first.replacen("\": \"", "\": ", 1));
                damage(
                    "lost quote after a value",
                    start,
                    first.strip_suffix(',').map_or_else(
                        || first[..first.len() - 1].to_owned(),
                        |rest| format!("{},", &rest[..rest.len() - 1]),
                    ),
                );
            }
            if !is_leaf {
                damage("lost opening brace", start, first.replacen(" {", " ", 1));
                damage("lost closing brace", end, last.replacen('}', "", 1));
            }
        }
        if form == Form::Terraform {
            if is_leaf || path.len() > 1 {
                damage("lost equals sign", start, first.replacen(" = ", " ", 1));
            }
            if path.len() == 1 {
                damage("colon in place of an equals sign", start, first.replacen(" = ", ": ", 1));
                damage("comma after an attribute", end, format!("{last},"));
            }
            if is_leaf && is_quoted(&last) {
                damage("lost quote before a value", start, first.replacen("= \"", "= ", 1));
                damage("lost quote after a value", start, last[..last.len() - 1].to_owned());
            }
            if !is_leaf {
                damage("lost opening brace", start, first.replacen(" {", " ", 1));
                damage("lost closing brace", end, last.replacen('}', "", 1));
            }
            if !is_leaf && path.len() == 1 && !matches!(domain(&member.pointer), Domain::Map) {
                let mut lines = lines.clone();
                lines[start - 1] = first.replacen(" = {", " {", 1);
                let written = Written { text: lines.join("\n"), lines: Some((start, end)) };
                let expected = finding("attribute-as-block", &member.pointer);
                let field = member.pointer.clone();
                self.mutants.push(Mutant { kind: "block in place of an attribute", field, written, expected });
            }
            return;
        }
        if form.is_yaml() {
            let indent = first.len() - first.trim_start().len();
            // Without other fields, the object would become a string.
            let is_alone = match path.split_last() {
                Some((_, around)) if !around.is_empty() => {
                    matches!(&at(&self.subject.members, around).value, Node::Object(inner) if inner.len() == 1)
                }
                _ => self.subject.members.len() == 1,
            };
            if is_leaf && !is_alone {
                damage("lost colon", start, first.replacen(": ", " ", 1));
                damage("no space after a colon", start, first.replacen(": ", ":", 1));
            }
            if is_leaf {
                damage("lost quote after a value", start, first.strip_suffix('"').unwrap_or(&first).to_owned());
                damage("lost closing bracket", start, first.strip_suffix(']').unwrap_or(&first).to_owned());
            }
            if indent > 0 {
                damage("tab in place of spaces", start, format!("\t{}", first.trim_start()));
            }
            if is_leaf && !is_alone {
                damage("a space too many before a key", start, format!(" {first}"));
            }
        }
    }
}

/// Possible mistakes in a URL, with their rules.
fn urls(value: &str) -> Vec<(&'static str, String, &'static str)> {
    let Some(rest) = value.strip_prefix("https://").filter(|_| !value.contains("${")) else { return Vec::new() };
    let (host, path) = rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
    let mut wrong = vec![
        ("url: http", format!("http://{rest}"), "insecure-url"),
        ("url: another scheme", format!("ftp://{rest}"), "malformed-url"),
        ("url: a slash too few", format!("https:/{rest}"), "malformed-url"),
        ("url: no host", "https://".to_owned(), "malformed-url"),
        ("url: a space", format!("https://my {rest}"), "malformed-url"),
        ("url: port 99999", format!("https://{host}:99999{path}"), "malformed-url"),
        ("url: a user name and password", format!("https://me:hunter2@{rest}"), "credentials-in-url"),
        ("url: a token", format!("https://{host}{path}?token=0123456789abcdef"), "credentials-in-url"),
        ("url: this machine", "https://localhost:8080/".to_owned(), "unreachable-host"),
        ("url: a private address", "https://192.168.1.20/".to_owned(), "unreachable-host"),
        ("placeholder", "https://<your-host>/".to_owned(), "leftover-placeholder"),
    ];
    // A host like `your-domain.com` is a placeholder.
    if !rest.starts_with("your") {
        wrong.push(("url: no scheme", rest.to_owned(), "malformed-url"));
    }
    wrong
}
