# The bucket of the vault in this region. `tidemark vault create` makes the vault in it: what is written once only by
# the operator, no function can write.

module "vault" {
  source = "./modules/vault"
  count  = var.vault == null ? 0 : 1

  bucket              = try(local.vaults[var.vault.name].bucket, "")
  versioning          = var.vault.versioning
  object_lock         = var.vault.object_lock == null ? try(local.vaults[var.vault.name].locked, false) : var.vault.object_lock
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.deletion_protection
  tags                = local.tags
}
