//! The connections that each dialect finds, their translation, and the dialect's own findings.

use std::fmt::Write as _;

use crate::{Dialect, Report, Severity, Source, check};

/// The dialect, connections and findings of a text, each finding with its marked text.
fn picture(name: &str, text: &str) -> String {
    let report = check(&Source::new(name, text));
    let mut picture = format!("{}:", report.dialect().name());
    for summary in report.summaries() {
        let kind = summary.kind.map_or("-", crate::Kind::name);
        let _ = write!(picture, " {}/{kind}", summary.name.as_deref().unwrap_or("-"));
    }
    for found in report.diagnostics() {
        let span = found.span();
        let marked = text[span.start..span.end].replace('\n', "⏎");
        let _ = write!(picture, "\n{} {} at `{}` [{marked}]", found.severity.name(), found.rule.name, found.pointer);
        for label in &found.labels[1..] {
            let _ = write!(picture, " and [{}]", text[label.span.start..label.span.end].replace('\n', "⏎"));
        }
    }
    picture
}

fn kubernetes(spec: &str) -> String {
    let manifest = format!(
        "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata: {{ name: x }}\nspec:\n{spec}"
    );
    picture("a.yaml", &manifest)
}

fn cloudformation(properties: &str) -> String {
    let head = "Parameters:\n  Protocol: { Type: String, Default: PLAINTEXT }\n  Empty: { Type: String, Default: '' }\n  Free: { Type: String }\n  Only: { Type: String, AllowedValues: [SSL] }\n  List: { Type: CommaDelimitedList, Default: 'a,b' }\n";
    let around = "      ProjectId: 32b6e34b3d91647abb20e7b8\n      WorkspaceName: w\n      ConnectionName: x\n";
    picture(
        "a.yaml",
        &format!(
            "{head}Resources:\n  X:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties:\n{around}{properties}"
        ),
    )
}

const KAFKA: &str = "  name: orders\n  type: Kafka\n  kafkaConfig:\n    bootstrapServers: b.example.com:9092\n    authentication:\n      mechanism: SCRAM-256\n      credentials: { name: login }\n    security:\n      protocol: SSL\n";

