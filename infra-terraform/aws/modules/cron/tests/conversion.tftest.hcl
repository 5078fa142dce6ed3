# Each right side was written by hand from crontab(5) and the scheduler's documentation; the days of
# "5/2", "*/7" and the like are those that the local host's parser gives.

run "conversion_table" {
  command = plan

  module {
    source = "./tests/table"
  }

  variables {
    schedules = {
      "0 3 * * *"          = "cron(0 3 * * ? *)"
      "  0   3 * *\t* "    = "cron(0 3 * * ? *)"
      "05 03 * * *"        = "cron(5 3 * * ? *)"
      "* * * * *"          = "cron(* * * * ? *)"
      "*/1 * * * *"        = "cron(* * * * ? *)"
      "*/15 * * * *"       = "cron(0,15,30,45 * * * ? *)"
      "5/15 * * * *"       = "cron(5,20,35,50 * * * ? *)"
      "0-30/10 9-17 * * *" = "cron(0,10,20,30 9-17 * * ? *)"
      "30,0 6,22-23 * * *" = "cron(0,30 6,22,23 * * ? *)"
      "0 0,1,2,3 * * *"    = "cron(0 0-3 * * ? *)"
      "0 22/1 * * *"       = "cron(0 22-23 * * ? *)"
      "0 */7 * * *"        = "cron(0 0,7,14,21 * * ? *)"
      "0 3 1 * *"          = "cron(0 3 1 * ? *)"
      "0 3 1,15 * *"       = "cron(0 3 1,15 * ? *)"
      "0 3 */10 * *"       = "cron(0 3 1,11,21,31 * ? *)"
      "0 3 1-31 * *"       = "cron(0 3 * * ? *)"
      "0 3 1 JAN,jul *"    = "cron(0 3 1 1,7 ? *)"
      "0 3 * jan-mar/2 *"  = "cron(0 3 * 1,3 ? *)"
      "0 3 29 2 *"         = "cron(0 3 29 2 ? *)"
      "0 3 * * 0"          = "cron(0 3 ? * 1 *)"
      "0 3 * * 7"          = "cron(0 3 ? * 1 *)"
      "0 3 * * 0,7"        = "cron(0 3 ? * 1 *)"
      "0 3 * * sun"        = "cron(0 3 ? * 1 *)"
      "0 3 * * 1"          = "cron(0 3 ? * 2 *)"
      "0 3 * * 6"          = "cron(0 3 ? * 7 *)"
      "0 3 * * 1-5"        = "cron(0 3 ? * 2-6 *)"
      "0 3 * * Mon-Fri"    = "cron(0 3 ? * 2-6 *)"
      "0 3 * * 5-7"        = "cron(0 3 ? * 1,6,7 *)"
      "0 3 * * sat,sun"    = "cron(0 3 ? * 1,7 *)"
      "0 3 * * */2"        = "cron(0 3 ? * 1,3,5,7 *)"
      "0 3 * * */7"        = "cron(0 3 ? * 1 *)"
      "0 3 * * 5/2"        = "cron(0 3 ? * 1,6 *)"
      "0 3 * * 1-6/5"      = "cron(0 3 ? * 2,7 *)"
      "0 3 * * 0-6"        = "cron(0 3 ? * * *)"
      "*/2 */2 * * *"      = "cron(0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,50,52,54,56,58 0,2,4,6,8,10,12,14,16,18,20,22 * * ? *)"
    }
  }

  assert {
    condition     = alltrue([for cron, found in output.expressions : found == var.schedules[cron]])
    error_message = "expected and found: ${jsonencode({ for cron, found in output.expressions : cron => [var.schedules[cron], found] if found != var.schedules[cron] })}"
  }
}

run "what_cannot_be_expressed_is_refused" {
  command = plan

  module {
    source = "./tests/table"
  }

  variables {
    schedules = {
      ""                                   = "found 0"
      "0 3 * *"                            = "found 4"
      "0 3 * * * *"                        = "found 6"
      "@daily"                             = "found 1"
      "60 3 * * *"                         = "another minute"
      "0 24 * * *"                         = "another hour"
      "0 3 0 * *"                          = "another day of month"
      "0 3 32 * *"                         = "another day of month"
      "0 3 * 13 *"                         = "another month"
      "0 3 * * 8"                          = "another day of week"
      "0 3 * * fri-sun"                    = "another day of week"
      "0 3 * * mon#1"                      = "another day of week"
      "0 3 L * *"                          = "another day of month"
      "0 3 ? * 1"                          = "another day of month"
      "5-1 3 * * *"                        = "another minute"
      "*/0 3 * * *"                        = "another minute"
      "1,,2 3 * * *"                       = "another minute"
      "-1 3 * * *"                         = "another minute"
      "x y * * *"                          = "another minute and hour"
      "0 3 13 * 5"                         = "found both"
      "0 3 */2 * 1"                        = "found both"
      "0 3 1-31 * 1"                       = "found both"
      "0 3 1 * 0-6"                        = "found both"
      "0 3 30 2 *"                         = "a day that some month has"
      "0 3 31 4,6 *"                       = "a day that some month has"
      "0-28,30-58,59 0-10,12-22 */2 */2 *" = "characters"
    }
  }

  assert {
    condition = alltrue([
      for cron, words in var.schedules : strcontains(output.problems[cron], words)
    ])
    error_message = "expected and found: ${jsonencode({ for cron, words in var.schedules : cron => [words, output.problems[cron]] if !strcontains(output.problems[cron], words) })}"
  }

  assert {
    condition     = alltrue([for expression in values(output.expressions) : expression == null])
    error_message = "a refused schedule has no expression: ${jsonencode(output.expressions)}"
  }

  assert {
    condition = alltrue([
      for problem in values(output.problems) : strcontains(problem, "expected") && strcontains(problem, "found")
    ])
    error_message = "a refusal tells what was expected and found"
  }
}

run "gaps" {
  command = plan

  module {
    source = "./tests/table"
  }

  variables {
    schedules = {
      "*/5 * * * *"  = "1"
      "0 3 * * *"    = "24"
      "0 3,15 * * *" = "12"
      "0 6,22 * * *" = "16"
      "0 9-17 * * *" = "16"
      "0 3 * * 0"    = "168"
      "0 3 * * 1-5"  = "72"
      "0 3 1 * *"    = "744"
      "0 3 1,15 * *" = "408"
      "0 3 31 * *"   = "1488"
      "0 3 1 1 *"    = "8784"
    }
  }

  assert {
    condition     = alltrue([for cron, found in output.gaps : found == var.schedules[cron]])
    error_message = "expected and found: ${jsonencode({ for cron, found in output.gaps : cron => [var.schedules[cron], found] if found != var.schedules[cron] })}"
  }
}
