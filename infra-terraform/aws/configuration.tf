# The configuration: checked as far as functions on AWS need it, and put where they read it. The functions check the
# rest, and refuse to start with a line and a hint; `tidemark config check` does so before.

locals {
  configuration = try(yamldecode(var.configuration), {})

  vaults = {
    for name, vault in try(tomap({ for k, v in local.configuration.vaults : k => v }), try(local.configuration.vaults, {})) : name => {
      store    = try(vault.store, "filesystem")
      bucket   = try(vault.bucket, "")
      prefix   = trim(try(vault.prefix, ""), "/")
      region   = try(vault.region, local.region)
      endpoint = try(vault.endpoint, "")
      role     = try(vault.credentials.assumeRole.arn, "")
      profile  = can(vault.credentials.profile)
      # Whether the functions' own identities reach it, or others whose permissions are not ours to give.
      own    = try(vault.endpoint, "") == "" && !can(vault.credentials.accessKeyId) && !can(vault.credentials.webIdentity) && !can(vault.credentials.assumeRole)
      locked = can(vault.objectLock.days)
    }
  }
  clusters = try(keys(local.configuration.clusters), [])
  policies = {
    for name, policy in try(local.configuration.policies, {}) : name => {
      clusters = try(flatten([policy.clusters]), [])
      vault    = try(policy.vault, "")
      schedule = try(tostring(policy.schedule), "")
      zone     = try(tostring(policy.zone), "UTC")
    }
  }
  scheduled = { for name, policy in local.policies : name => policy if policy.schedule != "" }

  # References to secrets, wherever they stand. Comments are gone by then.
  text    = jsonencode(local.configuration)
  secrets = distinct([for found in regexall("\"aws-sm:([^\"#]+)", local.text) : found[0]])
  variables = distinct([
    for found in regexall("\"env:([A-Za-z0-9_]+)\"", local.text) : found[0]
  ])
  files = distinct([
    for found in regexall("\"(apiKey|accessKeyId|secretAccessKey|sessionToken)\":\"(file:[^\"]*)\"", local.text) : found[1]
  ])
  roles = distinct(compact([for vault in values(local.vaults) : vault.role]))

  # IANA's names; the offsets that Java also takes are none of the scheduler's.
  zone_form = "^[A-Z][A-Za-z_]+([/+-][A-Za-z0-9_+-]+)*$"

  problems = concat(
    length(local.vaults) > 0 ? [] : ["vaults: expected at least one, found none"],
    [
      for name, vault in local.vaults : "vaults.${name}.store: expected s3, found ${vault.store}; a function keeps no folder"
      if vault.store != "s3"
    ],
    [
      for name, vault in local.vaults : "vaults.${name}.bucket: expected the name of a bucket, found '${vault.bucket}'"
      if vault.store == "s3" && !can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", vault.bucket))
    ],
    [
      for name, vault in local.vaults : "vaults.${name}.credentials: expected none, keys from aws-sm: or assumeRole, found a profile; a function has no ~/.aws"
      if vault.profile
    ],
    [
      for name, vault in local.vaults : "vaults.${name}.region: expected ${local.region}, the functions' own, found ${vault.region}; their network has no way there: set network.internet where its subnets have a NAT"
      if var.network != null && !try(var.network.internet, true) && vault.endpoint == "" && vault.region != local.region
    ],
    [
      for name, cluster in try(local.configuration.clusters, {}) : "clusters.${name}.engine: expected one that is reached over the network, found directory; a function has no directories"
      if try(cluster.engine, "") == "directory"
    ],
    flatten([
      for name, policy in local.policies : [
        for cluster in policy.clusters : "policies.${name}.clusters: expected one of ${join(", ", local.clusters)}, found '${cluster}'"
        if !contains(local.clusters, cluster)
      ]
    ]),
    [
      for name, policy in local.policies : "policies: expected names of 1 to 40 of a-z 0-9 -, found '${name}'"
      if !can(regex("^[a-z0-9-]{1,40}$", name))
    ],
    [
      for name, policy in local.policies : "policies.${name}.vault: expected one of ${join(", ", keys(local.vaults))}, found '${policy.vault}'"
      if policy.vault != "" && !contains(keys(local.vaults), policy.vault)
    ],
    [
      for name, policy in local.scheduled : "policies.${name}.schedule: ${module.cron[name].problem}"
      if module.cron[name].problem != ""
    ],
    [
      for name, policy in local.scheduled : "policies.${name}.zone: expected a zone by name like UTC or Europe/Berlin, found '${policy.zone}'"
      if !can(regex(local.zone_form, policy.zone))
    ],
    [
      for variable in local.variables : "env:${variable}: expected ${variable} among the module's variable environment, found ${length(nonsensitive(keys(var.environment))) == 0 ? "none" : join(", ", nonsensitive(keys(var.environment)))}"
      if !contains(nonsensitive(keys(var.environment)), variable)
    ],
    [for file in local.files : "${file}: expected aws-sm:NAME or env:NAME, found a file; a function has none of yours"],
    var.vault == null ? [] : [
      for name in [var.vault.name] : "vault.name: expected one of the configuration's vaults (${join(", ", keys(local.vaults))}), found '${name}'"
      if !contains(keys(local.vaults), name)
    ],
    var.vault == null ? [] : [
      for name in [var.vault.name] : "vault.name: expected a vault in ${local.region}, the provider's region, and on AWS, found ${name} in ${local.vaults[name].endpoint == "" ? local.vaults[name].region : local.vaults[name].endpoint}; make its bucket by modules/vault with that region's provider"
      if try(local.vaults[name].region != local.region || local.vaults[name].endpoint != "", false)
    ],
    try(var.vault.object_lock == false && local.vaults[var.vault.name].locked, false) ? ["vault.object_lock: expected true or null, since vaults.${var.vault.name}.objectLock locks objects, found false"] : [],
  )
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

# Named by its content: another configuration is another environment of the functions, so that none that is warm or
# comes of a snapshot goes on with the one before.
resource "aws_s3_object" "configuration" {
  bucket       = aws_s3_bucket.control.id
  key          = local.configuration_key
  content      = var.configuration
  content_type = "application/yaml"

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.control]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.problems) == 0
      error_message = "configuration:\n${join("\n", local.problems)}"
    }
  }
}

locals {
  configuration_key = "configuration/${substr(sha256(var.configuration), 0, 16)}.yaml"
}
