# What a plan makes of a configuration.

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

override_data {
  target = data.aws_vpc.nodes[0]
  values = { cidr_block = "10.0.0.0/16" }
}

override_data {
  target = data.aws_ec2_managed_prefix_list.gateway["s3"]
  values = { id = "pl-00000001" }
}

override_data {
  target = data.aws_ec2_managed_prefix_list.gateway["dynamodb"]
  values = { id = "pl-00000002" }
}

variables {
  name          = "prod"
  functions_zip = "./versions.tf"
  configuration = file("./tests/configurations/one.yaml")
  vault         = { name = "main" }
}

run "names_have_the_deployment" {
  command = plan

  assert {
    condition = alltrue([
      aws_dynamodb_table.state.name == "tidemark-prod",
      aws_s3_bucket.control.bucket == "tidemark-prod-control-123456789012-eu-central-1",
      sort([for queue in concat(values(aws_sqs_queue.work), [aws_sqs_queue.dead, aws_sqs_queue.missed]) : queue.name]) ==
      sort([for kind in ["control", "dead", "missed", "transfer"] : "tidemark-prod-${kind}"]),
      sort([for function in values(aws_lambda_function.function) : function.function_name]) ==
      sort([for kind in ["control", "deadletter", "schedule", "transfer"] : "tidemark-prod-${kind}"]),
      sort([for role in concat(values(aws_iam_role.function), [aws_iam_role.scheduler]) : role.name]) ==
      sort([for kind in ["control", "deadletter", "schedule", "scheduler", "transfer"] : "tidemark-prod-${kind}"]),
      sort([for group in values(aws_cloudwatch_log_group.function) : group.name]) ==
      sort([for kind in ["control", "deadletter", "schedule", "transfer"] : "/aws/lambda/tidemark-prod-${kind}"]),
      module.vault[0].bucket == "acme-main",
    ])
    error_message = "a name is not what it should be"
  }
}

run "the_table_is_the_one_that_the_functions_know" {
  command = plan

  assert {
    condition = (
      aws_dynamodb_table.state.hash_key == "pk" && aws_dynamodb_table.state.range_key == "sk"
      && aws_dynamodb_table.state.billing_mode == "PAY_PER_REQUEST"
      && alltrue([for attribute in aws_dynamodb_table.state.attribute : attribute.type == "S"])
      && aws_dynamodb_table.state.deletion_protection_enabled
      && aws_dynamodb_table.state.point_in_time_recovery[0].enabled
    )
    error_message = "expected texts pk and sk, on demand, protected"
  }
}

run "a_message_is_invisible_for_six_timeouts_and_dies_after_five_tries" {
  command = plan

  variables {
    functions = { control = { timeout_seconds = 100 }, transfer = { timeout_seconds = 899 } }
  }

  assert {
    condition = (
      aws_sqs_queue.work["control"].visibility_timeout_seconds == 600
      && aws_sqs_queue.work["transfer"].visibility_timeout_seconds == 5394
      && aws_sqs_queue.dead.visibility_timeout_seconds == 720
      && aws_lambda_function.function["control"].timeout == 100
      && aws_lambda_function.function["transfer"].timeout == 899
      && aws_lambda_function.function["deadletter"].timeout == 120
    )
    error_message = "expected six timeouts"
  }

  assert {
    condition = alltrue([
      for queue in values(aws_sqs_queue.work) : jsondecode(queue.redrive_policy) == {
        deadLetterTargetArn = "arn:aws:sqs:eu-central-1:123456789012:tidemark-prod-dead"
        maxReceiveCount     = 5
      }
    ])
    error_message = "expected dead letters after five tries"
  }

  assert {
    condition = alltrue([
      for queue in concat(values(aws_sqs_queue.work), [aws_sqs_queue.dead, aws_sqs_queue.missed]) :
      queue.sqs_managed_sse_enabled && queue.message_retention_seconds == 1209600 && !queue.fifo_queue
    ])
    error_message = "expected standard queues, encrypted, that keep messages for 14 days"
  }
}

