mechanism = "SCRAM-SHA-512"
