# What a person should hear of. Metrics of the namespace Tidemark come out of the functions' logs.

locals {
  namespace = "Tidemark"

  steps = {
    backup  = ["backup.plan", "lane.fill", "unit.snapshot", "unit.transfer", "backup.seal"]
    restore = ["restore.plan", "unit.restore", "restore.finish"]
    run     = ["run.announce", "run.cancel", "run.close", "run.watch"]
  }

  expected_backups = {
    for each in flatten([
      for name, policy in local.scheduled : [
        for cluster in policy.clusters : { policy = name, cluster = cluster }
      ]
    ]) : "${each.policy}-${each.cluster}" => each
  }

  alarmed = var.alarms == null ? [] : ["yes"]
  topics  = try(var.alarms.topic_arns, [])
}

# An alarm looks at ten metrics at most.
resource "aws_cloudwatch_metric_alarm" "failed_steps" {
  for_each = var.alarms == null ? {} : local.steps

  alarm_name          = "${local.prefix}-failed-${each.key}-steps"
  alarm_description   = "Steps of a ${each.key} fail again and again. The log lines 'step.failed' of the functions control and transfer say why."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.failed_steps
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics
  ok_actions          = local.topics
  tags                = local.tags

  metric_query {
    id          = "failures"
    label       = "failed steps"
    expression  = "SUM(METRICS())"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value

    content {
      id = replace(metric_query.value, ".", "_")

      metric {
        namespace   = local.namespace
        metric_name = "StepFailures"
        dimensions  = { deployment = var.name, step = metric_query.value }
        period      = 900
        stat        = "Sum"
      }
    }
  }
}

# Missing data is the worst: nobody even counts. It also stands until a policy's first slot has passed.
resource "aws_cloudwatch_metric_alarm" "overdue" {
  for_each = var.alarms == null ? {} : local.expected_backups

  alarm_name          = "${local.prefix}-overdue-${each.key}"
  alarm_description   = "Policy ${each.value.policy} has no good backup of ${each.value.cluster} since its last slot, or nothing counts any more."
  namespace           = local.namespace
  metric_name         = "SecondsSinceLastSuccess"
  dimensions          = { deployment = var.name, cluster = each.value.cluster, policy = each.value.policy }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600 * (coalesce(local.scheduled[each.value.policy].longest_gap_hours, 0) + var.alarms.overdue_after_hours)
  treat_missing_data  = "breaching"
  alarm_actions       = local.topics
  ok_actions          = local.topics
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "tick" {
  count = length(local.alarmed)

  alarm_name          = "${local.prefix}-tick"
  alarm_description   = "The tick does not come: no timers, no watchdog, no gauges."
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  dimensions          = { FunctionName = local.function_names.schedule }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = local.topics
  ok_actions          = local.topics
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = var.alarms == null ? {} : local.functions

  alarm_name          = "${local.prefix}-errors-${each.key}"
  alarm_description   = "Invocations of ${local.function_names[each.key]} end with errors: it cannot start, runs out of time or memory, or lacks a permission. Its log says which."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = local.function_names[each.key] }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics
  ok_actions          = local.topics
  tags                = local.tags
}

# The dead letter function takes each as a failed attempt; one is worth a look even so.
resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  count = length(local.alarmed)

  alarm_name          = "${local.prefix}-dead-letters"
  alarm_description   = "Messages came back too often: their invocations died without a word, mostly of memory. The run goes on or fails by itself."
  namespace           = local.namespace
  metric_name         = "DeadLetters"
  dimensions          = { deployment = var.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "not_empty" {
  for_each = {
    for key, told in {
      dead   = "Dead letters that nobody takes: of a newer release, or the dead letter function fails."
      missed = "Schedules that could not be delivered: each message names its policy and moment. Run the policy, then purge the queue."
    } : key => told if var.alarms != null
  }

  alarm_name          = "${local.prefix}-${each.key}-not-empty"
  alarm_description   = each.value
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = local.queue_names[each.key] }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics
  ok_actions          = local.topics
  tags                = local.tags
}
