resource "mongodbatlas_stream_connection" "orders" {
  project_id        = var.project_id
  workspace_name    = var.workspace_name
  connection_name   = "${var.team}-orders"
  type              = "Kafka"
  bootstrap_servers = var.brokers
  authentication = {
    mechanism = var.mechanism
    username  = var.username
    password  = var.password
  }
  security   = var.security
  networking = var.networking
  config     = var.config
}