run "queues_invoke_functions" {
  command = plan

  assert {
    condition = jsonencode({
      for key, mapping in aws_lambda_event_source_mapping.queue : key => [mapping.event_source_arn, mapping.batch_size, mapping.scaling_config[0].maximum_concurrency]
      }) == jsonencode({
      control    = ["arn:aws:sqs:eu-central-1:123456789012:tidemark-prod-control", 10, 10]
      deadletter = ["arn:aws:sqs:eu-central-1:123456789012:tidemark-prod-dead", 10, 2]
      transfer   = ["arn:aws:sqs:eu-central-1:123456789012:tidemark-prod-transfer", 1, 20]
    })
    error_message = "a mapping is not what it should be"
  }

  assert {
    condition     = alltrue([for mapping in values(aws_lambda_event_source_mapping.queue) : toset(mapping.function_response_types) == toset(["ReportBatchItemFailures"])])
    error_message = "expected answers for each message"
  }

  assert {
    condition     = { for key, config in aws_lambda_function_recursion_config.function : key => config.recursive_loop } == { control = "Allow", deadletter = "Allow", transfer = "Allow" }
    error_message = "expected that functions may send each other messages without an end"
  }
}

run "functions_are_told_where_everything_is" {
  command = plan

  variables {
    environment = { NODE_KEY = "x" }
  }

  assert {
    condition = jsonencode({ for key, function in aws_lambda_function.function : key => function.handler }) == jsonencode({
      control    = "dev.tidemark.aws.ControlHandler"
      deadletter = "dev.tidemark.aws.DeadLetterHandler"
      schedule   = "dev.tidemark.aws.ScheduleHandler"
      transfer   = "dev.tidemark.aws.TransferHandler"
    })
    error_message = "a handler is not what it should be"
  }

  assert {
    condition = alltrue([
      for function in values(aws_lambda_function.function) : (
        function.runtime == "java21" && toset(function.architectures) == toset(["arm64"]) && !function.publish
        && length(function.snap_start) == 0 && function.reserved_concurrent_executions == -1
        && function.logging_config[0].log_format == "Text"
      )
    ])
    error_message = "expected java21 on arm64, without snapshots and reserved concurrency"
  }

  assert {
    condition     = aws_s3_object.configuration.content == var.configuration && can(regex("^configuration/[0-9a-f]{16}\\.yaml$", aws_s3_object.configuration.key))
    error_message = "expected the configuration under a key of its content, found ${aws_s3_object.configuration.key}"
  }
}

run "a_start_from_a_snapshot_is_the_apis_alone" {
  command = plan

  variables {
    api = { zip = "./versions.tf" }
  }

  assert {
    condition     = { for key, function in aws_lambda_function.function : key => function.publish if length(function.snap_start) > 0 } == { api = true }
    error_message = "expected snapshots of api"
  }

  assert {
    condition     = jsonencode({ for key, route in aws_apigatewayv2_route.route : route.route_key => [route.authorization_type, aws_apigatewayv2_integration.function[key].request_parameters] }) == jsonencode({ "$default" = ["AWS_IAM", { "overwrite:header.X-Tidemark-Role" = "operator" }], "GET /{proxy+}" = ["AWS_IAM", { "overwrite:header.X-Tidemark-Role" = "reader" }] })
    error_message = "expected two routes, whose role the gateway writes"
  }
}

run "tokens_open_routes_by_scope" {
  command = plan

  variables {
    api       = { zip = "./versions.tf", authorization = "JWT", issuer = "https://login.acme.example/", audience = ["tidemark"], write_role = "admin" }
    functions = { api = { snap_start = false } }
  }

  assert {
    condition = jsonencode({ for route in values(aws_apigatewayv2_route.route) : route.route_key => [route.authorization_type, sort(route.authorization_scopes)] }) == jsonencode({
      "$default"      = ["JWT", ["tidemark/operator"]]
      "GET /{proxy+}" = ["JWT", ["tidemark/operator", "tidemark/reader"]]
    })
    error_message = "a route's scopes are not what they should be"
  }

  assert {
    condition     = aws_apigatewayv2_integration.function["write"].request_parameters["overwrite:header.X-Tidemark-Role"] == "admin"
    error_message = "expected the role that was asked for"
  }

  assert {
    condition     = length(aws_lambda_function.function["api"].snap_start) == 0 && aws_lambda_alias.api[0].function_version == "$LATEST"
    error_message = "expected no snapshot"
  }
}

