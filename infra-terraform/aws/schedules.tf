# One schedule a policy, and the tick. The moment that was scheduled goes along: a delivery that comes twice is the
# same slot.

locals {
  # jsonencode escapes the brackets, and the scheduler would not know its own word.
  policy_inputs = {
    for name in keys(local.scheduled) : name => replace(replace(
      jsonencode({ policy = name, time = "<aws.scheduler.scheduled-time>" }),
    "\\u003c", "<"), "\\u003e", ">")
  }
}

resource "aws_scheduler_schedule_group" "deployment" {
  name = local.prefix
  tags = local.tags
}

resource "aws_scheduler_schedule" "policy" {
  for_each = local.scheduled

  name                         = "policy-${each.key}"
  description                  = "Policy ${each.key}: ${each.value.schedule}, ${each.value.zone}"
  group_name                   = aws_scheduler_schedule_group.deployment.name
  schedule_expression          = coalesce(each.value.expression, "refused")
  schedule_expression_timezone = each.value.zone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.function["schedule"].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = local.policy_inputs[each.key]

    # A backup that begins hours late is better than none.
    retry_policy {
      maximum_retry_attempts       = 185
      maximum_event_age_in_seconds = 6 * 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.missed.arn
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}

# Timers, lost items, expired leases, gauges. The next one comes in a minute, so that none is tried again.
resource "aws_scheduler_schedule" "tick" {
  name                = "tick"
  description         = "What is due, once a minute"
  group_name          = aws_scheduler_schedule_group.deployment.name
  schedule_expression = "rate(1 minute)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.function["schedule"].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ tick = true })

    retry_policy {
      maximum_retry_attempts       = 0
      maximum_event_age_in_seconds = 60
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}
