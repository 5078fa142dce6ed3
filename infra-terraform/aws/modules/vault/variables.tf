variable "bucket" {
  description = "Name of the bucket, unique in all of S3, as the key 'bucket' of the configuration's vault has it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket: expected 3 to 63 of a-z 0-9 - without one at either end, found '${var.bucket}'."
  }
}

variable "versioning" {
  description = "Whether the bucket keeps what is deleted. Tidemark overwrites nothing and needs none; object_lock brings it."
  type        = bool
  default     = false
}

variable "object_lock" {
  description = "Whether objects of this bucket can be locked; only a new bucket can be made so. For how long is said by objectLock in the configuration's vault."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts what comes without a key of its own; S3's own key where null."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn: expected an ARN like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-…, of a key and not of an alias, found '${coalesce(var.kms_key_arn, "null")}'."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete the bucket while it holds anything."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of the bucket."
  type        = map(string)
  default     = {}
}