run "one_schedule_a_policy_and_the_tick" {
  command = plan

  assert {
    condition = jsonencode({ for schedule in concat(values(aws_scheduler_schedule.policy), [aws_scheduler_schedule.tick]) : schedule.name => [schedule.schedule_expression, schedule.schedule_expression_timezone] }) == jsonencode({
      policy-nightly = ["cron(0 3 * * ? *)", "Europe/Berlin"]
      policy-weekly  = ["cron(15 4 ? * 1 *)", "UTC"]
      tick           = ["rate(1 minute)", "UTC"]
    })
    error_message = "a schedule is not what it should be"
  }

  # With its brackets: escaped ones would be delivered as they are.
  assert {
    condition     = aws_scheduler_schedule.policy["nightly"].target[0].input == "{\"policy\":\"nightly\",\"time\":\"<aws.scheduler.scheduled-time>\"}"
    error_message = "found ${aws_scheduler_schedule.policy["nightly"].target[0].input}"
  }

  assert {
    condition     = aws_scheduler_schedule.tick.target[0].input == "{\"tick\":true}" && aws_scheduler_schedule.tick.target[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "found ${aws_scheduler_schedule.tick.target[0].input}"
  }

  assert {
    condition     = alltrue([for schedule in values(aws_scheduler_schedule.policy) : length(schedule.target[0].dead_letter_config) == 1])
    error_message = "expected a queue for what cannot be delivered"
  }
}

run "alarms_know_how_often_a_policy_runs" {
  command = plan

  variables {
    alarms = { topic_arns = ["arn:aws:sns:eu-central-1:123456789012:ops"], overdue_after_hours = 2 }
  }

  assert {
    condition = jsonencode({ for alarm in values(aws_cloudwatch_metric_alarm.overdue) : alarm.alarm_name => [alarm.threshold, alarm.treat_missing_data, alarm.dimensions] }) == jsonencode({
      tidemark-prod-overdue-nightly-images  = [93600, "breaching", { cluster = "images", deployment = "prod", policy = "nightly" }]
      tidemark-prod-overdue-nightly-vectors = [93600, "breaching", { cluster = "vectors", deployment = "prod", policy = "nightly" }]
      tidemark-prod-overdue-weekly-vectors  = [612000, "breaching", { cluster = "vectors", deployment = "prod", policy = "weekly" }]
    })
    error_message = "an overdue alarm is not what it should be"
  }

  assert {
    condition = sort(distinct(flatten([
      for alarm in values(aws_cloudwatch_metric_alarm.failed_steps) : [
        for query in alarm.metric_query : [for metric in query.metric : metric.dimensions.step]
      ]
      ]))) == sort([
      "backup.plan", "backup.seal", "lane.fill", "restore.finish", "restore.plan", "run.announce", "run.cancel", "run.close", "run.watch",
      "unit.restore", "unit.snapshot", "unit.transfer",
    ])
    error_message = "expected failures of every kind of step"
  }

  assert {
    condition     = sort([for alarm in values(aws_cloudwatch_metric_alarm.not_empty) : alarm.dimensions.QueueName]) == sort(["tidemark-prod-dead", "tidemark-prod-missed"])
    error_message = "expected alarms of both queues that should be empty"
  }

  assert {
    condition = alltrue([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.overdue), values(aws_cloudwatch_metric_alarm.failed_steps), values(aws_cloudwatch_metric_alarm.errors),
        values(aws_cloudwatch_metric_alarm.not_empty), aws_cloudwatch_metric_alarm.dead_letters, aws_cloudwatch_metric_alarm.tick,
      ) : toset(alarm.alarm_actions) == toset(["arn:aws:sns:eu-central-1:123456789012:ops"])
    ])
    error_message = "expected that every alarm tells somebody"
  }
}

