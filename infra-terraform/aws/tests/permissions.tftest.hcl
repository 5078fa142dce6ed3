# What each identity may do, exactly. The plan knows it before anything is made.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_vpc.nodes[0]
  values = { cidr_block = "10.0.0.0/16" }
}

override_data {
  target = data.aws_ec2_managed_prefix_list.gateway["s3"]
  values = { id = "pl-00000001" }
}

override_data {
  target = data.aws_ec2_managed_prefix_list.gateway["dynamodb"]
  values = { id = "pl-00000002" }
}

variables {
  name          = "prod"
  functions_zip = "./versions.tf"
  configuration = file("./tests/configurations/one.yaml")
  vault         = { name = "main" }
  api           = { zip = "./versions.tf" }
}

run "each_identity_has_the_actions_of_its_work" {
  command = plan

  assert {
    condition = jsonencode(output.permissions) == jsonencode({
      api = [
        "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:Query", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
        "sqs:SendMessage",
      ]
      control = [
        "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:Query", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
        "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage",
      ]
      deadletter = [
        "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:Query", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
        "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage",
      ]
      schedule = [
        "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:Query", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
        "sqs:SendMessage",
      ]
      scheduler = ["lambda:InvokeFunction", "sqs:SendMessage"]
      transfer = [
        "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:Query", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
        "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage",
      ]
    })
    error_message = "permissions: ${jsonencode(output.permissions)}"
  }

  # The policies that are attached are those that were looked at.
  assert {
    condition = alltrue([
      for key, policy in aws_iam_role_policy.function : jsonencode(jsondecode(policy.policy).Statement) == jsonencode(local.statements[key])
    ]) && length(aws_iam_role_policy.function) == 5
    error_message = "expected the policy of each of five functions"
  }

  assert {
    condition = jsonencode({
      for key, statements in local.statements : key => flatten([
        for each in statements : each.Resource if contains(each.Action, "s3:PutObject")
      ])
      }) == jsonencode({
      api        = ["arn:aws:s3:::tidemark-prod-control-123456789012-eu-central-1/configurations/*"]
      control    = [for kind in ["index", "backups", "deleted", "notes", "owners"] : "arn:aws:s3:::acme-main/${kind}/*"]
      deadletter = ["arn:aws:s3:::acme-main/deleted/*"]
      schedule   = ["arn:aws:s3:::tidemark-prod-control-123456789012-eu-central-1/configurations/*"]
      transfer   = ["arn:aws:s3:::acme-main/data/*", "arn:aws:s3:::acme-main/parts/*", "arn:aws:s3:::acme-main/notes/*-suspect.json"]
    })
    error_message = "creates: ${jsonencode({ for key, statements in local.statements : key => flatten([for each in statements : each.Resource if contains(each.Action, "s3:PutObject")]) })}"
  }

  assert {
    condition = alltrue([
      for key, statements in local.statements :
      flatten([for each in statements : each.Resource if contains(each.Action, "sqs:ReceiveMessage")]) ==
      flatten([for queue in { control = ["control"], transfer = ["transfer"], deadletter = ["dead"], schedule = [], api = [] }[key] : "arn:aws:sqs:eu-central-1:123456789012:tidemark-prod-${queue}"])
    ])
    error_message = "each function receives from its own queue only"
  }

  assert {
    condition = alltrue([
      for row in split("\n", chomp(join("\n", [
        for key, actions in output.permissions : "| `${key}` | ${join(", ", [for action in actions : "`${action}`" if !startswith(action, "dynamodb:") && !startswith(action, "logs:")])} |"
      ]))) : strcontains(file("./README.md"), row)
    ])
    error_message = "expected these lines in the README:\n${join("\n", [for key, actions in output.permissions : "| `${key}` | ${join(", ", [for action in actions : "`${action}`" if !startswith(action, "dynamodb:") && !startswith(action, "logs:")])} |"])}"
  }
}

