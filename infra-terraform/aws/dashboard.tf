# One page: are backups recent, what moves, what fails.

locals {
  widgets = [
    {
      title  = "Hours since the last good backup"
      view   = "timeSeries"
      period = 300
      stat   = "Maximum"
      metrics = concat(
        [
          for i, key in keys(local.expected_backups) : [{
            expression = "a${i}/3600"
            label      = "${local.expected_backups[key].policy} ${local.expected_backups[key].cluster}"
          }]
        ],
        [
          for i, key in keys(local.expected_backups) : [
            local.namespace, "SecondsSinceLastSuccess", "cluster", local.expected_backups[key].cluster, "deployment", var.name,
            "policy", local.expected_backups[key].policy, { id = "a${i}", visible = false }
          ]
        ],
      )
    },
    {
      title  = "Bytes of the last backup, and stored anew for it"
      view   = "timeSeries"
      period = 3600
      stat   = "Maximum"
      metrics = concat([], [
        for key, each in local.expected_backups : [
          for metric in ["LastBackupBytes", "LastBackupStoredBytes"] :
          [local.namespace, metric, "cluster", each.cluster, "deployment", var.name, "policy", each.policy]
        ]
      ]...)
    },
    {
      title  = "Failed steps"
      view   = "timeSeries"
      period = 300
      stat   = "Sum"
      metrics = [
        for step in sort(flatten(values(local.steps))) : [local.namespace, "StepFailures", "deployment", var.name, "step", step]
      ]
    },
    {
      title  = "Messages waiting"
      view   = "timeSeries"
      period = 60
      stat   = "Maximum"
      metrics = [
        for key in keys(local.queue_names) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", local.queue_names[key]]
      ]
    },
    {
      title  = "Invocations at once"
      view   = "timeSeries"
      period = 60
      stat   = "Maximum"
      metrics = [
        for key in keys(local.function_names) : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", local.function_names[key]]
      ]
    },
    {
      title  = "Errors and throttles"
      view   = "timeSeries"
      period = 300
      stat   = "Sum"
      metrics = concat(
        [for key in keys(local.function_names) : ["AWS/Lambda", "Errors", "FunctionName", local.function_names[key]]],
        [for key in keys(local.function_names) : ["AWS/Lambda", "Throttles", "FunctionName", local.function_names[key]]],
      )
    },
    {
      title  = "Duration"
      view   = "timeSeries"
      period = 300
      stat   = "p95"
      metrics = [
        for key in keys(local.function_names) : ["AWS/Lambda", "Duration", "FunctionName", local.function_names[key]]
      ]
    },
    {
      title  = "Table: units of reading and writing"
      view   = "timeSeries"
      period = 300
      stat   = "Sum"
      metrics = [
        for metric in ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"] : ["AWS/DynamoDB", metric, "TableName", local.prefix]
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "deployment" {
  dashboard_name = local.prefix

  dashboard_body = jsonencode({
    widgets = [
      for i, widget in local.widgets : {
        type       = "metric"
        x          = i % 2 * 12
        y          = floor(i / 2) * 6
        width      = 12
        height     = 6
        properties = merge(widget, { region = local.region })
      } if length(widget.metrics) > 0
    ]
  })
}
