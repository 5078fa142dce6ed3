output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.vault.bucket
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.vault.arn
}

output "region" {
  description = "Region of the bucket, for the key 'region' of the configuration's vault."
  value       = aws_s3_bucket.vault.region
}
