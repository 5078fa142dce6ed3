# Names and ARNs, known before anything is made, so that a plan shows what each identity may do.

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.name
  partition = data.aws_partition.current.partition

  prefix = "tidemark-${var.name}"
  tags   = merge(var.tags, { "tidemark:deployment" = var.name })

  # 9 + 16 + 9 + 12 + 1 + 14 characters at most, of 63.
  control_bucket     = "${local.prefix}-control-${local.account}-${local.region}"
  control_bucket_arn = "arn:${local.partition}:s3:::${local.control_bucket}"

  table_arn = "arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${local.prefix}"

  queue_names = {
    control  = "${local.prefix}-control"
    transfer = "${local.prefix}-transfer"
    dead     = "${local.prefix}-dead"
    missed   = "${local.prefix}-missed"
  }
  queue_arns = {
    for key, name in local.queue_names : key => "arn:${local.partition}:sqs:${local.region}:${local.account}:${name}"
  }

  function_names = { for key in keys(local.functions) : key => "${local.prefix}-${key}" }
  function_arns = {
    for key, name in local.function_names :
    key => "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${name}"
  }
}
