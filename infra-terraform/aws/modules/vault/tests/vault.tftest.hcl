provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  bucket = "acme-main"
}

run "a_bucket_is_private_encrypted_and_kept" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.vault.block_public_acls && aws_s3_bucket_public_access_block.vault.block_public_policy
      && aws_s3_bucket_public_access_block.vault.ignore_public_acls && aws_s3_bucket_public_access_block.vault.restrict_public_buckets
      && one(aws_s3_bucket_server_side_encryption_configuration.vault.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
      && !aws_s3_bucket.vault.force_destroy && !aws_s3_bucket.vault.object_lock_enabled && length(aws_s3_bucket_versioning.vault) == 0
    )
    error_message = "expected a private, encrypted bucket that cannot be destroyed with what is in it"
  }

  # The only rule: nothing that a backup refers to expires.
  assert {
    condition = (
      length(aws_s3_bucket_lifecycle_configuration.vault.rule) == 1
      && aws_s3_bucket_lifecycle_configuration.vault.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7
      && length(aws_s3_bucket_lifecycle_configuration.vault.rule[0].expiration) == 0
      && length(aws_s3_bucket_lifecycle_configuration.vault.rule[0].transition) == 0
    )
    error_message = "expected that only uploads which nobody completed are removed"
  }
}

run "a_lock_brings_versions" {
  command = plan

  variables {
    object_lock = true
  }

  assert {
    condition     = aws_s3_bucket.vault.object_lock_enabled && aws_s3_bucket_versioning.vault[0].versioning_configuration[0].status == "Enabled"
    error_message = "expected a bucket whose objects can be locked"
  }
}

run "a_key_of_ones_own" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.vault.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
      && one(aws_s3_bucket_server_side_encryption_configuration.vault.rule).bucket_key_enabled
    )
    error_message = "expected that key, asked for once for many objects"
  }
}

run "a_name_that_no_bucket_has" {
  command = plan

  variables {
    bucket = "Acme_Main"
  }

  expect_failures = [var.bucket]
}

run "a_key_by_its_alias" {
  command = plan

  variables {
    kms_key_arn = "alias/backups"
  }

  expect_failures = [var.kms_key_arn]
}
