# One good configuration, changed in one place at a time.

terraform {
  required_version = ">= 1.9"
}

variable "cases" {
  description = "What each replaces in the good configuration, by name."
  type        = map(object({ replace = string, by = string }))
}

variable "good" {
  description = "The good configuration."
  type        = string
}

module "configuration" {
  source   = "../.."
  for_each = var.cases

  text              = replace(var.good, each.value.replace, each.value.by)
  region            = "eu-central-1"
  environment_names = ["NODE_KEY"]
  other_regions     = false
  made_vault        = { name = "main", object_lock = false }
}

output "problems" {
  value = { for name, configuration in module.configuration : name => join("; ", configuration.problems) }
}
