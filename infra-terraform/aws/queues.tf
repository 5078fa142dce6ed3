# Two standard queues of work, one for what came back too often, and one for what schedules could not deliver.

locals {
  # AWS's advice, so that a message is not seen again while its invocation is throttled, retried or still at work.
  visibility_factor = 6

  # A message that came back five times met five invocations that died without a word.
  receives = 5

  work_queues = ["control", "transfer"]

  fourteen_days_in_seconds = 14 * 24 * 3600
}

resource "aws_sqs_queue" "work" {
  for_each = toset(local.work_queues)

  name                       = local.queue_names[each.key]
  visibility_timeout_seconds = local.visibility_factor * var.functions[each.key].timeout_seconds
  message_retention_seconds  = local.fourteen_days_in_seconds
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn
  policy                     = local.queue_policies[each.key]
  tags                       = local.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = local.queue_arns.dead
    maxReceiveCount     = local.receives
  })

  depends_on = [aws_sqs_queue.dead]
}

resource "aws_sqs_queue" "dead" {
  name                       = local.queue_names.dead
  visibility_timeout_seconds = local.visibility_factor * var.functions.deadletter.timeout_seconds
  message_retention_seconds  = local.fourteen_days_in_seconds
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn
  policy                     = local.queue_policies.dead
  tags                       = local.tags

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [for key in local.work_queues : local.queue_arns[key]]
  })
}

# Nobody reads it but a person: an event names the policy and the moment that were missed.
resource "aws_sqs_queue" "missed" {
  name                      = local.queue_names.missed
  message_retention_seconds = local.fourteen_days_in_seconds
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
  policy                    = local.queue_policies.missed
  tags                      = local.tags
}

locals {
  queue_policies = {
    for key, arn in local.queue_arns : key => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "EncryptedInTransitOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    })
  }
}
