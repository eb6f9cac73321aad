variable "project_id" {
  type = string
}

locals {
  brokers = "SASL_SSL://broker-0.kafka.example.com:9092"
}

resource "mongodbatlas_stream_workspace" "analytics" {
  project_id     = var.project_id
  workspace_name = "analytics"
  data_process_region = {
    region         = "DUBLIN_IRL"
    cloud_provider = "AWS"
  }
}

resource "mongodbatlas_stream_connection" "orders" {
  project_id        = var.project_id
  instance_name     = mongodbatlas_stream_workspace.analytics.workspace_name
  connection_name   = "orders"
  type              = "Kafka"
  bootstrap_servers = local.brokers
  authentication {
    mechanism = "SCRAM-512"
    username  = "streams"
    password  = "hunter2" # belongs in a variable
  }
  security = {
    protocol = "SASL_SSL"
  }
}

resource "mongodbatlas_stream_connection" "target" {
  project_id      = var.project_id
  workspace_name  = mongodbatlas_stream_workspace.analytics.workspace_name
  connection_name = "target"
  type            = "Cluster"
  clusterName     = "Cluster0"
  db_role_to_execute = {
    role = "readWriteAnyDatabase"
    type = "BUILT-IN"
  }
}

resource "mongodbatlas_stream_processor" "copy" {
  project_id     = var.project_id
  workspace_name = mongodbatlas_stream_workspace.analytics.workspace_name
  processor_name = "copy"
  pipeline = jsonencode([
    { "$source" = { connectionName = "order", topic = "orders" } },
    { "$emit" = { connectionName = mongodbatlas_stream_connection.target.connection_name, db = "shop", coll = "orders" } },
  ])
}
