resource "mongodbatlas_stream_connection" "orders" {
  project_id        = "32b6e34b3d91647abb20e7b8"
  workspace_name    = "analytics"
  connection_name   = "Orders_prod"
  type              = "Kafka"
  bootstrap_servers = "b1.example.com:9092"
  authentication = {
    mechanism = "SCRAM-512"
    username  = "svc-orders"
    password  = "pl4nted-Secret"
  }
  security = {
    protocol                  = "SASL_SSL"
    broker_public_certificate = "pl4nted-Certificate"
  }
  networking = {
    access = {
      type = "PUBLIC"
    }
  }
  config = {
    "auto.offset.reset" = "earliest"
    "client.id"         = "streams-client"
  }
}
