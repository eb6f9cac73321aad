#!/usr/bin/env bash
# Creates our connections. The secrets are in the environment.
set -euo pipefail

base=https://cloud.mongodb.com/api/atlas/v2
connections="$base/groups/$GROUP_ID/streams/analytics/connections"

curl --fail --digest --user "$PUBLIC_KEY:$PRIVATE_KEY" \
  -H "Content-Type: application/json" -H "Accept: application/vnd.atlas.2023-02-01+json" \
  -X POST "$connections" -d '{
    "name": "alerts",
    "type": "Https",
    "url": "https://hooks.example.com/alerts",
    "headers": { "Authorization": "Bearer '"$TOKEN"'" }
  }'

cat > orders.json <<JSON
{
  "name": "orders",
  "type": "Kafka",
  "bootstrapServers": "${BROKERS}",
  "authentication": { "mechanism": "PLAIN", "username": "streams", "password": "$KAFKA_PASSWORD" },
  "security": { "protocol": "SASL_SSL" }
}
JSON
atlas streams connections create orders --instance analytics --file orders.json

atlas streams connections update solar --instance analytics --file - <<'JSON'
{ "name": "sample_stream_solar", "type": "Sample" }
JSON
