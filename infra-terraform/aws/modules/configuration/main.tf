# Reads Tidemark's configuration as far as a deployment on AWS follows from it, and refuses what could not work there:
# all that is wrong at once, each with what was expected and found.

module "cron" {
  source   = "../cron"
  for_each = local.scheduled

  schedule = each.value.schedule
}

locals {
  configuration = try(yamldecode(var.text), {})

  # Places in buckets, by what the configuration calls them: vaults, and the staging areas where databases write what is
  # then read from there, and the reverse for a restore.
  places = {
    for key, place in merge(
      { for name, vault in try(local.configuration.vaults, {}) : "vaults.${name}" => vault },
      { for name, cluster in try(local.configuration.clusters, {}) : "clusters.${name}.staging" => cluster.staging if can(cluster.staging) },
      ) : key => {
      store    = try(place.store, "filesystem")
      bucket   = try(place.bucket, "")
      prefix   = trim(try(place.prefix, ""), "/")
      region   = try(place.region, var.region)
      endpoint = try(place.endpoint, "")
      role     = can(place.credentials.accessKeyId) ? "" : try(place.credentials.assumeRole.arn, "")
      files    = [for key in ["profile", "webIdentity"] : key if can(place.credentials[key])]
      # Whether the functions' own identities reach it, or others whose permissions are not ours to give.
      own    = try(place.endpoint, "") == "" && !can(place.credentials.accessKeyId) && !can(place.credentials.assumeRole)
      locked = can(place.objectLock.days)
    }
  }
  vaults   = { for name in try(keys(local.configuration.vaults), []) : name => local.places["vaults.${name}"] }
  stagings = { for name in local.clusters : name => local.places["clusters.${name}.staging"] if contains(keys(local.places), "clusters.${name}.staging") }
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
  roles = distinct(compact([for place in values(local.places) : place.role]))

  # IANA's names; the offsets that Java also takes are none of the scheduler's.
  zone_form   = "^[A-Z][A-Za-z_]+([/-][A-Za-z0-9_+-]+)*$"
  offset_form = "^(UTC|UT|GMT)[+-]"

  problems = concat(
    length(local.vaults) > 0 ? [] : ["vaults: expected at least one, found none"],
    [
      for name, place in local.places : "${name}.store: expected s3, found ${place.store}; a function keeps no folder"
      if place.store != "s3"
    ],
    [
      for name, place in local.places : "${name}.bucket: expected the name of a bucket, found '${place.bucket}'"
      if place.store == "s3" && !can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", place.bucket))
    ],
    [
      for name, place in local.places : "${name}.credentials: expected none, keys from aws-sm: or assumeRole, found ${join(" and ", place.files)}; a function has no such files"
      if length(place.files) > 0
    ],
    [
      for name, place in local.places : "${name}.region: expected ${var.region}, the functions' own, found ${place.region}; their network has no way there: set network.internet where its subnets have a NAT"
      if !var.other_regions && place.endpoint == "" && place.region != var.region
    ],
    [
      for name, cluster in try(local.configuration.clusters, {}) : "clusters.${name}.engine: expected one that is reached over the network, found directory; a function has no directories"
      if try(cluster.engine, "") == "directory"
    ],
    flatten([
      for name, staging in local.stagings : [
        for vault, place in local.vaults : "clusters.${name}.staging: expected a bucket or a prefix of its own, found that of vault ${vault}; what is staged is deleted again, and nothing may be deleted from a vault"
        if staging.bucket == place.bucket && staging.endpoint == place.endpoint && (
          startswith("${staging.prefix}/", place.prefix == "" ? "" : "${place.prefix}/") ||
          startswith("${place.prefix}/", staging.prefix == "" ? "" : "${staging.prefix}/")
        )
      ]
    ]),
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
      if !can(regex(local.zone_form, policy.zone)) || can(regex(local.offset_form, policy.zone))
    ],
    [
      for variable in local.variables : "env:${variable}: expected ${variable} among the module's variable environment, found ${length(var.environment_names) == 0 ? "none" : join(", ", var.environment_names)}"
      if !contains(var.environment_names, variable)
    ],
    [for file in local.files : "${file}: expected aws-sm:NAME or env:NAME, found a file; a function has none of yours"],
    [
      for name in var.made_vault[*].name : "vault.name: expected one of the configuration's vaults (${join(", ", keys(local.vaults))}), found '${name}'"
      if !contains(keys(local.vaults), name)
    ],
    [
      for name in var.made_vault[*].name : "vault.name: expected a vault in ${var.region}, the provider's region, and on AWS, found ${name} in ${local.vaults[name].endpoint == "" ? local.vaults[name].region : local.vaults[name].endpoint}; make its bucket by modules/vault with that region's provider"
      if try(local.vaults[name].region != var.region || local.vaults[name].endpoint != "", false)
    ],
    try(var.made_vault.object_lock == false && local.vaults[var.made_vault.name].locked, false) ? ["vault.object_lock: expected true or null, since vaults.${var.made_vault.name}.objectLock locks objects, found false"] : [],
  )
}
