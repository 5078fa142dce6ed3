# The bucket of the vault in this region. `tidemark vault create` makes the vault in it: what is written once only by
# the operator, no function can write.

module "vault" {
  source = "./modules/vault"
  count  = can(local.vaults[var.vault.name]) ? 1 : 0

  bucket              = local.vaults[var.vault.name].bucket
  versioning          = var.vault.versioning
  object_lock         = var.vault.object_lock == null ? local.vaults[var.vault.name].locked : var.vault.object_lock
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.deletion_protection
  tags                = local.tags
}
