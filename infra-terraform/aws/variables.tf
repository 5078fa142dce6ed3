variable "name" {
  description = "Name of the deployment. It owns the clusters that it backs up, and is in the name of everything made here."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{1,16}$", var.name))
    error_message = "name: expected 1 to 16 of a-z and 0-9, found '${var.name}'."
  }
}

variable "configuration" {
  description = "Tidemark's configuration, as YAML: vaults, clusters, policies, settings. One schedule is made of each policy, and permissions of vaults and secrets."
  type        = string

  validation {
    condition     = can(keys(yamldecode(var.configuration)))
    error_message = "configuration: expected YAML with the keys vaults, clusters, policies and settings, found ${can(yamldecode(var.configuration)) ? "something else" : "text that is no YAML"}; try 'tidemark config check'."
  }

  validation {
    condition     = length(var.configuration) <= 1048576
    error_message = "configuration: expected at most 1 MiB, found ${length(var.configuration)} characters."
  }
}

variable "functions_zip" {
  description = "Path of tidemark-aws-lambda.zip, which 'mvn package' makes in functions/aws/target."
  type        = string

  validation {
    condition     = fileexists(var.functions_zip)
    error_message = "functions_zip: expected a file, found none at '${var.functions_zip}'; 'mvn package' makes it."
  }
}

variable "vault" {
  description = "Which of the configuration's vaults lies in a bucket that is made here, and how; none where null, for buckets that exist. object_lock: null makes it lockable where the configuration says objectLock."
  type = object({
    name        = string
    versioning  = optional(bool, false)
    object_lock = optional(bool)
  })
  default = null
}

variable "api" {
  description = <<-END
    The HTTP API, none where null. zip: path of tidemark-aws-api-lambda.zip, which 'mvn package' makes in
    functions/aws-api/target. authorization: IAM (signed requests) or JWT.
    Who may GET reads; everything else runs with write_role. With JWT, issuer and audience, and the scopes that
    open either.
  END
  type = object({
    zip               = string
    handler           = optional(string, "dev.tidemark.aws.ApiHandler")
    authorization     = optional(string, "IAM")
    write_role        = optional(string, "operator")
    issuer            = optional(string)
    audience          = optional(list(string), [])
    read_scopes       = optional(list(string), ["tidemark/reader"])
    write_scopes      = optional(list(string), ["tidemark/operator"])
    requests_a_second = optional(number, 20)
  })
  default = null

  validation {
    condition     = try(fileexists(var.api.zip), var.api == null)
    error_message = "api.zip: expected a file, found none at '${try(var.api.zip, "")}'; 'mvn package' makes it."
  }

  validation {
    condition     = var.api == null || contains(["IAM", "JWT"], try(var.api.authorization, ""))
    error_message = "api.authorization: expected IAM or JWT, found '${try(var.api.authorization, "")}'; there is no API without."
  }

  validation {
    condition     = var.api == null || contains(["operator", "admin"], try(var.api.write_role, ""))
    error_message = "api.write_role: expected operator or admin, found '${try(var.api.write_role, "")}'."
  }

  validation {
    condition = try(var.api.authorization != "JWT" || (
      can(regex("^https://", var.api.issuer)) && length(var.api.audience) > 0
      && length(var.api.read_scopes) > 0 && length(var.api.write_scopes) > 0
    ), var.api == null)
    error_message = "api: expected issuer (https://…), audience and scopes with authorization JWT, found ${jsonencode(try({ issuer = var.api.issuer, audience = var.api.audience, read_scopes = var.api.read_scopes, write_scopes = var.api.write_scopes }, null))}."
  }
}

