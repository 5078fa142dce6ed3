# Bad input makes no plan.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  name          = "prod"
  functions_zip = "./versions.tf"
  configuration = file("./tests/configurations/one.yaml")
}

run "a_name_with_other_characters" {
  command = plan

  variables {
    name = "my-prod"
  }

  expect_failures = [var.name]
}

run "a_name_that_is_too_long" {
  command = plan

  variables {
    name = "abcdefghijklmnopq"
  }

  expect_failures = [var.name]
}

run "text_that_is_no_yaml" {
  command = plan

  variables {
    configuration = "vaults: [a, b"
  }

  expect_failures = [var.configuration]
}

run "yaml_that_is_no_mapping" {
  command = plan

  variables {
    configuration = "just text"
  }

  expect_failures = [var.configuration]
}

run "a_zip_that_is_not_there" {
  command = plan

  variables {
    functions_zip = "./no-such.zip"
  }

  expect_failures = [var.functions_zip]
}

run "an_api_zip_that_is_not_there" {
  command = plan

  variables {
    api = { zip = "./no-such.zip" }
  }

  expect_failures = [var.api]
}

run "an_open_api" {
  command = plan

  variables {
    api = { zip = "./versions.tf", authorization = "NONE" }
  }

  expect_failures = [var.api]
}

run "tokens_of_nobody" {
  command = plan

  variables {
    api = { zip = "./versions.tf", authorization = "JWT" }
  }

  expect_failures = [var.api]
}

run "a_role_that_does_not_exist" {
  command = plan

  variables {
    api = { zip = "./versions.tf", write_role = "root" }
  }

  expect_failures = [var.api]
}

run "a_network_without_subnets" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", subnet_ids = [], route_table_ids = ["rtb-1"], nodes = [] }
  }

  expect_failures = [var.network]
}

run "endpoints_without_route_tables" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1"], nodes = [] }
  }

  expect_failures = [var.network]
}

run "nodes_without_an_address_range" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1"], route_table_ids = ["rtb-1"], nodes = [{ cidr = "10.0.0.0", from_port = 8101 }] }
  }

  expect_failures = [var.network]
}

run "ports_in_the_wrong_order" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1"], route_table_ids = ["rtb-1"], nodes = [{ cidr = "10.0.0.0/16", from_port = 8101, to_port = 80 }] }
  }

  expect_failures = [var.network]
}

run "an_architecture_that_does_not_exist" {
  command = plan

  variables {
    architecture = "arm"
  }

  expect_failures = [var.architecture]
}

run "too_little_memory" {
  command = plan

  variables {
    functions = { transfer = { memory_mib = 128 } }
  }

  expect_failures = [var.functions]
}

run "a_timeout_beyond_lambdas" {
  command = plan

  variables {
    functions = { transfer = { timeout_seconds = 901 } }
  }

  expect_failures = [var.functions]
}

run "an_api_that_outlives_its_gateway" {
  command = plan

  variables {
    functions = { api = { timeout_seconds = 60 } }
  }

  expect_failures = [var.functions]
}

run "a_concurrency_of_one" {
  command = plan

  variables {
    functions = { control = { maximum_concurrency = 1 } }
  }

  expect_failures = [var.functions]
}

run "less_reserved_than_queues_ask_for" {
  command = plan

  variables {
    functions = { transfer = { maximum_concurrency = 20, reserved_concurrency = 10 } }
  }

  expect_failures = [var.functions]
}

run "a_variable_of_ours" {
  command = plan

  variables {
    environment = { TIDEMARK_TABLE = "x" }
  }

  expect_failures = [var.environment]
}

run "a_key_by_its_alias" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:alias/x"
  }

  expect_failures = [var.kms_key_arn]
}

run "a_vaults_key_by_its_alias" {
  command = plan

  variables {
    vault_kms_key_arns = ["alias/x"]
  }

  expect_failures = [var.vault_kms_key_arns]
}

run "a_topic_that_is_none" {
  command = plan

  variables {
    alarms = { topic_arns = ["ops@acme.example"] }
  }

  expect_failures = [var.alarms]
}

run "a_bus_by_its_name" {
  command = plan

  variables {
    event_bus_arn = "default"
  }

  expect_failures = [var.event_bus_arn]
}

run "overdue_at_once" {
  command = plan

  variables {
    alarms = { overdue_after_hours = 0 }
  }

  expect_failures = [var.alarms]
}

run "days_that_cloudwatch_does_not_know" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "a_configuration_that_cannot_work_here" {
  command = plan

  variables {
    configuration = "vaults: { main: { path: /srv/vault } }"
  }

  expect_failures = [aws_s3_object.configuration]
}

run "a_vault_that_is_not_configured" {
  command = plan

  variables {
    vault = { name = "other" }
  }

  expect_failures = [aws_s3_object.configuration]
}

run "a_schedule_that_cannot_be_expressed" {
  command = plan

  variables {
    configuration = replace(file("./tests/configurations/one.yaml"), "15 4 * * 0", "15 4 1 * 0")
  }

  expect_failures = [aws_s3_object.configuration]
}

