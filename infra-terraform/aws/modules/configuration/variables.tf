variable "text" {
  description = "The configuration, as YAML."
  type        = string
}

variable "region" {
  description = "Region of the functions."
  type        = string
}

variable "environment_names" {
  description = "Names of the environment variables that secrets may be in."
  type        = list(string)
  default     = []
}

variable "other_regions" {
  description = "Whether the functions have a way to other regions."
  type        = bool
  default     = true
}

variable "made_vault" {
  description = "The vault whose bucket is made in the functions' region; null where none is."
  type = object({
    name        = string
    object_lock = optional(bool)
  })
  default = null
}
