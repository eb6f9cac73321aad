// Texts of a given length.

/** An array of valid connections, about this many characters long. */
export function many(length) {
  const rows = [];
  for (let size = 0; size < length; size += rows.at(-1).length + 2) {
    const connection = {
      name: `orders-${rows.length}`,
      type: "Kafka",
      bootstrapServers: "broker-0.example.com:9092,broker-1.example.com:9092",
      authentication: { mechanism: "SCRAM-512", username: "atlas-streams", password: "${KAFKA_PASSWORD}" },
      security: { protocol: "SASL_SSL" },
    };
    rows.push(JSON.stringify(connection, null, 2));
  }
  return `[${rows.join(",\n")}]`;
}
