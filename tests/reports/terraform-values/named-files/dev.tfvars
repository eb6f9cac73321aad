mechanism         = "PLAIN"
readings_password = "kept-in-a-named-file"