#[test]
fn branches_of_a_template_do_not_affect_each_other() {
    let helm = "  name: orders\n  {{- if .Values.kafka }}\n  type: Kafka\n  kafkaConfig:\n    bootstrapServers: SASL_SSL://b.example.com:9092\n    authentication: { mechanism: PLAIN, credentials: { name: a } }\n    security:\n      {{- if .Values.tls }}\n      protocol: SSL\n      certificate: { name: ca }\n      {{- else if .Values.old }}\n      protocol: PLAINTEXT\n      {{- else }}\n      {{- with .Values.x }}\n      protocol: SASL_PLAINTEXT\n      {{- end }}\n      {{- end }}\n  {{- else }}\n  type: Cluster\n  clusterConfig:\n    name: c\n    role: { name: readWriteAnyDatabas, type: BUILT_IN }\n  {{- end }}\n";
    insta::assert_snapshot!(kubernetes(helm), @"
    kubernetes: orders/-
    error bootstrap-scheme at `/bootstrapServers` [SASL_SSL://]
    warning unknown-built-in-role at `/dbRoleToExecute/role` [readWriteAnyDatabas]
    ");
    let head = "name: orders\ntype: Kafka\nbootstrapServers: b.example.com:9092\nsecurity: {protocol: SASL_SSL}\n";
    let oauth = "  mechanism: OAUTHBEARER\n  method: OIDC\n  tokenEndpointUrl: httpx://t.example.com/token\n  clientId: a\n  clientSecret: '{{ secret }}'\n";
    let plain = "  mechanism: PLAIN\n  username: u\n  password: '{{ pw }}'\n";
    let around = |before: &str, after: &str| {
        format!("{head}authentication:\n{before}{{% if oauth %}}\n{oauth}{{% else %}}\n{plain}{{% endif %}}\n{after}")
    };
    insta::assert_snapshot!(picture("a.yaml", &around("", "")), @"
    admin-api: orders/Kafka
    error malformed-url at `/authentication/tokenEndpointUrl` [httpx://t.example.com/token]
    ");
    insta::assert_snapshot!(picture("a.yaml", &around("{% if a %}\n", "{% endif %}\n")), @"
    admin-api: orders/Kafka
    error malformed-url at `/authentication/tokenEndpointUrl` [httpx://t.example.com/token]
    ");
    let alone = format!("{head}authentication:\n{{% if oauth %}}\n{oauth}  username: u\n{{% endif %}}\n");
    insta::assert_snapshot!(picture("a.yaml", &alone), @"
    admin-api: orders/Kafka
    error malformed-url at `/authentication/tokenEndpointUrl` [httpx://t.example.com/token]
    warning unused-credentials at `/authentication/username` [username] and [OAUTHBEARER]
    ");
    let apart = format!(
        "{head}authentication:\n  mechanism: PLAIN\n  username: u\n{{% if a %}}\n  password: '{{{{ pw }}}}'\n  clientId: a\n{{% else %}}\n  password: $P\n{{% endif %}}\n"
    );
    insta::assert_snapshot!(picture("a.yaml", &apart), @"
    admin-api: orders/Kafka
    warning unused-credentials at `/authentication/clientId` [clientId] and [PLAIN]
    ");
    let merged = format!(
        "x-a: &a {{mechanism: OAUTHBEARER, method: OIDC, clientId: a}}\nx-b: &b {{mechanism: PLAIN, username: u, password: $P}}\n{head}authentication:\n{{% if a %}}\n  <<: *a\n{{% else %}}\n  <<: *b\n{{% endif %}}\n"
    );
    insta::assert_snapshot!(picture("a.yaml", &merged), @"
    admin-api: orders/Kafka
    error unknown-field at `/x-a` [x-a]
    error unknown-field at `/x-b` [x-b]
    ");
    let list = "{{ if .a }}\n- name: sample_stream_solar\n  type: Sample\n  url: x\n{{ else }}\n- name: sample_stream_solar\n  type: Sampl\n{{ end }}\n";
    insta::assert_snapshot!(picture("a.yaml", list), @"
    admin-api: sample_stream_solar/Sample sample_stream_solar/Sample
    info not-a-connection at `` [-]
    error misplaced-field at `/url` [url]
    error unknown-type at `/type` [Sampl]
    ");
    let all = "{{ if .a }}\nname: orders\ntype: Https\nurl: https://a.example.com\n{{ else }}\nname: orders\ntype: Cluster\nclusterName: c\ndbRoleToExecute: {role: readAnyDatabase, type: BUILT_IN}\n{{ end }}\n";
    insta::assert_snapshot!(picture("a.yaml", all), @"admin-api: -/-");
    let registry = "name: r\ntype: SchemaRegistry\nprovider: CONFLUENT\nschemaRegistryUrls:\n{{ if .a }}\n- https://a.example.com\n{{ else }}\n- https://a.example.com\n- https://a.example.com\n{{ end }}\nschemaRegistryAuthentication: {type: USER_INFO, username: u, password: $P}\n";
    insta::assert_snapshot!(picture("a.yaml", registry), @"admin-api: r/SchemaRegistry");
}

#[test]
fn sops_metadata_is_not_an_unknown_field() {
    let secret = "ENC[AES256_GCM,data:abc=,iv:abc=,tag:abc=,type:str]";
    let kafka = format!(
        "name: k\ntype: Kafka\nbootstrapServers: k.example.com:9092\nauthentication:\n    mechanism: SCRAM-256\n    username: u\n    password: {secret}\nsecurity:\n    protocol: SASL_SSL\n"
    );
    let sops = format!(
        "sops:\n    kms: []\n    lastmodified: '2026-01-01T00:00:00Z'\n    mac: {secret}\n    version: 3.9.0\n"
    );
    insta::assert_snapshot!(picture("a.yaml", &format!("{kafka}{sops}")), @"admin-api: k/Kafka");
    insta::assert_snapshot!(picture("a.yaml", &format!("{kafka}{sops}---\n{kafka}{sops}").replacen("name: k", "name: l", 1)), @"admin-api: l/Kafka k/Kafka");
    let json = format!(
        r#"{{ "name": "hooks", "type": "{secret}", "url": "{secret}", "sops": {{ "age": [], "mac": "{secret}", "version": "3.9.0" }} }}"#
    );
    insta::assert_snapshot!(picture("a.json", &json), @"admin-api: hooks/-");
    // Only spellings of the program, and only at their positions.
    insta::assert_snapshot!(picture("a.yaml", &format!("{kafka}sops: {{ a: 1 }}\n")), @"
    admin-api: k/Kafka
    error unknown-field at `/sops` [sops]
    ");
    insta::assert_snapshot!(picture("a.yaml", &format!("{kafka}{sops}").replace("security:", "security:\n    sops: {mac: x}")), @"
    admin-api: k/Kafka
    error unknown-field at `/security/sops` [sops]
    ");
}

#[test]
fn a_field_without_a_colon_is_reported_in_every_dialect() {
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("{ name: login }", "{name:login}")), @"
    kubernetes: orders/Kafka
    error syntax-error at `` [:]
    ");
    insta::assert_snapshot!(kubernetes("  {name: a, type: Kafka, kafkaConfig:x}\n"), @"
    kubernetes: a/Kafka
    error syntax-error at `` [:]
    ");
    insta::assert_snapshot!(cloudformation("      Type: Https\n      Url: https://a.example.com\n      Headers: {X-Team:orders}\n"), @"
    cloudformation: x/Https
    error syntax-error at `` [:]
    ");
}

#[test]
fn kubernetes_connections_are_checked_with_their_own_names() {
    insta::assert_snapshot!(kubernetes(KAFKA), @r#"
    kubernetes: orders/Kafka
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("b.example.com:9092", "SASL_SSL://b.example.com:9092")), @r#"
    kubernetes: orders/Kafka
    error bootstrap-scheme at `/bootstrapServers` [SASL_SSL://]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("      credentials: { name: login }\n", "")), @r#"
    kubernetes: orders/Kafka
    error missing-field at `/authentication/username` [authentication]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("{ name: login }", "login")), @r#"
    kubernetes: orders/Kafka
    error wrong-type at `/authentication/username` [login]
    "#);
    insta::assert_snapshot!(kubernetes("  type: Cluster\n  name: yes\n  clusterConfig:\n    name: 12\n"), @r#"
    kubernetes: -/Cluster
    error wrong-type at `/name` [yes]
    error missing-field at `/dbRoleToExecute/role` [clusterConfig]
    error missing-field at `/dbRoleToExecute/type` [clusterConfig]
    error wrong-type at `/clusterName` [12]
    "#);
    insta::assert_snapshot!(kubernetes("  {}\n"), @r#"
    kubernetes: -/-
    error unknown-type at `/type` [spec]
    "#);
}

#[test]
fn unsupported_fields_of_the_operator_are_reported_once() {
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("SSL", "SASL_SSL").replace("SCRAM-256", "OAUTHBEARER")), @r#"
    kubernetes: orders/Kafka
    error unsupported-by-dialect at `/authentication/mechanism` [OAUTHBEARER]
    error unsupported-by-dialect at `/security/protocol` [SASL_SSL]
    "#);
    insta::assert_snapshot!(kubernetes("  name: hook\n  type: Https\n  url: ftp://x\n"), @r#"
    kubernetes: hook/Https
    error unsupported-by-dialect at `/type` [Https]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("    security", "    networking: { access: { type: VPC } }\n    security")), @r#"
    kubernetes: orders/Kafka
    error unsupported-by-dialect at `/networking` [networking]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("      mechanism", "      sslCertificate: x\n      mechanism")), @r#"
    kubernetes: orders/Kafka
    error unsupported-by-dialect at `/authentication/sslCertificate` [sslCertificate]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("SSL", "PLAINTEXT")), @r#"
    kubernetes: orders/Kafka
    info legacy-protocol at `/security/protocol` [PLAINTEXT]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("SSL", "sasl_ssl")), @r#"
    kubernetes: orders/Kafka
    error unknown-value at `/security/protocol` [sasl_ssl]
    "#);
}

#[test]
fn values_of_the_api_are_not_those_of_the_operator() {
    insta::assert_snapshot!(kubernetes("  name: t\n  type: Cluster\n  clusterName: C0\n  clusterConfig:\n    role: { role: readAnyDatabase, type: BUILT_IN }\n"), @r#"
    kubernetes: t/Cluster
    error api-field-name at `/clusterName` [clusterName]
    error api-field-name at `/dbRoleToExecute/role` [role]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("credentials: { name: login }", "username: u\n      password: hunter2")), @r#"
    kubernetes: orders/Kafka
    error api-field-name at `/authentication/username` [username]
    error api-field-name at `/authentication/password` [password]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("Kafka\n", "Cluster\n")), @r#"
    kubernetes: orders/Cluster
    error missing-field at `/clusterName` [spec]
    error misplaced-field at `` [kafkaConfig]
    "#);
    insta::assert_snapshot!(kubernetes(&KAFKA.replace("mechanism:", "mechanisms:")), @r#"
    kubernetes: orders/Kafka
    error unknown-field at `/authentication/mechanisms` [mechanisms]
    "#);
}

#[test]
fn kubernetes_lists_patches_and_others() {
    let list = "kind: List\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data: { type: Kafka, bootstrapServers: x }\n- apiVersion: atlas.mongodb.com/v1\n  kind: AtlasStreamConnection\n  spec: { name: sample_stream_solar, type: Sample }\n---\napiVersion: apps/v1\nkind: Deployment\n---\napiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nspec: { name: s, type: Samples }\n";
    insta::assert_snapshot!(picture("a.yaml", list), @r#"
    kubernetes: sample_stream_solar/Sample s/Sample
    warning unknown-sample at `/name` [s]
    error unknown-type at `/type` [Samples]
    "#);
    insta::assert_snapshot!(kubernetes("  kafkaConfig:\n    bootstrapServers: b.example.com\n"), @r#"
    kubernetes: -/Kafka
    warning missing-port at `/bootstrapServers` [b.example.com]
    "#);
    insta::assert_snapshot!(picture("a.yaml", "apiVersion: v1\nkind: Service\nspec: { type: Kafka }\n"), @r#"
    kubernetes:
    "#);
    insta::assert_snapshot!(picture("a.yaml", "apiVersion: other.io/v1\nkind: AtlasStreamConnection\nspec: {}\n"), @r#"
    kubernetes:
    "#);
    insta::assert_snapshot!(picture("a.json", r#"{"apiVersion":"atlas.mongodb.com/v1","kind":"AtlasStreamConnection","spec":{"name":"s","type":"sample"}}"#), @r#"
    kubernetes: s/Sample
    warning unknown-sample at `/name` ["s"]
    error unknown-type at `/type` ["sample"]
    "#);
}

#[test]
fn an_instance_is_a_workspace() {
    let connection = |name: &str, manifest: &str| {
        format!(
            "---\napiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata: {{ name: {manifest}, namespace: n }}\nspec: {{ name: {name}, type: Sample }}\n"
        )
    };
    let two = connection("sample_stream_solar", "a") + &connection("sample_stream_solar", "b");
    insta::assert_snapshot!(picture("a.yaml", &two), @r#"
    kubernetes: sample_stream_solar/Sample sample_stream_solar/Sample
    "#);
    let instance = "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamInstance\nmetadata: { name: i, namespace: n }\nspec:\n  connectionRegistry:\n  - name: a\n  - { name: b, namespace: n }\n";
    insta::assert_snapshot!(picture("a.yaml", &format!("{instance}{two}")), @r#"
    kubernetes: sample_stream_solar/Sample sample_stream_solar/Sample
    error duplicate-name at `/name` [sample_stream_solar] and [sample_stream_solar]
    "#);
}

#[test]
fn credentials_with_an_empty_password() {
    let secret = |data: &str| {
        picture(
            "a.yaml",
            &format!(
                "apiVersion: v1\nkind: Secret\nmetadata:\n  labels: {{ atlas.mongodb.com/type: credentials }}\n{data}"
            ),
        )
    };
    insta::assert_snapshot!(secret("data:\n  username: eA==\n  password: \"\"\n"), @r#"
    kubernetes:
    error empty-secret at `` [""]
    "#);
    insta::assert_snapshot!(secret("stringData:\n  username: x\n  password:\n"), @r#"
    kubernetes:
    error empty-secret at `` [password]
    "#);
    insta::assert_snapshot!(secret("data:\n  username: eA==\n  password: eA==\n"), @r#"
    kubernetes:
    "#);
    insta::assert_snapshot!(secret("data:\n  publicApiKey: \"\"\n"), @r#"
    kubernetes:
    "#);
}

#[test]
fn helm_templates_are_read_around_their_expressions() {
    let text = "{{- if .Values.streams }}\napiVersion: {{ .Values.api }}\nkind: AtlasStreamConnection\nmetadata:\n  name: {{ include \"x.name\" . }}\n  labels:\n    {{- include \"x.labels\" . | nindent 4 }}\nspec:\n  name: orders\n  type: Kafka\n  kafkaConfig:\n    bootstrapServers: {{ .Values.brokers | quote }}\n    {{- toYaml .Values.kafka | nindent 4 }}\n{{- end }}\n";
    insta::assert_snapshot!(picture("a.yaml", text), @r#"
    kubernetes: orders/Kafka
    "#);
    insta::assert_snapshot!(picture("a.yaml", &text.replace("  type", "  {{ if x }}a:\n     b\n    c: d{{ end }}\n  type")), @r#"
    kubernetes:
    info syntax-error at `` [:]
    "#);
}

#[test]
fn cloudformation_resources_are_checked_with_their_own_names() {
    insta::assert_snapshot!(cloudformation("      Type: Https\n      Url: http://hooks.example.com\n      Headers: { X: 1 }\n"), @r#"
    cloudformation: x/Https
    warning insecure-url at `/url` [http]
    "#);
    insta::assert_snapshot!(cloudformation("      Type: S3\n      Aws: { RoleArn: nonsense }\n"), @r#"
    cloudformation: x/S3
    error unsupported-by-dialect at `/type` [S3]
    "#);
    insta::assert_snapshot!(cloudformation("      Type: https\n      url: https://hooks.example.com\n      Azure: {}\n      Heders: {}\n"), @r#"
    cloudformation: x/Https
    error unknown-type at `/type` [https]
    error api-field-name at `/url` [url]
    error unsupported-by-dialect at `/azure` [Azure]
    error unknown-field at `/heders` [Heders]
    "#);
    insta::assert_snapshot!(cloudformation("      Type: Cluster\n      ClusterName: !Ref Free\n      InstanceName: w\n      DbRoleToExecute: { Role: nonsense, Type: BUILT_IN }\n"), @r#"
    cloudformation: x/Cluster
    error conflicting-attributes at `/tenantName` [InstanceName] and [WorkspaceName]
    "#);
    let nameless = "Resources:\n  X:\n    Type: MongoDB::Atlas::StreamConnection\n    Properties: { ConnectionName: x, Type: Sample }\n";
    insta::assert_snapshot!(picture("a.yaml", nameless), @r#"
    cloudformation: x/Sample
    error missing-field at `/groupId` [Properties]
    error missing-field at `/tenantName` [Properties]
    warning unknown-sample at `/name` [x]
    "#);
    insta::assert_snapshot!(picture("a.yaml", &nameless.replace("    Properties: { ConnectionName: x, Type: Sample }\n", "")), @r#"
    cloudformation: -/-
    error unknown-type at `/type` [X]
    error missing-field at `/groupId` [X]
    error missing-field at `/tenantName` [X]
    "#);
}

const CFN_KAFKA: &str = "      Type: Kafka\n      BootstrapServers: !Join [',', [b.example.com, 'c.example.com:9092']]\n      Authentication: { Mechanism: PLAIN, Username: !Ref Free, Password: '{{resolve:secretsmanager:x:SecretString:p}}' }\n      Security: { Protocol: !Ref Protocol, BrokerPublicCertificate: !Ref Empty }\n      Config: { acks: 1, group.id: !Sub 'x-${Free}' }\n      Networking: !If [c, { Access: { Type: nonsense } }, !Ref AWS::NoValue]\n";

#[test]
fn references_have_the_values_of_the_template() {
    insta::assert_snapshot!(cloudformation(CFN_KAFKA), @r#"
    cloudformation: x/Kafka
    warning missing-port at `/bootstrapServers` [[',', [b.example.com, 'c.example.com:9092']]]
    warning legacy-protocol at `/security/protocol` [Protocol] and [PLAINTEXT]
    warning unused-credentials at `/security/brokerPublicCertificate` [BrokerPublicCertificate] and [Protocol]
    "#);
    insta::assert_snapshot!(cloudformation(&CFN_KAFKA.replace("!Ref Protocol", "{ Ref: Only }")), @r#"
    cloudformation: x/Kafka
    warning missing-port at `/bootstrapServers` [[',', [b.example.com, 'c.example.com:9092']]]
    warning ssl-without-client-certificate at `/security/protocol` [{ Ref: Only }] and [PLAIN] and [SSL]
    "#);
    insta::assert_snapshot!(cloudformation(&CFN_KAFKA.replace("!Ref Protocol", "{ 'Fn::ImportValue': x }")), @r#"
    cloudformation: x/Kafka
    warning missing-port at `/bootstrapServers` [[',', [b.example.com, 'c.example.com:9092']]]
    "#);
    insta::assert_snapshot!(cloudformation(&CFN_KAFKA.replace("!Ref Protocol", "!Ref AWS::NoValue")), @r#"
    cloudformation: x/Kafka
    warning missing-port at `/bootstrapServers` [[',', [b.example.com, 'c.example.com:9092']]]
    error missing-field at `/security/protocol` [Security]
    "#);
    insta::assert_snapshot!(cloudformation(&CFN_KAFKA.replace("!Join [',', [b.example.com, 'c.example.com:9092']]", "!Ref List")), @r#"
    cloudformation: x/Kafka
    warning legacy-protocol at `/security/protocol` [Protocol] and [PLAINTEXT]
    warning unused-credentials at `/security/brokerPublicCertificate` [BrokerPublicCertificate] and [Protocol]
    "#);
}

#[test]
fn cloudformation_in_json_and_alone() {
    let json = r#"{"Resources":{"Q":{"Type":"AWS::SQS::Queue"},"X":{"Type":"MongoDB::Atlas::StreamConnection","Properties":{"ProjectId":"x","InstanceName":{"Ref":"W"},"ConnectionName":{"Fn::Sub":"alerts"},"Type":"Https","Url":{"Fn::GetAtt":["A","B"]}}}}}"#;
    insta::assert_snapshot!(picture("a.json", json), @r#"
    cloudformation: alerts/Https
    error malformed-id at `/groupId` ["x"]
    warning deprecated-attribute at `/tenantName` ["InstanceName"]
    "#);
    insta::assert_snapshot!(picture("a.template", json), @r#"
    cloudformation: alerts/Https
    error malformed-id at `/groupId` ["x"]
    warning deprecated-attribute at `/tenantName` ["InstanceName"]
    "#);
    let alone = r#"{"ProjectId":"","WorkspaceName":"","ConnectionName":"c","Type":"Cluster","ClusterName":"mongodb+srv://x.example.net"}"#;
    insta::assert_snapshot!(picture("inputs_1_create.json", alone), @r#"
    cloudformation: c/Cluster
    error connection-string-as-name at `/clusterName` ["mongodb+srv://x.example.net"]
    "#);
    insta::assert_snapshot!(picture("a.json", r#"{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}"#), @r#"
    cloudformation:
    "#);
    insta::assert_snapshot!(picture("a.yaml", "Resources:\n  Fn::ForEach::All:\n    - N\n    - [a, b]\n    - 'C${N}':\n        Type: MongoDB::Atlas::StreamConnection\n        Properties: { ProjectId: !Ref P, WorkspaceName: w, ConnectionName: !Sub 'c-${N}', Type: Sample }\n"), @r#"
    cloudformation: -/Sample
    "#);
}

#[test]
fn plain_bodies_in_yaml() {
    insta::assert_snapshot!(picture("a.yaml", "name: hook\ntype: Https\nurl: hooks.example.com\n---\nname: solar\ntype: Sample\n"), @r#"
    admin-api: hook/Https solar/Sample
    error malformed-url at `/url` [hooks.example.com]
    warning unknown-sample at `/name` [solar]
    "#);
    insta::assert_snapshot!(picture("a.yaml", "x: &login { username: u, password: '' }\nname: orders\ntype: Kafka\nbootstrapServers: b.example.com:9092\nauthentication: { <<: *login, mechanism: PLAIN }\nsecurity: { protocol: SASL_SSL }\n"), @r#"
    admin-api: orders/Kafka
    error unknown-field at `/x` [x]
    error empty-secret at `/authentication/password` [*login] and ['']
    "#);
}

#[test]
fn only_the_selected_dialect_is_detected() {
    let of = |dialect| -> Report {
        let config = crate::Config::builder().dialect(dialect).build().unwrap();
        crate::Linter::new(config).check(&Source::new("a.yaml", "name: x\ntype: Rabbit\n"))
    };
    assert_eq!(of(Dialect::AdminApi).diagnostics().len(), 1);
    for dialect in [Dialect::Kubernetes, Dialect::CloudFormation] {
        let report = of(dialect);
        assert_eq!((report.dialect(), report.summaries().len()), (dialect, 0));
        let [found] = report.diagnostics() else { panic!("no connection is reported: {:?}", report.diagnostics()) };
        assert_eq!((found.rule.name, found.severity), ("not-a-connection", Severity::Error));
    }
    assert!(of(Dialect::AdminApi).diagnostics().iter().all(|found| found.severity == Severity::Error));
}

/// A connection whose headers are expanded from a chain of locals.
fn chain(levels: usize, first: &str, level: impl Fn(usize) -> String) -> Report {
    let mut locals = String::new();
    for at in 0..levels {
        let _ = writeln!(locals, "  l{} = {}", at + 1, level(at));
    }
    let around = "  project_id = \"64f1a2b3c4d5e6f708192a3b\"\n  workspace_name = \"w\"\n  connection_name = \"c\"\n  type = \"Https\"\n  url = \"https://h.example.com\"\n";
    let text = format!(
        "locals {{\n  l0 = {first}\n{locals}}}\nresource \"mongodbatlas_stream_connection\" \"r\" {{\n{around}  headers = local.l{levels}\n}}\n"
    );
    check(&Source::new("a.tf", text))
}

#[test]
fn locals_that_reference_others_have_a_budget() {
    type Level = fn(usize) -> String;
    let levels: [(&str, Level); 5] = [
        ("objects", |at| format!("{{ a = local.l{at}, b = local.l{at} }}")),
        ("lists", |at| format!("[local.l{at}, local.l{at}]")),
        ("nested", |at| format!("{{ a = [{{ b = local.l{at} }}, local.l{at}] }}")),
        ("encoded", |at| format!("[jsonencode(local.l{at}), local.l{at}, local.l{at}]")),
        ("paths", |at| format!("{{ a = local.l{at}.a, b = local.l{at}.a, c = local.l{at} }}")),
    ];
    for (name, level) in levels {
        let report = chain(39, "{ a = \"x\" }", level);
        let text = report.source().text();
        let deep = report.diagnostics().iter().filter(|found| found.rule.name == "too-deep").collect::<Vec<_>>();
        let places = deep.iter().map(|found| &text[found.span().start..found.span().end]).collect::<Vec<_>>();
        assert!(name == "paths" || places == ["local.l39"], "{name}: {places:?}");
    }
    let report = chain(5, "{ a = \"x\" }", levels[0].1);
    assert!(report.diagnostics().iter().all(|found| found.rule.name != "too-deep"), "{:?}", report.diagnostics());
}

#[test]
fn nested_locals_have_a_depth_limit() {
    let report = chain(2000, "\"x\"", |at| format!("{{ a = local.l{at} }}"));
    let deep = report.diagnostics().iter().find(|found| found.rule.name == "too-deep").unwrap();
    assert_eq!(&report.source().text()[deep.span().start..deep.span().end], "local.l2000");
    let circle = chain(1, "{ a = local.l1 }", |_| "{ a = local.l0 }".to_owned());
    assert!(circle.diagnostics().iter().any(|found| found.rule.name == "too-deep"));
}

/// Each part of a name may refer to other names, whose parts do as well.
#[test]
fn chains_of_references_have_a_limit() {
    let parts = ".x".repeat(30);
    let level = |at: usize| format!("{{ x = local.l{at}{parts} }}");
    assert_eq!(chain(60, "{ x = local.l60 }", level).summaries().len(), 1);
}

#[test]
fn each_element_of_a_map_is_a_connection() {
    let resource = |each: &str, rest: &str| {
        format!(
            "resource \"mongodbatlas_stream_connection\" \"x\" {{\n  for_each = {each}\n  project_id = var.p\n  workspace_name = \"w\"\n{rest}}}\n"
        )
    };
    let hook = "  connection_name = \"hook-${each.key}\"\n  type = \"Https\"\n  url = each.value\n";
    let map = resource("{ a = \"https://a.example.com\", b = \"http://b.example.com\" }", hook);
    assert_eq!(picture("a.tf", &map), "terraform: hook-a/Https hook-b/Https\nwarning insecure-url at `/url` [http]");
    // Findings that all copies share are reported once.
    let wrong = map.replace("each.value\n", "each.value\n  method = \"x\"\n");
    assert_eq!(picture("a.tf", &wrong).matches("[method]").count(), 1);
    let of_set = |url: &str| resource("toset([\"a\", \"b\"])", &hook.replace("= each.value", &format!("= {url}")));
    let found = picture("a.tf", &of_set("\"http://${each.value}.example.com\""));
    assert_eq!(found.matches("insecure-url").count(), 1, "{found}");
    let nested = resource(
        "{ a = { name = \"n\", auth = { mechanism = \"SCRAM-512\" } } }",
        "  connection_name = each.value.name\n  type = \"Kafka\"\n  bootstrap_servers = \"b.example.com:9092\"\n\
           authentication = each.value.auth\n  security = { protocol = \"SASL_SSL\" }\n",
    );
    assert!(picture("a.tf", &nested).starts_with("terraform: n/Kafka"));
    // Unknown elements are one connection with unknown values.
    for unknown in ["var.hooks", "{ for k in var.names : k => k }", "{}", "{ (var.a) = \"http://x.example.com\" }"] {
        let found = picture("a.tf", &resource(unknown, hook));
        assert!(!found.contains('\n') || unknown.contains("(var.a)"), "{unknown}: {found}");
    }
}

#[test]
fn copies_of_a_resource_have_a_limit() {
    let mut elements = String::new();
    for at in 0..3000 {
        let _ = writeln!(elements, "a{at} = \"x\"");
    }
    let text = format!(
        "resource \"mongodbatlas_stream_connection\" \"x\" {{\n  for_each = {{\n{elements}}}\n  project_id = var.p\n  workspace_name = \"w\"\n\
           connection_name = each.key\n  type = \"Https\"\n  url = each.value\n}}\n"
    );
    let report = check(&Source::new("a.tf", text.as_str()));
    assert!(report.summaries().len() < 3000);
    assert!(report.diagnostics().iter().any(|found| found.rule.name == "too-deep"));
}
