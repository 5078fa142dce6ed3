output "problems" {
  description = "What is wrong, each as place, expected and found; empty where nothing is."
  value       = local.problems
}

output "vaults" {
  description = "The vaults by name: bucket, prefix, region, endpoint; own: whether the functions reach it as themselves; locked: whether its objects are."
  value       = local.vaults
}

output "stagings" {
  description = "The staging areas of the clusters that have one, by the cluster's name: bucket, prefix, region, endpoint; own: whether the functions reach it as themselves."
  value       = local.stagings
}

output "scheduled" {
  description = "The policies that have a schedule, by name: clusters, schedule, zone; expression: the schedule as EventBridge Scheduler has it, null where refused; longest_gap_hours."
  value = {
    for name, policy in local.scheduled : name => merge(policy, {
      expression        = module.cron[name].expression
      longest_gap_hours = module.cron[name].longest_gap_hours
    })
  }
}

output "secrets" {
  description = "Names and ARNs of the secrets of Secrets Manager that it refers to."
  value       = local.secrets
}

output "roles" {
  description = "ARNs of the roles that the functions take on to reach vaults and staging areas."
  value       = local.roles
}
