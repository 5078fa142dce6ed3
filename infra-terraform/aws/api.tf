# The HTTP API. The gateway finds out who asks; what that one may do is the route's, and goes to the function in a header
# that the gateway replaces in every request.

locals {
  role_header = "X-Tidemark-Role"

  routes = var.api == null ? {} : {
    read  = { key = "GET /{proxy+}", role = "reader", scopes = concat(var.api.read_scopes, var.api.write_scopes) }
    write = { key = "$default", role = var.api.write_role, scopes = var.api.write_scopes }
  }
}

resource "aws_apigatewayv2_api" "api" {
  count = var.api == null ? 0 : 1

  name          = local.prefix
  description   = "Tidemark: HTTP API of ${var.name}"
  protocol_type = "HTTP"
  tags          = local.tags
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = local.routes

  api_id                 = aws_apigatewayv2_api.api[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_alias.api[0].invoke_arn
  payload_format_version = "2.0"
  request_parameters     = { "overwrite:header.${local.role_header}" = each.value.role }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = try(var.api.authorization, "") == "JWT" ? 1 : 0

  api_id           = aws_apigatewayv2_api.api[0].id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.api.issuer
    audience = var.api.audience
  }
}

resource "aws_apigatewayv2_route" "route" {
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.api[0].id
  route_key            = each.value.key
  target               = "integrations/${aws_apigatewayv2_integration.function[each.key].id}"
  authorization_type   = var.api.authorization == "JWT" ? "JWT" : "AWS_IAM"
  authorizer_id        = var.api.authorization == "JWT" ? aws_apigatewayv2_authorizer.jwt[0].id : null
  authorization_scopes = var.api.authorization == "JWT" ? each.value.scopes : null
}

resource "aws_cloudwatch_log_group" "api" {
  count = var.api == null ? 0 : 1

  name              = "/aws/apigateway/${local.prefix}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_apigatewayv2_stage" "default" {
  count = var.api == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.api[0].id
  name        = "$default"
  auto_deploy = true
  tags        = local.tags

  default_route_settings {
    throttling_rate_limit  = var.api.requests_a_second
    throttling_burst_limit = 2 * var.api.requests_a_second
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api[0].arn
    format = jsonencode({
      request = "$context.requestId"
      time    = "$context.requestTime"
      caller  = "$context.identity.userArn"
      subject = "$context.authorizer.claims.sub"
      route   = "$context.routeKey"
      path    = "$context.path"
      status  = "$context.status"
      millis  = "$context.responseLatency"
      error   = "$context.error.message"
    })
  }

  # A deployment that is made between two routes has one of them only.
  depends_on = [aws_apigatewayv2_route.route]
}

resource "aws_lambda_permission" "api" {
  count = var.api == null ? 0 : 1

  statement_id  = "api-gateway"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["api"].function_name
  qualifier     = aws_lambda_alias.api[0].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.api[0].execution_arn}/*"
}
