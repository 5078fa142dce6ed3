# For nodes with private addresses. The functions reach the nodes and AWS, and nothing reaches them.

data "aws_vpc" "nodes" {
  count = var.network == null ? 0 : 1

  id = var.network.vpc_id
}

data "aws_ec2_managed_prefix_list" "gateway" {
  for_each = toset(var.network == null ? [] : ["s3", "dynamodb"])

  name = "com.amazonaws.${local.region}.${each.key}"
}

locals {
  # What only an endpoint in the subnets answers, each paid by the hour. Logs and metrics take Lambda's own way.
  interface_endpoints = try(var.network.endpoints, false) ? concat(
    ["sqs"],
    var.event_bus_arn == null ? [] : ["events"],
    length(local.secrets) == 0 ? [] : ["secretsmanager"],
    length(local.roles) == 0 ? [] : ["sts"],
  ) : []
  gateway_endpoints = try(var.network.endpoints, false) ? ["s3", "dynamodb"] : []
}

resource "aws_security_group" "functions" {
  count = var.network == null ? 0 : 1

  name        = "${local.prefix}-functions"
  description = "Functions of Tidemark ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = merge(local.tags, { Name = "${local.prefix}-functions" })
}

resource "aws_vpc_security_group_egress_rule" "nodes" {
  for_each = {
    for node in try(var.network.nodes, []) : "${node.cidr} ${node.from_port}-${coalesce(node.to_port, node.from_port)}" => node
  }

  security_group_id = aws_security_group.functions[0].id
  description       = "Nodes"
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.from_port
  to_port           = coalesce(each.value.to_port, each.value.from_port)
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "gateway" {
  for_each = data.aws_ec2_managed_prefix_list.gateway

  security_group_id = aws_security_group.functions[0].id
  description       = each.key
  prefix_list_id    = each.value.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

# Endpoints, ours or those that the VPC has, answer from its own addresses.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = var.network == null ? {} : (
    var.network.internet ? { anywhere = "0.0.0.0/0" } : { endpoints = data.aws_vpc.nodes[0].cidr_block }
  )

  security_group_id = aws_security_group.functions[0].id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

resource "aws_security_group" "endpoints" {
  count = length(local.interface_endpoints) == 0 ? 0 : 1

  name        = "${local.prefix}-endpoints"
  description = "Endpoints for Tidemark ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = merge(local.tags, { Name = "${local.prefix}-endpoints" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = length(aws_security_group.endpoints)

  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "Functions"
  referenced_security_group_id = aws_security_group.functions[0].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = local.tags
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(local.gateway_endpoints)

  vpc_id            = var.network.vpc_id
  service_name      = "com.amazonaws.${local.region}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = var.network.route_table_ids
  tags              = merge(local.tags, { Name = "${local.prefix}-${each.key}" })
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(local.interface_endpoints)

  vpc_id              = var.network.vpc_id
  service_name        = "com.amazonaws.${local.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.network.subnet_ids
  security_group_ids  = [aws_security_group.endpoints[0].id]
  private_dns_enabled = true
  tags                = merge(local.tags, { Name = "${local.prefix}-${each.key}" })
}
