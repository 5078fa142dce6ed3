# Many schedules at once, by text, with what is expected of each.

terraform {
  required_version = ">= 1.9"
}

variable "schedules" {
  description = "What is expected, by schedule."
  type        = map(string)
}

module "cron" {
  source   = "../.."
  for_each = var.schedules

  schedule = each.key
}

output "expressions" {
  value = { for text, cron in module.cron : text => cron.expression }
}

output "problems" {
  value = { for text, cron in module.cron : text => cron.problem }
}

output "gaps" {
  value = { for text, cron in module.cron : text => tostring(cron.longest_gap_hours) }
}