variable "network" {
  description = <<-END
    For nodes with private addresses: the functions run in these subnets and reach `nodes` and AWS only. endpoints:
    whether the endpoints that they need are made here (S3 and DynamoDB: free; SQS, and EventBridge, Secrets Manager
    and STS where they are used: paid by hour and subnet). internet: whether they may also reach port 443 anywhere, by
    a NAT that the subnets have; vaults in other regions need that. Null: no VPC, and nodes with public addresses.
  END
  type = object({
    vpc_id          = string
    subnet_ids      = list(string)
    route_table_ids = optional(list(string), [])
    nodes           = list(object({ cidr = string, from_port = number, to_port = optional(number) }))
    endpoints       = optional(bool, true)
    internet        = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.network == null || try(length(var.network.subnet_ids) > 0, false)
    error_message = "network.subnet_ids: expected at least one subnet, found none."
  }

  validation {
    condition     = var.network == null || try(!var.network.endpoints || length(var.network.route_table_ids) > 0, false)
    error_message = "network.route_table_ids: expected the route tables of the subnets, into which the endpoints of S3 and DynamoDB go, found none; or set endpoints = false where the VPC has them."
  }

  validation {
    condition     = var.network == null || try(alltrue([for node in var.network.nodes : can(cidrhost(node.cidr, 0))]), false)
    error_message = "network.nodes: expected address ranges like 10.0.0.0/16, found ${join(", ", try([for node in var.network.nodes : node.cidr if !can(cidrhost(node.cidr, 0))], []))}."
  }

  validation {
    condition     = var.network == null || try(alltrue([for node in var.network.nodes : node.from_port >= 1 && coalesce(node.to_port, node.from_port) >= node.from_port && coalesce(node.to_port, node.from_port) <= 65535]), false)
    error_message = "network.nodes: expected ports from 1 to 65535, found ${jsonencode(try([for node in var.network.nodes : [node.from_port, node.to_port]], []))}."
  }
}

variable "architecture" {
  description = "Of the functions: arm64, which costs a fifth less, or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture: expected arm64 or x86_64, found '${var.architecture}'."
  }
}

variable "functions" {
  description = <<-END
    Size of each function. maximum_concurrency: how many invocations a queue may have at once. reserved_concurrency: taken
    from the account's share for this function alone; null for none. snap_start: whether starts are from a snapshot.
  END
  type = object({
    schedule = optional(object({
      memory_mib           = optional(number, 1024)
      timeout_seconds      = optional(number, 300)
      reserved_concurrency = optional(number)
    }), {})
    control = optional(object({
      memory_mib           = optional(number, 1024)
      timeout_seconds      = optional(number, 600)
      maximum_concurrency  = optional(number, 10)
      reserved_concurrency = optional(number)
    }), {})
    transfer = optional(object({
      memory_mib           = optional(number, 1769)
      timeout_seconds      = optional(number, 900)
      maximum_concurrency  = optional(number, 20)
      reserved_concurrency = optional(number)
    }), {})
    deadletter = optional(object({
      memory_mib           = optional(number, 512)
      timeout_seconds      = optional(number, 120)
      reserved_concurrency = optional(number)
    }), {})
    api = optional(object({
      memory_mib           = optional(number, 1769)
      timeout_seconds      = optional(number, 30)
      reserved_concurrency = optional(number)
      snap_start           = optional(bool, true)
    }), {})
  })
  default = {}

  validation {
    condition     = alltrue([for size in values(var.functions) : size.memory_mib >= 512 && size.memory_mib <= 10240])
    error_message = "functions: expected memory_mib from 512 to 10240, found ${jsonencode({ for name, size in var.functions : name => size.memory_mib })}."
  }

  validation {
    condition     = alltrue([for size in values(var.functions) : size.timeout_seconds >= 10 && size.timeout_seconds <= 900])
    error_message = "functions: expected timeout_seconds from 10 to 900, found ${jsonencode({ for name, size in var.functions : name => size.timeout_seconds })}."
  }

  validation {
    condition     = var.functions.api.timeout_seconds <= 30
    error_message = "functions.api: expected timeout_seconds up to 30, after which API Gateway gives up, found ${var.functions.api.timeout_seconds}."
  }

  validation {
    condition     = alltrue([for size in [var.functions.control, var.functions.transfer] : size.maximum_concurrency >= 2 && size.maximum_concurrency <= 1000])
    error_message = "functions: expected maximum_concurrency from 2 to 1000, found ${var.functions.control.maximum_concurrency} for control and ${var.functions.transfer.maximum_concurrency} for transfer."
  }

  validation {
    condition     = alltrue([for size in [var.functions.control, var.functions.transfer] : coalesce(size.reserved_concurrency, 1000) >= size.maximum_concurrency])
    error_message = "functions: expected a reserved_concurrency that holds maximum_concurrency, found less; messages that are throttled too often become dead letters."
  }
}

