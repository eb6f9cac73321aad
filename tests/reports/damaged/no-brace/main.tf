resource "mongodbatlas_stream_connection" "alerts"
  project_id      = var.project_id
  workspace_name  = "meters"
  connection_name = "alerts"
  type            = "Https"
  url             = "https://alerts.example.com/in"
}

variable "project_id" { type = string }
