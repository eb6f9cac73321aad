provider "mongodbatlas" {
  version = "~> 1.14"
}

resource "mongodbatlas_stream_connection" "readings" {
  project_id      = var.project_id
  instance_name   = "meters"
  connection_name = "alerts"
  type            = "Https"
  url             = "https://alerts.example.com/in"
}

variable "project_id" { type = string }
