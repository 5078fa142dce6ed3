# An identity for each function, with what its work takes and no more. None may delete from a vault. The table of who
# may do what is in the README, and the tests hold this file against it.

locals {
  # Vaults that the functions reach as themselves. Of others the keys or the role stand in the configuration.
  own_vaults = { for name, vault in local.vaults : name => vault if vault.own && vault.bucket != "" }

  vault_buckets = distinct([for vault in values(local.own_vaults) : "arn:${local.partition}:s3:::${vault.bucket}"])
  vault_roots = {
    for name, vault in local.own_vaults :
    name => "arn:${local.partition}:s3:::${vault.bucket}/${vault.prefix == "" ? "" : "${vault.prefix}/"}"
  }

  # Staging areas likewise. What is staged is read, deleted, and written for restores; the API only looks, and writes
  # what `cluster check` tries it with.
  own_stagings    = { for name, staging in local.stagings : name => staging if staging.own && staging.bucket != "" }
  staging_buckets = distinct([for staging in values(local.own_stagings) : "arn:${local.partition}:s3:::${staging.bucket}"])
  staging_roots = distinct([
    for staging in values(local.own_stagings) :
    "arn:${local.partition}:s3:::${staging.bucket}/${staging.prefix == "" ? "" : "${staging.prefix}/"}"
  ])
  staged = {
    control  = ["tidemark-*"]
    transfer = ["tidemark-*"]
    api      = ["tidemark-check/*"]
  }
  stagings_seen = {
    control  = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
    transfer = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
    api      = ["s3:GetLifecycleConfiguration", "s3:ListBucket"]
    schedule = ["s3:ListBucket"]
  }

  # What each function creates beneath a vault's root. A transfer that finds a base whose bytes are not what they were
  # notes that it is suspect; a dead letter may end a run, and then masks the manifest that it may have left.
  created = {
    schedule   = []
    control    = ["index/*", "backups/*", "deleted/*", "notes/*", "owners/*"]
    transfer   = ["data/*", "parts/*", "notes/*-suspect.json"]
    deadletter = ["deleted/*"]
    api        = []
  }

  # Who starts runs keeps the configuration that they begin with.
  keeps_configurations = ["schedule", "api"]

  received = { control = "control", transfer = "transfer", deadletter = "dead" }

  kms_key_arns = distinct(compact(concat([var.kms_key_arn], var.vault_kms_key_arns)))

  statements = {
    for key in keys(local.functions) : key => concat(
      [
        {
          Sid      = "Log"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.function_names[key]}:*"]
        },
        {
          Sid    = "State"
          Effect = "Allow"
          Action = [
            "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem",
            "dynamodb:PutItem", "dynamodb:Query",
          ]
          Resource = [local.table_arn]
        },
        {
          Sid      = "Send"
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = [local.queue_arns.control, local.queue_arns.transfer]
        },
        {
          Sid      = "ListBuckets"
          Effect   = "Allow"
          Action   = ["s3:ListBucket"]
          Resource = concat([local.control_bucket_arn], local.vault_buckets)
        },
        {
          Sid    = "Read"
          Effect = "Allow"
          Action = ["s3:GetObject"]
          Resource = concat(
            ["${local.control_bucket_arn}/configuration/*", "${local.control_bucket_arn}/configurations/*"],
            [for root in values(local.vault_roots) : "${root}*"],
          )
        },
      ],
      !contains(local.keeps_configurations, key) ? [] : [{
        Sid      = "KeepConfigurations"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["${local.control_bucket_arn}/configurations/*"]
      }],
      length(local.created[key]) == 0 || length(local.own_vaults) == 0 ? [] : [{
        Sid      = "Create"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = flatten([for root in values(local.vault_roots) : [for below in local.created[key] : "${root}${below}"]])
      }],
      length(local.created[key]) == 0 || !anytrue([for vault in values(local.own_vaults) : vault.locked]) ? [] : [{
        Sid    = "Lock"
        Effect = "Allow"
        Action = ["s3:PutObjectRetention"]
        Resource = flatten([
          for name, root in local.vault_roots : [for below in local.created[key] : "${root}${below}"]
          if local.own_vaults[name].locked
        ])
      }],
      !contains(keys(local.staged), key) || length(local.staging_roots) == 0 ? [] : [{
        Sid    = "Stage"
        Effect = "Allow"
        Action = concat(
          ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          key == "api" ? [] : ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        )
        Resource = flatten([for root in local.staging_roots : [for below in local.staged[key] : "${root}${below}"]])
      }],
      !contains(keys(local.stagings_seen), key) || length(local.staging_buckets) == 0 ? [] : [{
        Sid      = "SeeStaging"
        Effect   = "Allow"
        Action   = local.stagings_seen[key]
        Resource = local.staging_buckets
      }],
      !contains(keys(local.received), key) ? [] : [{
        Sid      = "Receive"
        Effect   = "Allow"
        Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = [local.queue_arns[local.received[key]]]
      }],
      key != "schedule" ? [] : [{
        Sid      = "KeepMissed"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [local.queue_arns.missed]
      }],
      key != "control" || var.event_bus_arn == null ? [] : [{
        Sid      = "Announce"
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = [var.event_bus_arn]
      }],
      length(local.secrets) == 0 ? [] : [{
        Sid    = "Secrets"
        Effect = "Allow"
        Action = ["secretsmanager:GetSecretValue"]
        # Secrets Manager adds six characters to a name.
        Resource = [
          for secret in local.secrets : startswith(secret, "arn:") ? secret
          : "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${secret}-??????"
        ]
      }],
      length(local.roles) == 0 ? [] : [{
        Sid      = "Roles"
        Effect   = "Allow"
        Action   = ["sts:AssumeRole"]
        Resource = local.roles
      }],
      length(local.kms_key_arns) == 0 ? [] : [{
        Sid      = "Keys"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = local.kms_key_arns
        # Through the services that hold the data, never by itself.
        Condition = {
          StringLike = {
            "kms:ViaService" = [
              for service in ["dynamodb", "s3", "secretsmanager", "sqs"] : "${service}.*.amazonaws.com"
            ]
          }
        }
      }],
      [for statement in [
        {
          Sid    = "NetworkInterfaces"
          Effect = "Allow"
          Action = [
            "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
            "ec2:UnassignPrivateIpAddresses",
          ]
          Resource = ["arn:${local.partition}:ec2:${local.region}:${local.account}:*/*"]
        },
        {
          Sid    = "LookAtNetwork"
          Effect = "Allow"
          Action = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
          # These know no resources.
          Resource = ["*"]
        },
        {
          # Lambda takes these on behalf of the function, whose own code needs none of them.
          Sid    = "NotByCode"
          Effect = "Deny"
          Action = [
            "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
          ]
          Resource  = ["*"]
          Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [local.function_arns[key]] } }
        },
      ] : statement if var.network != null],
    )
  }
}

