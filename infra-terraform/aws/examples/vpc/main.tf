# Nodes with private addresses: the functions run beside them, and reach AWS by endpoints, without a NAT. An HTTP API
# for callers that sign their requests, a KMS key for everything, alarms by mail.

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

# Stands for the network that the nodes are in already.

resource "aws_vpc" "nodes" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = "nodes" }
}

resource "aws_subnet" "private" {
  for_each = { "eu-central-1a" = "10.20.1.0/24", "eu-central-1b" = "10.20.2.0/24" }

  vpc_id            = aws_vpc.nodes.id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "nodes-${each.key}" }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.nodes.id
  tags   = { Name = "nodes" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  route_table_id = aws_route_table.private.id
  subnet_id      = each.value.id
}

resource "aws_kms_key" "tidemark" {
  description             = "Tidemark's table, queues and vault"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_sns_topic" "alarms" {
  name = "tidemark-alarms"
}

module "tidemark" {
  source = "../.."

  name                = "private"
  configuration       = file("${path.module}/tidemark.yaml")
  functions_zip       = var.functions_zip
  vault               = { name = "main" }
  api                 = { zip = var.api_zip }
  kms_key_arn         = aws_kms_key.tidemark.arn
  alarms              = { topic_arns = [aws_sns_topic.alarms.arn] }
  deletion_protection = var.deletion_protection

  network = {
    vpc_id          = aws_vpc.nodes.id
    subnet_ids      = [for subnet in aws_subnet.private : subnet.id]
    route_table_ids = [aws_route_table.private.id]
    nodes           = [{ cidr = "10.20.0.0/16", from_port = 8101 }]
  }
}

output "tidemark" {
  description = "What was made."
  value       = module.tidemark
}
