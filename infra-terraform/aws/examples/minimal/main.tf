# A vault, a nightly backup of nodes with public addresses, and nothing else to decide.

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

variable "deletion_protection" {
  description = "Whether what holds data cannot be destroyed."
  type        = bool
  default     = true
}

provider "aws" {
  region = "eu-central-1"
}

module "tidemark" {
  source = "../.."

  name                = "minimal"
  configuration       = file("${path.module}/tidemark.yaml")
  functions_zip       = var.functions_zip
  vault               = { name = "main" }
  deletion_protection = var.deletion_protection
}

output "tidemark" {
  description = "What was made."
  value       = module.tidemark
}