data "aws_iam_policy_document" "assumed_by" {
  for_each = toset(["lambda", "scheduler"])

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }

    # Lambda takes on a role when it makes a function, before there is an ARN to compare.
    dynamic "condition" {
      for_each = each.key == "scheduler" ? [local.account] : []

      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name                 = local.function_names[each.key]
  description          = "Tidemark: ${each.key} of ${var.name}"
  assume_role_policy   = data.aws_iam_policy_document.assumed_by["lambda"].json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = local.tags
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name   = each.key
  role   = aws_iam_role.function[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements[each.key] })
}

resource "aws_iam_role" "scheduler" {
  name                 = "${local.prefix}-scheduler"
  description          = "Tidemark: schedules of ${var.name}"
  assume_role_policy   = data.aws_iam_policy_document.assumed_by["scheduler"].json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = local.tags
}

locals {
  scheduler_statements = concat(
    [
      {
        Sid      = "Start"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [local.function_arns.schedule]
      },
      {
        Sid      = "KeepMissed"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [local.queue_arns.missed]
      },
    ],
    [
      for key in compact([var.kms_key_arn]) : {
        Sid       = "Keys"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = [key]
        Condition = { StringLike = { "kms:ViaService" = ["sqs.*.amazonaws.com"] } }
      }
    ],
  )
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "scheduler"
  role   = aws_iam_role.scheduler.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.scheduler_statements })
}
