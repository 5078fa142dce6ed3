output "api_url" {
  description = "Address of the HTTP API; null where there is none."
  value       = one(aws_apigatewayv2_api.api[*].api_endpoint)
}

output "control_bucket" {
  description = "Name of the bucket that holds configurations."
  value       = aws_s3_bucket.control.bucket
}

output "dashboard" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.deployment.dashboard_name
}

output "function_arns" {
  description = "ARNs of the functions, by kind."
  value       = { for key, function in aws_lambda_function.function : key => function.arn }
}

output "permissions" {
  description = "What each identity may do: its allowed actions, by kind of function."
  value = merge(
    { for key, statements in local.statements : key => sort(distinct(flatten([for each in statements : each.Action if each.Effect == "Allow"]))) },
    { scheduler = sort(distinct(flatten([for each in local.scheduler_statements : each.Action]))) },
  )
}

output "queue_urls" {
  description = "URLs of the queues: control, transfer, dead (letters), missed (schedules)."
  value = {
    control  = aws_sqs_queue.work["control"].url
    transfer = aws_sqs_queue.work["transfer"].url
    dead     = aws_sqs_queue.dead.url
    missed   = aws_sqs_queue.missed.url
  }
}

output "role_arns" {
  description = "ARNs of the functions' roles, by kind, for bucket and key policies elsewhere."
  value       = { for key, role in aws_iam_role.function : key => role.arn }
}

output "schedules" {
  description = "What EventBridge Scheduler runs, by policy."
  value       = { for name, schedule in aws_scheduler_schedule.policy : name => "${schedule.schedule_expression} ${schedule.schedule_expression_timezone}" }
}

output "security_group_id" {
  description = "Security group of the functions, which the nodes' group must let in; null without a network."
  value       = one(aws_security_group.functions[*].id)
}

output "table" {
  description = "Name of the table."
  value       = aws_dynamodb_table.state.name
}

output "vault_bucket" {
  description = "Name of the vault's bucket that was made here; null where none was."
  value       = one(module.vault[*].bucket)
}
