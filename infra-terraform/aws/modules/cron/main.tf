# EventBridge Scheduler counts days of the week from 1 (Sunday) where crontab counts from 0, refuses
# `*` in both fields of days, and documents fewer forms of steps. So each field is read into the set
# of its values and written anew with what is documented only: `*`, a range, or a list.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based

locals {
  text   = lower(trimspace(replace(var.schedule, "/\\s+/", " ")))
  fields = split(" ", local.text)

  months   = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  parts = [
    { name = "minute", min = 0, max = 59, names = {} },
    { name = "hour", min = 0, max = 23, names = {} },
    { name = "day of month", min = 1, max = 31, names = {} },
    { name = "month", min = 1, max = 12, names = { for i, name in local.months : name => i + 1 } },
    { name = "day of week", min = 0, max = 7, names = { for i, name in local.weekdays : name => i } },
  ]
  well_formed = length(local.fields) == length(local.parts)

  # "05" is 5, as in crontab.
  numbers = [
    for part in local.parts : merge(
      { for n in range(part.min, part.max + 1) : tostring(n) => n },
      { for n in range(part.min, min(part.max, 9) + 1) : format("%02d", n) => n },
      part.names,
    )
  ]

  # Per field its ranges as [from, to, step]; null for what is none. "5/15" is 5 to the end.
  range_form = "^(?:\\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:/([1-9][0-9]{0,2}))?$"
  ranges = [
    for i, part in local.parts : [
      for range in split(",", try(local.fields[i], "")) : try([
        for found in [regex(local.range_form, range)] : {
          from = found[0] == null ? part.min : local.numbers[i][found[0]]
          to = (
            found[1] != null ? local.numbers[i][found[1]]
            : found[0] == null || found[2] != null ? part.max
            : local.numbers[i][found[0]]
          )
          step = found[2] == null ? 1 : tonumber(found[2])
        }
      ][0], null)
    ]
  ]
  unreadable = [
    for i, ranges in local.ranges : local.parts[i].name
    if anytrue([for range in ranges : try(range.from > range.to, true)])
  ]
  readable = local.well_formed && length(local.unreadable) == 0

  values = [
    for i, ranges in local.ranges : !local.readable ? [] : flatten([
      for range in ranges : range(range.from, range.to + 1, range.step)
    ])
  ]

  # As the scheduler counts them, in order and each once.
  scheduler_values = [
    for i, part in local.parts : (
      part.name == "day of week"
      ? [for n in range(1, 8) : n if contains([for day in local.values[i] : day % 7 + 1], n)]
      : [for n in range(part.min, part.max + 1) : n if contains(local.values[i], n)]
    )
  ]
  everything = [60, 24, 31, 12, 7]
  scheduler_fields = [
    for i, values in local.scheduler_values : (
      length(values) == 0 ? "" :
      length(values) == local.everything[i] ? "*" :
      length(values) == 1 ? tostring(values[0]) :
      values[length(values) - 1] - values[0] == length(values) - 1
      ? "${values[0]}-${values[length(values) - 1]}"
      : join(",", values)
    )
  ]

  days_of_month_restricted = local.readable && try(!contains(["*", "*/1"], local.fields[2]), false)
  days_of_week_restricted  = local.readable && try(!contains(["*", "*/1"], local.fields[4]), false)

  expression = !local.readable ? "" : format("cron(%s %s %s %s %s *)",
    local.scheduler_fields[0],
    local.scheduler_fields[1],
    local.days_of_week_restricted ? "?" : local.scheduler_fields[2],
    local.scheduler_fields[3],
    local.days_of_week_restricted ? local.scheduler_fields[4] : "?",
  )

  longest_expression = 256

  problem = (
    !local.well_formed
    ? "expected five fields (minute, hour, day of month, month, day of week), found ${length(compact(local.fields))} in '${var.schedule}'"
    : !local.readable
    ? "expected numbers, names, ranges, lists and steps as in crontab(5), found another ${join(" and ", local.unreadable)} in '${var.schedule}'"
    : local.days_of_month_restricted && local.days_of_week_restricted
    ? "expected a day of month or a day of week, found both in '${var.schedule}': crontab runs on either, which EventBridge Scheduler cannot express; make two policies of it"
    : !local.occurs
    ? "expected a day that some month has, found none in '${var.schedule}'"
    : length(local.expression) > local.longest_expression
    ? "expected a schedule that EventBridge Scheduler can hold in ${local.longest_expression} characters, found one of ${length(local.expression)} in '${var.schedule}'; leave out values"
    : ""
  )

  longest_month = !local.readable ? 0 : max([
    for month in local.scheduler_values[3] : [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  ]...)
  occurs = local.readable && try(local.scheduler_values[2][0] <= local.longest_month, false)

  # Between two values in the order of a clock of `whole`, the way around included.
  cycles = [60, 24, 31, 12, 7]
  gaps = [
    for i, values in local.scheduler_values : length(values) == 0 ? 0 : max([
      for k, n in values : k + 1 < length(values) ? values[k + 1] - n : values[0] + local.cycles[i] - n
    ]...)
  ]
  # A bound, not the figure: of days that not every month has, and of months, the longest is taken.
  longest_gap_hours = !local.readable ? 0 : (
    local.scheduler_fields[3] != "*" ? (local.scheduler_values[2][0] > 28 ? 8 * 366 : 366) * 24
    : local.days_of_month_restricted ? (local.scheduler_values[2][0] > 28 ? 62 : local.gaps[2]) * 24
    : local.days_of_week_restricted ? local.gaps[4] * 24
    : local.gaps[1]
  )
}
