//! Connection documents for benches: all ten types in realistic form, the same in every run.

/// Valid documents, which have no findings.
pub fn valid(count: usize) -> Vec<String> {
    (0..count).map(|at| document(at, Mistake::None)).collect()
}

/// Documents with exactly one mistake each.
pub fn broken(count: usize) -> Vec<String> {
    (0..count).map(|at| document(at, Mistake::One)).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Mistake {
    None,
    One,
}

#[allow(clippy::too_many_lines, reason = "a table of texts")]
fn document(at: usize, mistake: Mistake) -> String {
    let wrong = |right: &'static str, wrong: &'static str| if mistake == Mistake::One { wrong } else { right };
    let region = ["eu-central-1", "us-east-1", "ap-southeast-2"][at % 3];
    let account = 100_000_000_000_u64 + (at as u64 * 7_919) % 899_999_999_999;
    let id = format!("{:024x}", 0x6a79_41d3_c0eb_9e7a_u128 * (at as u128 + 3));
    match at % 10 {
        0 | 5 => format!(
            r#"{{
  "name": "orders-{at}",
  "type": "Kafka",
  "bootstrapServers": "broker-0.kafka-{at}.{region}.example.com:9092,broker-1.kafka-{at}.{region}.example.com:9092,broker-2.kafka-{at}.{region}.example.com:9092",
  "authentication": {{
    "mechanism": "{}",
    "username": "atlas-streams-{at}",
    "password": "${{KAFKA_PASSWORD_{at}}}"
  }},
  "security": {{
    "protocol": "SASL_SSL"
  }},
  "config": {{
    "auto.offset.reset": "earliest",
    "group.id": "atlas-orders-{at}",
    "session.timeout.ms": "45000"
  }},
  "networking": {{
    "access": {{
      "type": "PUBLIC"
    }}
  }}
}}
"#,
            wrong("SCRAM-512", "SCRAM-SHA-512")
        ),
        1 => format!(
            r#"{{
  "name": "warehouse-{at}",
  "type": "Cluster",
  "clusterName": "warehouse-{at}",
  "clusterGroupId": "{id}",
  "dbRoleToExecute": {{
    "role": "readWriteAnyDatabase",
    "type": "{}"
  }}
}}
"#,
            wrong("BUILT_IN", "BUILTIN")
        ),
        2 => format!(
            "{{\n  \"{}\": \"{}\",\n  \"type\": \"Sample\"\n}}\n",
            "name",
            wrong("sample_stream_solar", "sample_stream_sola")
        ),
        3 => format!(
            r#"{{
  "name": "alerts-{at}",
  "type": "Https",
  "{}": "https://hooks-{at}.example.com/services/alerts/{region}",
  "headers": {{
    "Content-Type": "application/json",
    "X-Request-Source": "atlas-stream-processing-{at}",
    "Authorization": "Bearer ${{ALERTS_TOKEN_{at}}}"
  }}
}}
"#,
            wrong("url", "ulr")
        ),
        4 => format!(
            r#"{{
  "name": "archive-{at}",
  "type": "S3",
  "aws": {{
    "roleArn": "arn:aws:iam::{}:role/streams/archive-{at}",
    "testBucket": "example-streams-archive-{at}"
  }},
  "networking": {{ "access": {{ "type": "PRIVATE_LINK", "connectionId": "{id}" }} }}
}}
"#,
            if mistake == Mistake::One { account / 1000 } else { account }
        ),
        6 => format!(
            r#"{{
  "name": "clicks-{at}",
  "type": "AWSKinesisDataStreams",
  "aws": {{ "roleArn": "arn:aws:iam::{account}:role/streams-clicks-{at}" }},
  "networking": {{ "access": {{ "type": "{}" }} }}
}}
"#,
            wrong("VPC", "VPC_PEERING")
        ),
        7 => format!(
            r#"{{
  "name": "exports-{at}",
  "type": "AzureBlobStorage",
  "azure": {{
    "servicePrincipalId": "b2f4c7a6-2c5e-4d1b-9c39-{:012x}",
    "storageAccountName": "{}{at}"
  }},
  "publicPrivateNetworking": {{ "access": {{ "type": "PUBLIC" }} }}
}}
"#,
            at,
            wrong("exports", "Exports")
        ),
        8 => format!(
            r#"{{
  "name": "events-{at}",
  "type": "GCPPubSub",
  "gcp": {{ "serviceAccountId": "atlas-streams-{at}@{}.iam.gserviceaccount.com" }}
}}
"#,
            wrong("example-project", "example project")
        ),
        _ => format!(
            r#"{{
  "name": "schemas-{at}",
  "type": "SchemaRegistry",
  "provider": "{}",
  "schemaRegistryUrls": ["https://schemas-{at}.{region}.example.com", "https://schemas-{at}-b.{region}.example.com:8443"],
  "schemaRegistryAuthentication": {{
    "type": "USER_INFO",
    "username": "atlas-streams-{at}",
    "password": "${{SCHEMA_REGISTRY_PASSWORD_{at}}}"
  }}
}}
"#,
            wrong("CONFLUENT", "Confluent")
        ),
    }
}
