variable "project_id" {
  type = string
}

variable "kafka_password" {
  type      = string
  sensitive = true
}

locals {
  brokers = "broker-0.kafka.example.com:9092,broker-1.kafka.example.com:9092"
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
  workspace_name    = mongodbatlas_stream_workspace.analytics.workspace_name
  connection_name   = "orders"
  type              = "Kafka"
  bootstrap_servers = local.brokers
  authentication = {
    mechanism = "SCRAM-512"
    username  = "streams"
    password  = var.kafka_password
  }
  security = {
    protocol = "SASL_SSL"
  }
  config = {
    "auto.offset.reset" = "earliest"
  }
}

resource "mongodbatlas_stream_connection" "target" {
  project_id      = var.project_id
  workspace_name  = mongodbatlas_stream_workspace.analytics.workspace_name
  connection_name = "target"
  type            = "Cluster"
  cluster_name    = "Cluster0"
  db_role_to_execute = {
    role = "readWriteAnyDatabase"
    type = "BUILT_IN"
  }
}

resource "mongodbatlas_stream_processor" "copy" {
  project_id     = var.project_id
  workspace_name = mongodbatlas_stream_workspace.analytics.workspace_name
  processor_name = "copy"
  state          = "STARTED"
  pipeline = jsonencode([
    { "$source" = { connectionName = mongodbatlas_stream_connection.orders.connection_name, topic = "orders" } },
    { "$merge" = { into = { connectionName = "target", db = "shop", coll = "orders" } } },
  ])
}
