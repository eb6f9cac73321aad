#!/usr/bin/env bash
connections="https://cloud.mongodb.com/api/atlas/v2/groups/$GROUP_ID/streams/analytics/connections"

curl --digest --user "$KEYS" -X POST "$connections" -d '{
  "name": "alerts",
  "type": "https",
  "url": "http://hooks.example.com/alerts"
}'

curl --digest --user "$KEYS" -X PATCH "$connections/orders" \
  --data "{\"type\": \"Kafka\", \"bootstrapServer\": \"$BROKERS\"}"

atlas streams connections create orders --instance "our analytics" --file - <<JSON
{
  "type": "Kafka",
  "bootstrapServers": "${BROKERS}",
  "authentication": { "mechanism": "PLAIN", "username": "$USER", "password": "kafka-secret-1" },
  "security": { "protocol": "SASL_SLL" }
}
JSON
