# Two vaults in two regions, the second by the provider of its region; an HTTP API behind an issuer of tokens.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 6.0"
    }
  }
}

variable "functions_zip" {
  description = "Path of the functions' zip."
  type        = string
  default     = "../../../../functions/aws/target/tidemark-aws-lambda.zip"
}

variable "api_zip" {
  description = "Path of the API's zip."
  type        = string
  default     = "../../../../functions/aws-api/target/tidemark-aws-api-lambda.zip"
}

variable "deletion_protection" {
  description = "Whether what holds data cannot be destroyed."
  type        = bool
  default     = true
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "second"
  region = "eu-west-1"
}

locals {
  configuration = file("${path.module}/tidemark.yaml")
}

module "tidemark" {
  source = "../.."

  name                = "tworegions"
  configuration       = local.configuration
  functions_zip       = var.functions_zip
  vault               = { name = "main" }
  deletion_protection = var.deletion_protection

  api = {
    zip           = var.api_zip
    authorization = "JWT"
    issuer        = "https://login.acme.example/"
    audience      = ["tidemark"]
  }
}

module "second_vault" {
  source    = "../../modules/vault"
  providers = { aws = aws.second }

  bucket              = yamldecode(local.configuration).vaults.second.bucket
  object_lock         = true
  deletion_protection = var.deletion_protection
}

output "tidemark" {
  description = "What was made."
  value       = module.tidemark
}

output "second_vault" {
  description = "The bucket in the second region."
  value       = module.second_vault.bucket
}
