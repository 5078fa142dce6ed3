variable "schedule" {
  description = "A schedule in the five fields of crontab(5): minute, hour, day of month, month, day of week."
  type        = string
}
