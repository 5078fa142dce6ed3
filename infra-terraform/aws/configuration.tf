# The configuration: checked as far as functions on AWS need it, and put where they read it. The functions check the
# rest, and refuse to start with a line and a hint; `tidemark config check` does so before.

module "configuration" {
  source = "./modules/configuration"

  text              = var.configuration
  region            = local.region
  environment_names = nonsensitive(keys(var.environment))
  other_regions     = try(var.network.internet, true)
  made_vault        = var.vault
}

locals {
  vaults    = module.configuration.vaults
  stagings  = module.configuration.stagings
  scheduled = module.configuration.scheduled
  secrets   = module.configuration.secrets
  roles     = module.configuration.roles

  # Named by its content: another configuration is another environment of the functions, so that none that is warm or
  # comes of a snapshot goes on with the one before.
  configuration_key = "configuration/${substr(sha256(var.configuration), 0, 16)}.yaml"
}

resource "aws_s3_bucket" "control" {
  bucket        = local.control_bucket
  force_destroy = !var.deletion_protection
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "control" {
  bucket                  = aws_s3_bucket.control.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "control" {
  bucket = aws_s3_bucket.control.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "control" {
  bucket = aws_s3_bucket.control.id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

data "aws_iam_policy_document" "control_bucket" {
  statement {
    sid       = "EncryptedInTransitOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.control_bucket_arn, "${local.control_bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "control" {
  bucket = aws_s3_bucket.control.id
  policy = data.aws_iam_policy_document.control_bucket.json

  depends_on = [aws_s3_bucket_public_access_block.control]
}

resource "aws_s3_object" "configuration" {
  bucket       = aws_s3_bucket.control.id
  key          = local.configuration_key
  content      = var.configuration
  content_type = "application/yaml"

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.control]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(module.configuration.problems) == 0
      error_message = "configuration:\n${join("\n", module.configuration.problems)}"
    }
  }
}
