output "expression" {
  description = "The same moments as an expression of EventBridge Scheduler; null where there is none."
  value       = local.problem == "" ? local.expression : null
}

output "problem" {
  description = "Why there is no such expression, as expected and found; empty where there is one."
  value       = local.problem
}

output "longest_gap_hours" {
  description = "No two moments of the schedule lie further apart than this; null where it has none."
  value       = local.problem == "" ? local.longest_gap_hours : null
}
