resource "mongodbatlas_stream_workspace" "w" {
  project_id          = var.p
  workspace_name      = "ws"
  data_process_region = { region = "VIRGINIA_USA", cloud_provider = "AWS" }
}

data "mongodbatlas_stream_connection" "by_hand" {
  project_id      = var.p
  workspace_name  = mongodbatlas_stream_workspace.w.workspace_name
  connection_name = "by-hand"
}

resource "mongodbatlas_stream_processor" "p" {
  project_id     = var.p
  workspace_name = mongodbatlas_stream_workspace.w.workspace_name
  processor_name = "p"
  pipeline = jsonencode([
    { "$source" = { connectionName = "by-hand", topic = "t" } },
    { "$emit" = { connectionName = "by-hand", topic = "u" } },
  ])
}
