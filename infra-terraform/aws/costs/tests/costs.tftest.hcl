run "the_readme_shows_what_is_computed" {
  command = plan

  assert {
    condition     = strcontains(file("../README.md"), output.monthly)
    error_message = "expected this table in the README:\n${output.monthly}"
  }
}

# By hand: 43 800 ticks of 0.3 s at 1 GiB, 30 backups of 8 steps of 1.5 s, 600 units of 0.5 s and 2 s, and 38 GB read at
# 60 MB/s, at 1.728 GiB.
run "an_empty_month_costs_the_tick_and_the_rest_is_counted" {
  command = plan

  assert {
    condition     = abs(output.quantities.small.lambda_gb_seconds - (43800 * 0.3 + 30 * 8 * 1.5 + 600 * 0.5 + (600 * 2 + 30 * 20 * (0.02 + 0.01 + 1 / 30) * 1000 / 60) * 1.728)) < 0.01
    error_message = "found ${output.quantities.small.lambda_gb_seconds}"
  }

  assert {
    condition     = output.quantities.small.puts == 30 * 13 + 300 * 4 + 30 * 20 * 0.02 * 0.7 * 31
    error_message = "found ${output.quantities.small.puts}"
  }
}

run "a_fleet_of_ones_own" {
  command = plan

  variables {
    architecture = "x86_64"
    fleets = {
      mine = {
        told                = "nothing is ever backed up"
        clusters            = 0
        policies            = 0
        units               = 0
        gb                  = 0
        backups_a_month     = 0
        kept_backups        = 0
        changed_share       = 0
        changed_units_share = 0
        subnets             = 2
        interface_endpoints = 1
        secrets             = 0
      }
    }
  }

  assert {
    condition     = output.quantities.mine.lambda_requests == 43800 && output.quantities.mine.endpoint_hours == 1460
    error_message = "found ${jsonencode(output.quantities.mine)}"
  }
}

run "an_architecture_that_does_not_exist" {
  command = plan

  variables {
    architecture = "sparc"
  }

  expect_failures = [var.architecture]
}