run "no_alarms_where_none_are_wanted" {
  command = plan

  variables {
    alarms = null
  }

  assert {
    condition = length(concat(
      values(aws_cloudwatch_metric_alarm.overdue), values(aws_cloudwatch_metric_alarm.failed_steps), values(aws_cloudwatch_metric_alarm.errors),
      values(aws_cloudwatch_metric_alarm.not_empty), aws_cloudwatch_metric_alarm.dead_letters, aws_cloudwatch_metric_alarm.tick,
    )) == 0
    error_message = "expected none"
  }
}

run "private_nodes_are_reached_and_nothing_else" {
  command = plan

  variables {
    configuration = file("./tests/configurations/many.yaml")
    environment   = { MINIO_KEY = "x" }
    event_bus_arn = "arn:aws:events:eu-central-1:123456789012:event-bus/default"
    network = {
      vpc_id          = "vpc-1"
      subnet_ids      = ["subnet-1", "subnet-2"]
      route_table_ids = ["rtb-1"]
      nodes           = [{ cidr = "10.0.0.0/16", from_port = 8101 }, { cidr = "10.9.0.0/16", from_port = 8000, to_port = 8200 }]
      internet        = true
    }
  }

  assert {
    condition     = sort([for endpoint in concat(values(aws_vpc_endpoint.gateway), values(aws_vpc_endpoint.interface)) : endpoint.service_name]) == sort([for service in ["dynamodb", "events", "s3", "secretsmanager", "sqs", "sts"] : "com.amazonaws.eu-central-1.${service}"])
    error_message = "expected endpoints for what this configuration uses"
  }

  assert {
    condition     = alltrue([for function in values(aws_lambda_function.function) : toset(function.vpc_config[0].subnet_ids) == toset(["subnet-1", "subnet-2"])])
    error_message = "expected functions in the subnets"
  }

  assert {
    condition = jsonencode({
      for key, rule in aws_vpc_security_group_egress_rule.nodes : key => [rule.cidr_ipv4, rule.from_port, rule.to_port]
      }) == jsonencode({
      "10.0.0.0/16 8101-8101" = ["10.0.0.0/16", 8101, 8101]
      "10.9.0.0/16 8000-8200" = ["10.9.0.0/16", 8000, 8200]
    }) && aws_vpc_security_group_egress_rule.https["anywhere"].cidr_ipv4 == "0.0.0.0/0"
    error_message = "expected a way to the nodes, and to HTTPS"
  }
}

run "without_a_nat_only_the_vpc_and_gateways_are_reached" {
  command = plan

  variables {
    network = {
      vpc_id          = "vpc-1"
      subnet_ids      = ["subnet-1"]
      route_table_ids = ["rtb-1"]
      nodes           = [{ cidr = "10.0.0.0/16", from_port = 8101 }]
    }
  }

  assert {
    condition     = { for key, rule in aws_vpc_security_group_egress_rule.https : key => rule.cidr_ipv4 } == { endpoints = "10.0.0.0/16" } && { for key, rule in aws_vpc_security_group_egress_rule.gateway : key => rule.prefix_list_id } == { dynamodb = "pl-00000002", s3 = "pl-00000001" }
    error_message = "expected no way to anywhere"
  }

  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["sqs"]
    error_message = "expected only the endpoint that is needed, found ${jsonencode(keys(aws_vpc_endpoint.interface))}"
  }
}

run "one_key_encrypts_everything" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition = alltrue(concat(
      [for queue in concat(values(aws_sqs_queue.work), [aws_sqs_queue.dead, aws_sqs_queue.missed]) : queue.kms_master_key_id == var.kms_key_arn],
      [aws_dynamodb_table.state.server_side_encryption[0].kms_key_arn == var.kms_key_arn],
      [one(aws_s3_bucket_server_side_encryption_configuration.control.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn],
    ))
    error_message = "expected the key everywhere"
  }
}