run "no_identity_may_delete_from_a_vault_or_more_than_it_should" {
  command = plan

  variables {
    configuration      = file("./tests/configurations/many.yaml")
    environment        = { MINIO_KEY = "x" }
    event_bus_arn      = "arn:aws:events:eu-central-1:123456789012:event-bus/default"
    kms_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    vault_kms_key_arns = ["arn:aws:kms:eu-west-1:123456789012:key/99999999-12ab-34cd-56ef-1234567890ab"]
    network = {
      vpc_id          = "vpc-1"
      subnet_ids      = ["subnet-1"]
      route_table_ids = ["rtb-1"]
      nodes           = [{ cidr = "10.0.0.0/16", from_port = 8101 }]
      internet        = true
    }
  }

  assert {
    condition = alltrue([
      for action in flatten(values(output.permissions)) : !startswith(action, "s3:Delete") && !startswith(action, "s3:Bypass")
    ])
    error_message = "expected no identity that deletes from S3, found ${jsonencode(output.permissions)}"
  }

  assert {
    condition = alltrue([
      for each in concat(flatten(values(local.statements)), local.scheduler_statements) :
      alltrue([for action in each.Action : !strcontains(action, "*")]) && !contains(keys(each), "NotAction") && !contains(keys(each), "NotResource")
    ])
    error_message = "expected no wildcard in an action, of what is allowed or denied"
  }

  # A wildcard stands beneath a name of ours, or of a vault that the configuration names. EC2's own have no names.
  assert {
    condition = length(setsubtract(
      flatten([
        for each in concat(flatten(values(local.statements)), local.scheduler_statements) : [
          for resource in each.Resource : "${each.Sid} ${resource}" if strcontains(resource, "*") || strcontains(resource, "?")
        ]
      ]),
      concat(
        flatten([
          for key in ["api", "control", "deadletter", "schedule", "transfer"] :
          ["Log arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/tidemark-prod-${key}:*"]
        ]),
        [for kind in ["configuration", "configurations"] : "Read arn:aws:s3:::tidemark-prod-control-123456789012-eu-central-1/${kind}/*"],
        ["KeepConfigurations arn:aws:s3:::tidemark-prod-control-123456789012-eu-central-1/configurations/*"],
        ["Read arn:aws:s3:::acme-main/prod/eu/*", "Read arn:aws:s3:::acme-second/*"],
        flatten([
          for sid, roots in { Create = ["acme-main/prod/eu", "acme-second"], Lock = ["acme-main/prod/eu"] } : [
            for root in roots : [
              for below in ["data/*", "parts/*", "index/*", "backups/*", "deleted/*", "notes/*", "notes/*-suspect.json", "owners/*"] :
              "${sid} arn:aws:s3:::${root}/${below}"
            ]
          ]
        ]),
        ["Secrets arn:aws:secretsmanager:eu-central-1:123456789012:secret:minio-??????"],
        ["NetworkInterfaces arn:aws:ec2:eu-central-1:123456789012:*/*", "LookAtNetwork *", "NotByCode *"],
      ),
    )) == 0
    error_message = "wildcards: ${jsonencode(distinct(flatten([for each in concat(flatten(values(local.statements)), local.scheduler_statements) : [for resource in each.Resource : "${each.Sid} ${resource}" if strcontains(resource, "*") || strcontains(resource, "?")]])))}"
  }

  assert {
    condition = alltrue([
      for key in ["api", "control", "deadletter", "schedule", "transfer"] : jsonencode({
        for each in local.statements[key] : each.Sid => each.Resource if contains(["Secrets", "Roles", "Keys", "ListBuckets"], each.Sid)
        }) == jsonencode({
        Keys        = ["arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:eu-west-1:123456789012:key/99999999-12ab-34cd-56ef-1234567890ab"]
        ListBuckets = ["arn:aws:s3:::tidemark-prod-control-123456789012-eu-central-1", "arn:aws:s3:::acme-main", "arn:aws:s3:::acme-second"]
        Roles       = ["arn:aws:iam::444455556666:role/offsite"]
        Secrets     = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:node-AbCdEf", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:minio-??????"]
      })
    ])
    error_message = "of buckets, secrets, roles and keys: ${jsonencode({ for each in local.statements.control : each.Sid => each.Resource })}"
  }

  assert {
    condition     = { for key, statements in local.statements : key => [for each in statements : each.Resource if contains(each.Action, "events:PutEvents")] if anytrue([for each in statements : contains(each.Action, "events:PutEvents")]) } == { control = [["arn:aws:events:eu-central-1:123456789012:event-bus/default"]] }
    error_message = "expected that only control announces, on the bus"
  }

  assert {
    condition     = alltrue([for each in flatten(values(local.statements)) : contains(keys(try(each.Condition.StringLike, {})), "kms:ViaService") if each.Sid == "Keys"])
    error_message = "keys are used through services only"
  }

  # Policies of buckets and queues deny, and allow nobody anything.
  assert {
    condition = alltrue([
      for policy in concat(values(local.queue_policies), [data.aws_iam_policy_document.control_bucket.json]) :
      alltrue([for each in jsondecode(policy).Statement : each.Effect == "Deny"])
    ])
    error_message = "expected policies of queues and buckets that only deny"
  }
}

run "staging_areas_may_be_emptied_and_vaults_may_not" {
  command = plan

  variables {
    configuration = file("./tests/configurations/staged.yaml")
  }

  assert {
    condition = jsonencode({
      for key, statements in local.statements : key => {
        for each in statements : each.Sid => { may = each.Action, on = each.Resource } if contains(["SeeStaging", "Stage"], each.Sid)
      }
      }) == jsonencode({
      api = {
        SeeStaging = { may = ["s3:GetLifecycleConfiguration", "s3:ListBucket"], on = ["arn:aws:s3:::acme-scratch"] }
        Stage      = { may = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], on = ["arn:aws:s3:::acme-scratch/weaviate/tidemark-check/*"] }
      }
      control = {
        SeeStaging = { may = ["s3:ListBucket", "s3:ListBucketMultipartUploads"], on = ["arn:aws:s3:::acme-scratch"] }
        Stage      = { may = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], on = ["arn:aws:s3:::acme-scratch/weaviate/tidemark-*"] }
      }
      deadletter = {}
      schedule = {
        SeeStaging = { may = ["s3:ListBucket"], on = ["arn:aws:s3:::acme-scratch"] }
      }
      transfer = {
        SeeStaging = { may = ["s3:ListBucket", "s3:ListBucketMultipartUploads"], on = ["arn:aws:s3:::acme-scratch"] }
        Stage      = { may = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], on = ["arn:aws:s3:::acme-scratch/weaviate/tidemark-*"] }
      }
    })
    error_message = "of staging areas: ${jsonencode({ for key, statements in local.statements : key => { for each in statements : each.Sid => { may = each.Action, on = each.Resource } if contains(["SeeStaging", "Stage"], each.Sid) } })}"
  }

  assert {
    condition = alltrue([
      for each in flatten(values(local.statements)) : alltrue([
        for resource in each.Resource : !contains(each.Action, "s3:DeleteObject") || startswith(resource, "arn:aws:s3:::acme-scratch/weaviate/")
      ])
    ])
    error_message = "expected that nothing is deleted but in staging areas"
  }

  assert {
    condition = alltrue([
      for key in keys(local.statements) : flatten([for each in local.statements[key] : each.Resource if each.Sid == "Roles"]) == ["arn:aws:iam::444455556666:role/scratch"]
    ])
    error_message = "expected the role of the staging area that is another account's"
  }
}
