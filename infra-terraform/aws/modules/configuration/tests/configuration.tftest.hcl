variables {
  good = <<-END
    vaults:
      main: { store: s3, bucket: acme-main, region: eu-central-1 }
      elsewhere: { store: s3, bucket: tide, prefix: /a/b/, endpoint: "https://minio.acme.example", region: us-east-1,
                   credentials: { accessKeyId: env:NODE_KEY, secretAccessKey: "aws-sm:minio#secret" } }
      theirs: { store: s3, bucket: theirs, credentials: { assumeRole: { arn: "arn:aws:iam::444455556666:role/x" } } }
      locked: { store: s3, bucket: locked, objectLock: { mode: COMPLIANCE, days: 30 } }
    clusters:
      # apiKey: aws-sm:forgotten
      vectors: { engine: embedded, nodes: { n1: "https://n1:8101" }, apiKey: "aws-sm:prod/key" }
      films: { engine: weaviate, endpoints: ["https://films:8080"], backend: s3,
               staging: { store: s3, bucket: scratch, prefix: films, region: eu-central-1 } }
    policies:
      nightly: { clusters: [vectors], vault: main, schedule: "0 3 * * 1-5", zone: Europe/Berlin }
      noon: { clusters: [vectors], schedule: "0 12 * * *" }
      asked: { clusters: [vectors] }
  END
}

run "what_follows_from_a_configuration" {
  command = plan

  variables {
    text              = var.good
    region            = "eu-central-1"
    environment_names = ["NODE_KEY"]
    other_regions     = false
    made_vault        = { name = "main" }
  }

  assert {
    condition     = length(output.problems) == 0
    error_message = "expected no problem, found ${jsonencode(output.problems)}"
  }

  assert {
    condition = jsonencode({ for name, vault in output.vaults : name => [vault.bucket, vault.prefix, vault.region, vault.own, vault.locked] }) == jsonencode({
      elsewhere = ["tide", "a/b", "us-east-1", false, false]
      locked    = ["locked", "", "eu-central-1", true, true]
      main      = ["acme-main", "", "eu-central-1", true, false]
      theirs    = ["theirs", "", "eu-central-1", false, false]
    })
    error_message = "vaults: ${jsonencode(output.vaults)}"
  }

  assert {
    condition = jsonencode({ for name, staging in output.stagings : name => [staging.bucket, staging.prefix, staging.region, staging.own] }) == jsonencode({
      films = ["scratch", "films", "eu-central-1", true]
    })
    error_message = "stagings: ${jsonencode(output.stagings)}"
  }

  assert {
    condition     = output.secrets == tolist(["prod/key", "minio"]) || output.secrets == tolist(["minio", "prod/key"])
    error_message = "expected the secrets that are referred to, and none of comments, found ${jsonencode(output.secrets)}"
  }

  assert {
    condition     = output.roles == tolist(["arn:aws:iam::444455556666:role/x"])
    error_message = "roles: ${jsonencode(output.roles)}"
  }

  assert {
    condition = jsonencode({ for name, policy in output.scheduled : name => [policy.expression, policy.zone, policy.longest_gap_hours] }) == jsonencode({
      nightly = ["cron(0 3 ? * 2-6 *)", "Europe/Berlin", 72]
      noon    = ["cron(0 12 * * ? *)", "UTC", 24]
    })
    error_message = "scheduled: ${jsonencode(output.scheduled)}"
  }
}

run "each_mistake_is_told_with_expected_and_found" {
  command = plan

  module {
    source = "./tests/table"
  }

  variables {
    cases = {
      "vaults.main.store: expected s3, found filesystem"                                                = { replace = "main: { store: s3, bucket: acme-main, region: eu-central-1 }", by = "main: { path: /srv/vault }" }
      "vaults.main.bucket: expected the name of a bucket, found 's3://x'"                               = { replace = "bucket: acme-main", by = "bucket: \"s3://x\"" }
      "vaults.main.credentials: expected none"                                                          = { replace = "bucket: acme-main", by = "bucket: acme-main, credentials: { profile: me }" }
      "vaults.theirs.region: expected eu-central-1, the functions' own, found eu-west-1"                = { replace = "bucket: theirs,", by = "bucket: theirs, region: eu-west-1," }
      "vault.name: expected a vault in eu-central-1"                                                    = { replace = "bucket: acme-main, region: eu-central-1", by = "bucket: acme-main, region: eu-west-1" }
      "vault.name: expected one of the configuration's vaults"                                          = { replace = "main: {", by = "other: {" }
      "vault.object_lock: expected true or null"                                                        = { replace = "bucket: acme-main,", by = "bucket: acme-main, objectLock: { mode: COMPLIANCE, days: 1 }," }
      "clusters.vectors.engine: expected one that is reached over the network, found directory"         = { replace = "engine: embedded", by = "engine: directory" }
      "clusters.films.staging.store: expected s3, found filesystem"                                     = { replace = "staging: { store: s3, bucket: scratch,", by = "staging: { store: filesystem, path: /srv," }
      "clusters.films.staging.bucket: expected the name of a bucket, found ''"                          = { replace = "bucket: scratch, ", by = "" }
      "clusters.films.staging.credentials: expected none"                                               = { replace = "bucket: scratch,", by = "bucket: scratch, credentials: { profile: me }," }
      "clusters.films.staging.region: expected eu-central-1, the functions' own, found us-east-1"       = { replace = "prefix: films, region: eu-central-1", by = "prefix: films, region: us-east-1" }
      "clusters.films.staging: expected a bucket or a prefix of its own, found that of vault main"      = { replace = "bucket: scratch", by = "bucket: acme-main" }
      "clusters.films.staging: expected a bucket or a prefix of its own, found that of vault elsewhere" = { replace = "staging: { store: s3, bucket: scratch, prefix: films, region: eu-central-1 }", by = "staging: { store: s3, bucket: tide, prefix: a, endpoint: \"https://minio.acme.example\" }" }
      "policies.noon.clusters: expected one of films, vectors, found 'vectros'"                         = { replace = "noon: { clusters: [vectors]", by = "noon: { clusters: [vectros]" }
      "policies.nightly.vault: expected one of"                                                         = { replace = "vault: main,", by = "vault: mian," }
      "policies: expected names of 1 to 40 of a-z 0-9 -, found 'Noon'"                                  = { replace = "noon:", by = "Noon:" }
      "policies.noon.schedule: expected five fields"                                                    = { replace = "0 12 * * *", by = "@daily" }
      "policies.noon.schedule: expected a day of month or a day of week"                                = { replace = "0 12 * * *", by = "0 12 1 * 1" }
      "policies.nightly.zone: expected a zone by name like UTC or Europe/Berlin, found 'UTC+2'"         = { replace = "Europe/Berlin", by = "UTC+2" }
      "policies.nightly.zone: expected a zone by name like UTC or Europe/Berlin, found '+02:00'"        = { replace = "Europe/Berlin", by = "\"+02:00\"" }
      "env:NODEKEY: expected NODEKEY among the module's variable environment, found NODE_KEY"           = { replace = "env:NODE_KEY", by = "env:NODEKEY" }
      "file:key: expected aws-sm:NAME or env:NAME, found a file"                                        = { replace = "aws-sm:prod/key", by = "file:key" }
      "vaults: expected at least one, found none"                                                       = { replace = "vaults:", by = "valuts:" }
    }
  }

  assert {
    condition     = alltrue([for words, found in output.problems : strcontains(found, words)])
    error_message = "expected and found: ${jsonencode({ for words, found in output.problems : words => found if !strcontains(found, words) })}"
  }
}
