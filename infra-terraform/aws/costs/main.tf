# What a fleet costs a month: counts times prices, both kept as data. No provider, nothing is made:
#   terraform init && terraform apply -auto-approve -var-file=mine.tfvars

terraform {
  required_version = ">= 1.9"
}

variable "fleets" {
  description = "Fleets by name. gb: in the databases; units: shards; changed_share: of the bytes, from one backup to the next; changed_units_share: of the units. Null: the three examples of fleets.json."
  type = map(object({
    told                = string
    clusters            = number
    policies            = number
    units               = number
    gb                  = number
    backups_a_month     = number
    kept_backups        = number
    changed_share       = number
    changed_units_share = number
    subnets             = number
    interface_endpoints = number
    secrets             = number
  }))
  default = null
}

variable "architecture" {
  description = "Of the functions: arm64 or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture: expected arm64 or x86_64, found '${var.architecture}'."
  }
}

locals {
  list   = jsondecode(file("${path.module}/prices.json"))
  price  = { for name, each in local.list.prices : name => each.usd }
  count  = jsondecode(file("${path.module}/counts.json"))
  fleets = coalesce(var.fleets, jsondecode(file("${path.module}/fleets.json")))

  minutes_a_month = 730 * 60
  seconds_a_month = 730 * 3600

  # What a fleet does in a month. A backup is of all clusters: each runs the steps of its own.
  work = {
    for name, fleet in local.fleets : name => {
      runs          = fleet.backups_a_month * fleet.clusters
      units         = fleet.backups_a_month * fleet.units
      changed_units = fleet.backups_a_month * fleet.units * fleet.changed_units_share
      stored_gb     = fleet.backups_a_month * fleet.gb * fleet.changed_share * local.count.gb.stored_share
      read_gb       = fleet.backups_a_month * fleet.gb * min(1, fleet.changed_share + local.count.reread.share + 1 / local.count.reread.everything_every)
      kept_gb       = fleet.gb * local.count.gb.stored_share * (1 + fleet.kept_backups * fleet.changed_share)
    }
  }

  quantities = {
    for name, fleet in local.fleets : name => {
      lambda_requests = (
        local.minutes_a_month
        + local.work[name].runs * local.count.backup.control_invocations
        + local.work[name].units * (local.count.unit.control_invocations + local.count.unit.transfer_invocations)
      )
      lambda_gb_seconds = (
        local.minutes_a_month * local.count.tick.seconds * local.count.memory_gib.schedule
        + local.work[name].runs * local.count.backup.control_invocations * local.count.backup.control_seconds * local.count.memory_gib.control
        + local.work[name].units * local.count.unit.control_invocations * local.count.unit.control_seconds * local.count.memory_gib.control
        + (
          local.work[name].units * local.count.unit.transfer_invocations * local.count.unit.transfer_seconds
          + local.work[name].read_gb * 1000 / local.count.gb.transfer_mb_a_second
        ) * local.count.memory_gib.transfer
      )
      write_units = local.work[name].runs * local.count.backup.write_units + local.work[name].units * local.count.unit.write_units
      read_units = (
        local.minutes_a_month * (local.count.tick.read_units + local.count.tick.read_units_a_cluster * fleet.clusters)
        + local.work[name].runs * local.count.backup.read_units + local.work[name].units * local.count.unit.read_units
      )
      sqs_requests = (
        local.seconds_a_month / local.count.queue.poll_seconds * local.count.queue.pollers_a_mapping * local.count.queue.mappings
        + local.count.queue.requests_a_message * (local.work[name].runs * local.count.backup.messages + local.work[name].units * local.count.unit.messages)
      )
      schedules     = local.minutes_a_month + fleet.backups_a_month * fleet.policies
      puts          = local.work[name].runs * local.count.backup.puts + local.work[name].changed_units * local.count.changed_unit.puts + local.work[name].stored_gb * local.count.gb.puts
      gets          = local.work[name].runs * local.count.backup.gets + local.work[name].changed_units * local.count.changed_unit.gets
      alarm_metrics = local.count.alarm_metrics + fleet.policies
      metrics       = 4 * fleet.policies
      log_gb = (
        local.minutes_a_month * local.count.tick.log_kib
        + local.work[name].runs * local.count.backup.log_kib + local.work[name].units * local.count.unit.log_kib
      ) / 1048576
      endpoint_hours = 730 * fleet.subnets * fleet.interface_endpoints
    }
  }

  lines = {
    for name, q in local.quantities : name => {
      "Lambda"              = q.lambda_requests * local.price.lambda_request + q.lambda_gb_seconds * local.price["lambda_gb_second_${var.architecture}"]
      "DynamoDB"            = q.write_units * local.price.dynamodb_write_unit + q.read_units * local.price.dynamodb_read_unit + local.count.table_gb * (local.price.dynamodb_gb_month + local.price.dynamodb_recovery_gb_month)
      "SQS"                 = q.sqs_requests * local.price.sqs_request
      "EventBridge"         = q.schedules * local.price.scheduler_invocation
      "S3 requests"         = q.puts * local.price.s3_put + q.gets * local.price.s3_get
      "S3 storage"          = local.work[name].kept_gb * local.price.s3_gb_month
      "CloudWatch"          = q.alarm_metrics * local.price.cloudwatch_alarm_metric_month + q.metrics * local.price.cloudwatch_metric_month + local.price.cloudwatch_dashboard_month + q.log_gb * local.price.cloudwatch_logs_gb
      "Secrets Manager"     = local.fleets[name].secrets * local.price.secret_month
      "Interface endpoints" = q.endpoint_hours * local.price.interface_endpoint_hour
    }
  }

  names = [for name in ["small", "medium", "large"] : name if contains(keys(local.fleets), name)]
  order = concat(local.names, [for name in keys(local.fleets) : name if !contains(local.names, name)])
  items = ["Lambda", "DynamoDB", "SQS", "EventBridge", "S3 requests", "CloudWatch", "Secrets Manager", "Interface endpoints"]

  table = concat(
    ["| USD a month | ${join(" | ", local.order)} |", "|---|${join("|", [for name in local.order : "---:"])}|"],
    [for item in local.items : "| ${item} | ${join(" | ", [for name in local.order : format("%.2f", local.lines[name][item])])} |"],
    ["| **Running it** | ${join(" | ", [for name in local.order : format("**%.2f**", sum([for item in local.items : local.lines[name][item]]))])} |"],
    ["| S3 storage of the backups | ${join(" | ", [for name in local.order : format("%.2f", local.lines[name]["S3 storage"])])} |"],
  )
}

output "fleets" {
  description = "What the columns are."
  value       = { for name, fleet in local.fleets : name => fleet.told }
}

output "monthly" {
  description = "US dollars a month, as a table in Markdown."
  value       = join("\n", local.table)
}

output "quantities" {
  description = "What is paid for, a month."
  value       = local.quantities
}

output "unchecked_prices" {
  description = "Prices from memory, to be checked against their source."
  value       = { for name, each in local.list.prices : name => each.source if each.seen == null }
}

output "prices_as_of" {
  description = "The date of the price list."
  value       = "${local.list.as_of}, ${local.list.region}"
}
