# One zip, and one function with an identity of its own for each kind of work.

locals {
  base_functions = {
    schedule   = { handler = "dev.tidemark.aws.ScheduleHandler", zip = var.functions_zip }
    control    = { handler = "dev.tidemark.aws.ControlHandler", zip = var.functions_zip }
    transfer   = { handler = "dev.tidemark.aws.TransferHandler", zip = var.functions_zip }
    deadletter = { handler = "dev.tidemark.aws.DeadLetterHandler", zip = var.functions_zip }
  }
  functions = merge(
    local.base_functions,
    var.api == null ? {} : { api = { handler = var.api.handler, zip = var.api.zip } },
  )

  # A person waits for the API. The others work on queues and schedules, where a second more at the start of a
  # process is nothing, and a version made of each change would be minutes more of every apply.
  snap_started = var.functions.api.snap_start ? ["api"] : []

  # Lambda stops at the JVM's first compiler, which knows no quick SHA-256. Where all bytes are digested, the second one
  # is there too, and waits ten times as long as it would: a start costs 0.2 s more, which 15 MB earn.
  # https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html
  transfer_java_options = join(" ", [
    "-XX:TieredStopAtLevel=4",
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
  ])

  variables_of_functions = {
    TIDEMARK_DEPLOYMENT     = var.name
    TIDEMARK_TABLE          = aws_dynamodb_table.state.name
    TIDEMARK_CONTROL_QUEUE  = aws_sqs_queue.work["control"].url
    TIDEMARK_TRANSFER_QUEUE = aws_sqs_queue.work["transfer"].url
    TIDEMARK_CONTROL_BUCKET = aws_s3_bucket.control.bucket
    TIDEMARK_CONFIGURATION  = aws_s3_object.configuration.key
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name                  = local.function_names[each.key]
  description                    = "Tidemark: ${each.key} of ${var.name}"
  role                           = aws_iam_role.function[each.key].arn
  runtime                        = "java21"
  architectures                  = [var.architecture]
  handler                        = each.value.handler
  filename                       = each.value.zip
  source_code_hash               = filebase64sha256(each.value.zip)
  memory_size                    = var.functions[each.key].memory_mib
  timeout                        = var.functions[each.key].timeout_seconds
  reserved_concurrent_executions = coalesce(var.functions[each.key].reserved_concurrency, -1)
  publish                        = contains(local.snap_started, each.key)
  tags                           = local.tags

  environment {
    variables = merge(
      each.key == "transfer" ? { JAVA_TOOL_OPTIONS = local.transfer_java_options } : {},
      var.environment,
      local.variables_of_functions,
      var.event_bus_arn == null ? {} : { TIDEMARK_EVENT_BUS = var.event_bus_arn },
      # Whose value API Gateway replaces in every request.
      each.key == "api" ? { TIDEMARK_ROLE_HEADER = local.role_header } : {},
    )
  }

  # Lines of JSON, metrics among them, pass as they are.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  dynamic "snap_start" {
    for_each = contains(local.snap_started, each.key) ? [true] : []

    content {
      apply_on = "PublishedVersions"
    }
  }

  dynamic "vpc_config" {
    for_each = var.network[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = [aws_security_group.functions[0].id]
    }
  }

  # A function that starts before it may read its table fails its first events.
  depends_on = [aws_iam_role_policy.function]
}

# A backup is a chain of invocations that send each other messages; Lambda would stop it after some 16 of them.
# Tidemark counts attempts without progress itself.
resource "aws_lambda_function_recursion_config" "function" {
  for_each = toset(["control", "transfer", "deadletter"])

  function_name  = aws_lambda_function.function[each.key].function_name
  recursive_loop = "Allow"
}

locals {
  mappings = {
    control    = { queue = local.queue_arns.control, batch = 10, concurrency = var.functions.control.maximum_concurrency }
    transfer   = { queue = local.queue_arns.transfer, batch = 1, concurrency = var.functions.transfer.maximum_concurrency }
    deadletter = { queue = local.queue_arns.dead, batch = 10, concurrency = 2 }
  }
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = local.mappings

  function_name           = aws_lambda_function.function[each.key].arn
  event_source_arn        = each.value.queue
  batch_size              = each.value.batch
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = local.tags

  scaling_config {
    maximum_concurrency = each.value.concurrency
  }

  depends_on = [aws_sqs_queue.work, aws_lambda_function_recursion_config.function]
}

# What EventBridge Scheduler has handed over is Lambda's to try again, and to keep where that does not help.
resource "aws_lambda_function_event_invoke_config" "schedule" {
  function_name                = aws_lambda_function.function["schedule"].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.missed.arn
    }
  }
}

resource "aws_lambda_alias" "api" {
  count = var.api == null ? 0 : 1

  name             = "live"
  function_name    = aws_lambda_function.function["api"].function_name
  function_version = contains(local.snap_started, "api") ? aws_lambda_function.function["api"].version : "$LATEST"
}