variable "environment" {
  description = "Further environment variables of all functions: the secrets that the configuration calls env:NAME. Everybody sees them who may read a function's settings; Secrets Manager (aws-sm:NAME) is for secrets."
  type        = map(string)
  default     = {}
  sensitive   = true

  validation {
    condition     = alltrue([for name in nonsensitive(keys(var.environment)) : can(regex("^[A-Za-z][A-Za-z0-9_]*$", name)) && !can(regex("^(TIDEMARK|AWS|LAMBDA)_", name))])
    error_message = "environment: expected names of letters, digits and _, without the beginnings TIDEMARK_, AWS_ and LAMBDA_, found ${join(", ", nonsensitive(keys(var.environment)))}."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts table, queues, control bucket and the vault made here; the services' own keys where null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn: expected an ARN like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-…, of a key and not of an alias, found '${coalesce(var.kms_key_arn, "null")}'."
  }
}

variable "vault_kms_key_arns" {
  description = "ARNs of further KMS keys, with which vaults (kmsKey in the configuration) or secrets are encrypted."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.vault_kms_key_arns : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))])
    error_message = "vault_kms_key_arns: expected ARNs of keys, not of aliases, found ${join(", ", var.vault_kms_key_arns)}."
  }
}

variable "alarms" {
  description = <<-END
    Whom alarms tell, and when: ARNs of SNS topics; how long after its slot a policy's backup is overdue; how many failed
    steps in 15 minutes are too many (a step that fails is tried again, and some do). Null: no alarms.
  END
  type = object({
    topic_arns          = optional(list(string), [])
    overdue_after_hours = optional(number, 4)
    failed_steps        = optional(number, 5)
  })
  default = {}

  validation {
    condition     = var.alarms == null || try(alltrue([for arn in var.alarms.topic_arns : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", arn))]), false)
    error_message = "alarms.topic_arns: expected ARNs of SNS topics, found ${join(", ", try(var.alarms.topic_arns, []))}."
  }

  validation {
    condition     = var.alarms == null || try(var.alarms.overdue_after_hours >= 1 && var.alarms.failed_steps >= 1, false)
    error_message = "alarms: expected overdue_after_hours and failed_steps from 1 on, found ${try(var.alarms.overdue_after_hours, 0)} and ${try(var.alarms.failed_steps, 0)}."
  }
}

variable "event_bus_arn" {
  description = "ARN of the bus of EventBridge that hears what became of each run; the log alone where null."
  type        = string
  default     = null

  validation {
    condition     = var.event_bus_arn == null || can(regex("^arn:[a-z-]+:events:[a-z0-9-]+:[0-9]{12}:event-bus/.+$", var.event_bus_arn))
    error_message = "event_bus_arn: expected an ARN like arn:aws:events:eu-central-1:111122223333:event-bus/default, found '${coalesce(var.event_bus_arn, "null")}'."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days: expected a number of days that CloudWatch knows, like 7, 14, 30, 90 or 365, found ${var.log_retention_days}."
  }
}

variable "point_in_time_recovery" {
  description = "Whether the table can be restored to any second of the last 35 days. The vault suffices to make it anew, without runs in progress."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether the table cannot be deleted, nor a bucket that holds anything."
  type        = bool
  default     = true
}

variable "permissions_boundary_arn" {
  description = "ARN of a policy that bounds all roles made here, where the account wants one."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything made here."
  type        = map(string)
  default     = {}
}
